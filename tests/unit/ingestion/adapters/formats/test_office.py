"""Office files become pages laid out by an office program, or else their text on pages marked as such."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.shared import Inches

from ingestion.adapters.formats.office.converter import LibreOfficeRenderer
from ingestion.adapters.formats.office.precheck import check_and_unlock
from ingestion.adapters.formats.open_file import open_source
from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.sandbox.limits import SandboxLimits
from ingestion.domain.errors import (
    CorruptFile,
    NeedsPassword,
    PolicyViolation,
    ReadingError,
    UnsupportedFile,
    WrongPassword,
)
from ingestion.domain.formats.entries.office import DOC, DOCX, EPUB, ODP, ODS, ODT, PPT, PPTX, RTF, XLS, XLSX
from ingestion.domain.formats.entries.texts import TXT
from ingestion.domain.formats.intake import detect_media_type
from ingestion.domain.formats.registry import BY_MEDIA_TYPE, OFFICE, ZIPPED_OFFICE
from ingestion.domain.page.elements import BlockKind, WordSource
from ingestion.domain.page.notes import Note
from ingestion.domain.ports import ReadingOptions, ReadPage, RenditionPending
from tests.support import office_files
from workers.renditions import RenderingReader

HEADLINE = set(office_files.LINES[0].split())
VALUES = {value for row in office_files.ROWS for value in row}
KINDS = {
    DOCX: (office_files.make_docx, HEADLINE | VALUES),
    XLSX: (office_files.make_xlsx, VALUES | {"elsewhere", "17"}),
    PPTX: (office_files.make_pptx, HEADLINE | VALUES),
    ODT: (office_files.make_odt, HEADLINE | VALUES),
    ODS: (office_files.make_ods, VALUES),
    ODP: (office_files.make_odp, HEADLINE),
    RTF: (office_files.make_rtf, HEADLINE | {"Müller"}),
}


@dataclass
class CountingOfficeProgram:
    """Office program that counts its starts."""

    starts: list[str] = field(default_factory=list)
    program: LibreOfficeRenderer = field(default_factory=LibreOfficeRenderer)

    @property
    def version(self) -> str:
        """Return its version."""
        return self.program.version

    def render(self, source: Path, folder: Path, media_type: str, password: str | None = None) -> Path:
        """Render the pages."""
        self.starts.append(media_type)
        return self.program.render(source, folder, media_type, password)


def read(reader: RenderingReader, folder: Path, content: bytes, media_type: str, password: str = "") -> list[ReadPage]:
    path = folder / "file"
    path.write_bytes(content)
    return list(reader.read(path, folder, ReadingOptions(media_type, password=password or None)))


def words_without_office(folder: Path, content: bytes, media_type: str, password: str = "") -> set[str]:
    """Return the words of a file drawn without an office program, in this process."""
    path = folder / "file"
    path.write_bytes(content)
    source = open_source(path, media_type, password or None)
    layers = [source.source_page(number).layer for number in range(1, source.page_count + 1)]
    return {word.text for layer in layers if layer for word in layer.words}


def words(pages: list[ReadPage]) -> set[str]:
    return {word.text for page in pages for word in page.reading.words}


@pytest.fixture
def reader_with_office(reader: SandboxedPageReader) -> RenderingReader:
    """Return a reader with LibreOffice."""
    return RenderingReader(reader, LibreOfficeRenderer())


@pytest.fixture
def reader_without_office(reader: SandboxedPageReader) -> RenderingReader:
    """Return a reader without an office program."""
    return RenderingReader(reader, office_files.MissingOfficeProgram())


@office_files.needs_office
@pytest.mark.parametrize("media_type", KINDS, ids=lambda kind: kind.rpartition(".")[2])
def test_office_program_renders_pages(reader_with_office: RenderingReader, tmp_path: Path, media_type: str) -> None:
    make, expected = KINDS[media_type]
    pages = read(reader_with_office, tmp_path, make(), media_type)
    assert words(pages) >= expected
    assert {page.reading.source for page in pages} == {WordSource.NATIVE}
    assert all(page.reading.notes == () for page in pages)
    assert all(0 < word.bbox.y0 < word.bbox.y1 < 1 for page in pages for word in page.reading.words)


@office_files.needs_office
@pytest.mark.parametrize(
    ("media_type", "suffix", "source", "expected"),
    [(DOC, "doc", DOCX, HEADLINE), (XLS, "xls", XLSX, VALUES), (PPT, "ppt", PPTX, HEADLINE | VALUES)],
)
def test_legacy_office_files_are_rendered(
    reader_with_office: RenderingReader, tmp_path: Path, media_type: str, suffix: str, source: str, expected: set[str]
) -> None:
    content = office_files.converted_by_office(KINDS[source][0](), source, suffix, tmp_path)
    assert detect_media_type(content[:4096], content[-65536:], f"old.{suffix}", "") == media_type
    assert words(read(reader_with_office, tmp_path, content, media_type)) >= expected


@pytest.mark.parametrize("media_type", KINDS, ids=lambda kind: kind.rpartition(".")[2])
def test_office_text_is_drawn_without_office_program(tmp_path: Path, media_type: str) -> None:
    make, expected = KINDS[media_type]
    assert words_without_office(tmp_path, make(), media_type) >= expected


def test_office_text_drawing_is_noted(reader_without_office: RenderingReader, tmp_path: Path) -> None:
    pages = read(reader_without_office, tmp_path, office_files.make_xlsx(), XLSX)
    assert pages[0].reading.notes == (Note.PLAIN_LAYOUT.value,)
    table = next(block.table for block in pages[0].reading.blocks if block.kind is BlockKind.TABLE)
    assert table is not None
    assert (table.rows, table.columns) == (3, 2)


def test_docx_header_footer_and_text_box_are_drawn_without_office_program(tmp_path: Path) -> None:
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "Larkfield Components Ltd"
    made.sections[0].footer.add_table(1, 1, Inches(4)).cell(0, 0).text = "VAT-ID GB123456789"
    box = "<w:r {}><w:pict><v:shape><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    names = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    inside = "<w:p><w:r><w:t>Total GBP: 84.00</w:t></w:r></w:p>"
    made.add_paragraph("Please pay.")._p.append(parse_xml(box.format(names, inside)))
    made.sections[0].header.add_paragraph("Norwich ")._p.append(parse_xml(box.format(names, inside)))
    path = tmp_path / "file"
    made.save(str(path))
    layer = open_source(path, DOCX).source_page(1).layer
    assert layer is not None
    assert " ".join(word.text for word in layer.words) == (
        "Larkfield Components Ltd Norwich Total GBP: 84.00 Please pay. Total GBP: 84.00 VAT-ID GB123456789"
    )


def test_legacy_office_file_without_office_program_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFile, match="LibreOffice"):
        words_without_office(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), DOC)


def test_office_file_waits_while_office_program_is_being_installed(reader: SandboxedPageReader, tmp_path: Path) -> None:
    states = [True, False]
    rendering_reader = RenderingReader(reader, office_files.MissingOfficeProgram(), lambda: states.pop(0))
    with pytest.raises(RenditionPending):
        read(rendering_reader, tmp_path, office_files.make_docx(), DOCX)
    assert words(read(rendering_reader, tmp_path, office_files.make_docx(), DOCX)) >= HEADLINE
    assert words(read(rendering_reader, tmp_path, b"a letter", TXT)) == {"a", "letter"}
    assert states == []


@pytest.mark.parametrize(("media_type", "name"), [(DOCX, "a.docx"), (XLSX, "a.bin"), (PPTX, ""), (ODT, "a.zip")])
def test_office_type_is_detected_by_content(media_type: str, name: str) -> None:
    content = KINDS[media_type][0]()
    assert detect_media_type(content[:4096], content[-65536:], name, "") == media_type


def test_zip_containing_office_file_is_zip() -> None:
    content = office_files.zipped({"word/document.docx": office_files.make_docx(), "note.txt": b"both"})
    assert detect_media_type(content[:4096], content[-65536:], "a.docx", "") == "application/zip"


@office_files.needs_office
def test_pdf_rendition_is_reused(reader: SandboxedPageReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.files.storage import default_storage

    from refinery.core.types import BoundingBox

    maker, path = CountingOfficeProgram(), tmp_path / "file"
    path.write_bytes(office_files.make_docx())
    rendering_reader, folder = RenderingReader(reader, maker), f"tenants/x/renditions/{tmp_path.name}"
    options = ReadingOptions(DOCX, rendition_key=folder)
    asked: list[str] = []
    monkeypatch.setattr("workers.renditions.delete_orphaned_renditions", asked.append)
    try:
        (page,) = rendering_reader.read(path, tmp_path, options)
        (again,) = rendering_reader.read(path, tmp_path, options)
        box = page.reading.words[0].bbox
        found = rendering_reader.read_region(path, 1, BoundingBox(0, max(0, box.y0 - 0.01), 1, box.y1 + 0.01), options)
    finally:
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")
    assert (maker.starts, asked) == ([DOCX], [folder])
    assert again.reading.words == page.reading.words
    assert " ".join(word.text for word in found).startswith(office_files.LINES[0])


@office_files.needs_office
def test_encrypted_office_file_opens_with_password(reader_with_office: RenderingReader, tmp_path: Path) -> None:
    content = office_files.encrypted_office_file(office_files.make_docx(), "Größe")
    assert detect_media_type(content[:4096], content[-65536:], "a.docx", "") == DOCX
    with pytest.raises(NeedsPassword) as asked:
        read(reader_with_office, tmp_path, content, DOCX)
    assert asked.value.code == "needs_password"
    with pytest.raises(WrongPassword):
        read(reader_with_office, tmp_path, content, DOCX, "guess")
    assert words(read(reader_with_office, tmp_path, content, DOCX, "Größe")) >= VALUES


def test_encrypted_office_file_without_office_program_opens(tmp_path: Path) -> None:
    content = office_files.encrypted_office_file(office_files.make_xlsx(), "sesame")
    with pytest.raises(NeedsPassword):
        words_without_office(tmp_path, content, XLSX)
    with pytest.raises(WrongPassword):
        words_without_office(tmp_path, content, XLSX, "guess")
    assert words_without_office(tmp_path, content, XLSX, "sesame") >= VALUES


def test_unknown_office_encryption_is_reported(tmp_path: Path) -> None:
    content = office_files.make_odt(locked="<manifest:encryption-data/>")
    with pytest.raises(UnsupportedFile, match="encrypted"):
        words_without_office(tmp_path, content, ODT)


def test_zipped_office_types_are_those_whose_files_are_zip_packages() -> None:
    zipped = {kind for kind, (make, _) in KINDS.items() if make().startswith(b"PK")}
    assert zipped < ZIPPED_OFFICE
    assert {kind for kind in (*OFFICE, EPUB) if BY_MEDIA_TYPE[kind].example.startswith(b"PK")} == ZIPPED_OFFICE
    assert not ZIPPED_OFFICE & {RTF, DOC, XLS, PPT}


@pytest.mark.parametrize("media_type", sorted(ZIPPED_OFFICE))
def test_zipped_office_file_when_bomb_or_encrypted_is_refused(tmp_path: Path, media_type: str) -> None:
    """The check covers every registered type of ZIP packages, without a list of its own."""
    path = tmp_path / "file"
    path.write_bytes(office_files.with_members(office_files.make_odt(), {"image.bin": bytes(200 * 2**20)}))
    with pytest.raises(PolicyViolation):
        check_and_unlock(path, media_type)
    path.write_bytes(office_files.make_odt(locked="<manifest:encryption-data/>"))
    with pytest.raises(UnsupportedFile, match="encrypted"):
        check_and_unlock(path, media_type)


@contextmanager
def listening_address() -> Iterator[tuple[str, list[str]]]:
    """Yield an address on this machine and the requests that it receives."""
    asked: list[str] = []

    class RequestRecorder(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    server = HTTPServer(("127.0.0.1", 0), RequestRecorder)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def docx_with_remote_content(address: str) -> bytes:
    """Build a text with a remote template, remote images, and an entity that reads a file."""
    content = office_files.make_docx()
    links = office_files.member(content, "word/_rels/document.xml.rels")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    more = "".join(
        f'<Relationship Id="rIdX{n}" Type="{kind}/image" Target="{target}" TargetMode="External"/>'
        for n, target in enumerate((f"{address}/picture.png", "file:///etc/passwd"))
    )
    template = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kind}/attachedTemplate" Target="{address}/evil.dotm" '
        'TargetMode="External"/></Relationships>'
    )
    settings = office_files.member(content, "word/settings.xml").replace(
        "<w:view", '<w:attachedTemplate r:id="rId1" xmlns:r="' + kind + '"/><w:view', 1
    )
    body = office_files.member(content, "word/document.xml")
    field = (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>INCLUDETEXT "{address}/t.docx"'
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    return office_files.with_members(
        content,
        {
            "word/_rels/document.xml.rels": links.replace("</Relationships>", f"{more}</Relationships>").encode(),
            "word/_rels/settings.xml.rels": template.encode(),
            "word/settings.xml": settings.encode(),
            "word/document.xml": body.replace("<w:sectPr", f"{field}<w:sectPr", 1).encode(),
        },
    )


def with_external_entity(content: bytes, name: str) -> bytes:
    """Add an entity that refers to a local file to a member of an office file."""
    body = office_files.member(content, name)
    head, _, rest = body.partition("?>")
    entity = f'{head}?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{rest}'
    return office_files.with_members(content, {name: entity.replace("Payable", "Payable &e;", 1).encode()})


def odt_with_remote_image(address: str) -> bytes:
    """Build an OpenDocument text with a remote image."""
    picture = f"<draw:frame><draw:image xlink:href='{address}/p.png'/></draw:frame>"
    return office_files.make_odt(f"<text:p>before {picture} after</text:p>")


@office_files.needs_office
def test_office_program_makes_no_network_request(reader_with_office: RenderingReader, tmp_path: Path) -> None:
    with listening_address() as (address, asked):
        pages = read(reader_with_office, tmp_path, docx_with_remote_content(address), DOCX)
        other = read(reader_with_office, tmp_path, odt_with_remote_image(address), ODT)
    assert asked == []
    assert words(pages) >= VALUES
    assert {"before", "after"} <= words(other)
    assert not any("root:" in word for word in words(pages))


def test_text_drawing_makes_no_network_request(tmp_path: Path) -> None:
    with listening_address() as (address, asked):
        assert words_without_office(tmp_path, docx_with_remote_content(address), DOCX) >= VALUES
        assert {"before", "after"} <= words_without_office(tmp_path, odt_with_remote_image(address), ODT)
    assert asked == []


@office_files.needs_office
def test_xml_entity_reads_no_file(reader_with_office: RenderingReader, tmp_path: Path) -> None:
    content = with_external_entity(office_files.make_docx(), "word/document.xml")
    found: set[str] = set()
    with suppress(ReadingError):
        found |= words(read(reader_with_office, tmp_path, content, DOCX))
    with suppress(ReadingError):
        found |= words_without_office(tmp_path, content, DOCX)
    assert not any("root:" in word for word in found)


@office_files.needs_office
def test_macro_is_not_executed(reader_with_office: RenderingReader, tmp_path: Path) -> None:
    """The macro would replace the text when the file is opened."""
    macro = (
        '<office:event-listeners xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0">'
        '<script:event-listener script:language="ooo:script" script:event-name="dom:load" '
        'xlink:href="vnd.sun.star.script:Standard.Module1.Main?language=Basic&amp;location=document" '
        'xlink:type="simple"/></office:event-listeners>'
    )
    content = office_files.make_odt()
    scripts = f"<office:scripts>{macro}</office:scripts><office:body>"
    body = office_files.member(content, "content.xml").replace("<office:body>", scripts)
    basic = (
        '<?xml version="1.0"?><script:module xmlns:script="http://openoffice.org/2000/script" '
        'script:name="Module1" script:language="StarBasic">Sub Main\n'
        'ThisComponent.Text.String = "EVIL"\nEnd Sub</script:module>'
    )
    library = (
        '<?xml version="1.0"?><library:library xmlns:library="http://openoffice.org/2000/library" '
        'library:name="Standard" library:readonly="false" library:passwordprotected="false">'
        '<library:element library:name="Module1"/></library:library>'
    )
    libraries = (
        '<?xml version="1.0"?><library:libraries xmlns:library="http://openoffice.org/2000/library">'
        '<library:library library:name="Standard" library:link="false"/></library:libraries>'
    )
    members = {
        "content.xml": body,
        "Basic/Standard/Module1.xml": basic,
        "Basic/Standard/script-lb.xml": library,
        "Basic/script-lc.xml": libraries,
    }
    hostile = office_files.with_members(content, {name: text.encode() for name, text in members.items()})
    found = words(read(reader_with_office, tmp_path, hostile, ODT))
    assert found >= HEADLINE
    assert "EVIL" not in found


@office_files.needs_office
def test_office_zip_bomb_is_refused_before_unpacking(reader_with_office: RenderingReader, tmp_path: Path) -> None:
    bomb = office_files.with_members(office_files.make_docx(), {"word/media/image.bin": bytes(200 * 2**20)})
    with pytest.raises(PolicyViolation):
        read(reader_with_office, tmp_path, bomb, DOCX)
    with pytest.raises(PolicyViolation):
        words_without_office(tmp_path, bomb, DOCX)


@office_files.needs_office
def test_office_program_at_its_limits_falls_back_to_text(reader: SandboxedPageReader, tmp_path: Path) -> None:
    hurried = SandboxLimits(page_cpu_seconds=0, total_cpu_seconds=1, open_files=512)
    rendering_reader = RenderingReader(reader, LibreOfficeRenderer(limits=hurried))
    pages = read(rendering_reader, tmp_path, office_files.make_docx(), DOCX)
    assert words(pages) >= VALUES
    assert pages[0].reading.notes == (Note.PLAIN_LAYOUT.value,)


@pytest.mark.parametrize("media_type", [DOCX, XLSX, PPTX, ODT, EPUB])
def test_damaged_office_file_raises_typed_error(tmp_path: Path, media_type: str) -> None:
    content = office_files.make_epub() if media_type == EPUB else KINDS[media_type][0]()
    for broken in (content[: len(content) // 2], b"PK\x03\x04" + bytes(500), b"a letter"):
        with pytest.raises(CorruptFile):
            words_without_office(tmp_path, broken, media_type)


def test_epub_is_read_without_scripts(tmp_path: Path) -> None:
    with listening_address() as (address, asked):
        script = f"<script src='{address}/x.js'>document.write('EVIL')</script><img src='{address}/p.png' alt=''/>"
        content = office_files.make_epub(script)
        assert detect_media_type(content[:4096], content[-65536:], "a.epub", "") == EPUB
        found = words_without_office(tmp_path, content, EPUB)
    assert asked == []
    assert found >= HEADLINE
    assert "EVIL" not in found


@office_files.needs_office
@pytest.mark.parametrize(("media_type", "suffix"), [(XLSX, ""), (XLS, "xls"), (ODS, "ods")])
def test_narrow_workbook_columns_keep_their_text(
    reader_with_office: RenderingReader, tmp_path: Path, media_type: str, suffix: str
) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["Freshwater observations", "Saltwater observations", 1234567890123])
    sheet.append([datetime(2024, 2, 29, 13, 45)])  # noqa: DTZ001 - a workbook's dates have no zone
    sheet.column_dimensions["A"].width = sheet.column_dimensions["C"].width = 5
    sheet.column_dimensions["B"].hidden = False
    out = BytesIO()
    made.save(out)
    content = office_files.converted_by_office(out.getvalue(), XLSX, suffix, tmp_path) if suffix else out.getvalue()
    found = words(read(reader_with_office, tmp_path, content, media_type))
    assert {"Freshwater", "Saltwater", "observations", "1234567890123"} <= found
    assert not any("#" in word for word in found)
