"""Office files come out as the pages that an office program lays out, or as their text, and that is told."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

import openpyxl
import pytest

from ingestion.adapters.formats.office.converter import LibreOffice
from ingestion.adapters.formats.open_file import open_source
from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.sandbox.limits import ChildLimits
from ingestion.domain.errors import (
    CorruptFile,
    NeedsPassword,
    PolicyViolation,
    ReadingError,
    UnsupportedFile,
    WrongPassword,
)
from ingestion.domain.formats.intake import type_of
from ingestion.domain.formats.office import DOC, DOCX, EPUB, ODP, ODS, ODT, PPT, PPTX, RTF, XLS, XLSX
from ingestion.domain.page.elements import BlockKind, WordSource
from ingestion.domain.page.notes import Note
from ingestion.domain.ports import ReadingOptions, ReadPage
from tests.reading import offices
from workers.renditions import PaperReader

HEADLINE = set(offices.LINES[0].split())
VALUES = {value for row in offices.ROWS for value in row}
KINDS = {
    DOCX: (offices.word, HEADLINE | VALUES),
    XLSX: (offices.workbook, VALUES | {"elsewhere", "17"}),
    PPTX: (offices.slides, HEADLINE | VALUES),
    ODT: (offices.open_text, HEADLINE | VALUES),
    ODS: (offices.open_sheet, VALUES),
    ODP: (offices.open_slides, HEADLINE),
    RTF: (offices.rich_text, HEADLINE | {"Müller"}),
}


@dataclass
class Counted:
    """An office program whose starts are counted."""

    made: list[str] = field(default_factory=list)
    office: LibreOffice = field(default_factory=LibreOffice)

    @property
    def version(self) -> str:
        """Name it."""
        return self.office.version

    def make(self, source: Path, folder: Path, media_type: str, password: str | None = None) -> Path:
        """Make the pages."""
        self.made.append(media_type)
        return self.office.make(source, folder, media_type, password)


def read(reader: PaperReader, folder: Path, content: bytes, media_type: str, password: str = "") -> list[ReadPage]:
    path = folder / "file"
    path.write_bytes(content)
    return list(reader.read(path, folder, ReadingOptions(media_type, password=password or None)))


def drawn(folder: Path, content: bytes, media_type: str, password: str = "") -> set[str]:
    """Give the words of a file as they are drawn without an office program, in this process."""
    path = folder / "file"
    path.write_bytes(content)
    source = open_source(path, media_type, password or None)
    layers = [source.sheet(number).layer for number in range(1, source.total + 1)]
    return {word.text for layer in layers if layer for word in layer.words}


def words(pages: list[ReadPage]) -> set[str]:
    return {word.text for page in pages for word in page.reading.words}


@pytest.fixture
def office(reader: SandboxedPageReader) -> PaperReader:
    """Give a reader with LibreOffice."""
    return PaperReader(reader, LibreOffice())


@pytest.fixture
def plain(reader: SandboxedPageReader) -> PaperReader:
    """Give a reader without an office program."""
    return PaperReader(reader, offices.Absent())


@offices.needs_office
@pytest.mark.parametrize("media_type", KINDS, ids=lambda kind: kind.rpartition(".")[2])
def test_an_office_program_makes_the_pages(office: PaperReader, tmp_path: Path, media_type: str) -> None:
    make, expected = KINDS[media_type]
    pages = read(office, tmp_path, make(), media_type)
    assert words(pages) >= expected
    assert {page.reading.source for page in pages} == {WordSource.NATIVE}
    assert all(page.reading.notes == () for page in pages)
    assert all(0 < word.bbox.y0 < word.bbox.y1 < 1 for page in pages for word in page.reading.words)


@offices.needs_office
@pytest.mark.parametrize(
    ("media_type", "suffix", "source", "expected"),
    [(DOC, "doc", DOCX, HEADLINE), (XLS, "xls", XLSX, VALUES), (PPT, "ppt", PPTX, HEADLINE | VALUES)],
)
def test_old_files_have_pages_too(
    office: PaperReader, tmp_path: Path, media_type: str, suffix: str, source: str, expected: set[str]
) -> None:
    content = offices.converted(KINDS[source][0](), source, suffix, tmp_path)
    assert type_of(content[:4096], content[-65536:], f"old.{suffix}", "") == media_type
    assert words(read(office, tmp_path, content, media_type)) >= expected


@pytest.mark.parametrize("media_type", KINDS, ids=lambda kind: kind.rpartition(".")[2])
def test_without_one_the_text_is_drawn(tmp_path: Path, media_type: str) -> None:
    make, expected = KINDS[media_type]
    assert drawn(tmp_path, make(), media_type) >= expected


def test_that_it_was_drawn_from_its_text_is_told(plain: PaperReader, tmp_path: Path) -> None:
    pages = read(plain, tmp_path, offices.workbook(), XLSX)
    assert pages[0].reading.notes == (Note.PLAIN_LAYOUT.value,)
    table = next(block.table for block in pages[0].reading.blocks if block.kind is BlockKind.TABLE)
    assert table is not None
    assert (table.rows, table.columns) == (3, 2)


def test_without_one_an_old_file_is_refused_in_clear_words(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFile, match="LibreOffice"):
        drawn(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), DOC)


@pytest.mark.parametrize(("media_type", "name"), [(DOCX, "a.docx"), (XLSX, "a.bin"), (PPTX, ""), (ODT, "a.zip")])
def test_a_file_is_told_by_what_it_holds(media_type: str, name: str) -> None:
    content = KINDS[media_type][0]()
    assert type_of(content[:4096], content[-65536:], name, "") == media_type


def test_a_zip_that_holds_an_office_file_is_a_zip() -> None:
    content = offices.zipped({"word/document.docx": offices.word(), "note.txt": b"both"})
    assert type_of(content[:4096], content[-65536:], "a.docx", "") == "application/zip"


@offices.needs_office
def test_what_was_made_once_is_not_made_again(
    reader: SandboxedPageReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.files.storage import default_storage

    from refinery.core.types import BoundingBox

    maker, path = Counted(), tmp_path / "file"
    path.write_bytes(offices.word())
    papers, folder = PaperReader(reader, maker), f"tenants/x/papers/{tmp_path.name}"
    options = ReadingOptions(DOCX, paper=folder)
    asked: list[str] = []
    monkeypatch.setattr("workers.renditions.forget_late_papers", asked.append)
    try:
        (page,) = papers.read(path, tmp_path, options)
        (again,) = papers.read(path, tmp_path, options)
        box = page.reading.words[0].bbox
        found = papers.reread_region(path, 1, BoundingBox(0, max(0, box.y0 - 0.01), 1, box.y1 + 0.01), options)
    finally:
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")
    assert (maker.made, asked) == ([DOCX], [folder])
    assert again.reading.words == page.reading.words
    assert " ".join(word.text for word in found).startswith(offices.LINES[0])


@offices.needs_office
def test_a_password_is_asked_for_and_opens(office: PaperReader, tmp_path: Path) -> None:
    content = offices.locked(offices.word(), "Größe")
    assert type_of(content[:4096], content[-65536:], "a.docx", "") == DOCX
    with pytest.raises(NeedsPassword) as asked:
        read(office, tmp_path, content, DOCX)
    assert asked.value.code == "needs_password"
    with pytest.raises(WrongPassword):
        read(office, tmp_path, content, DOCX, "guess")
    assert words(read(office, tmp_path, content, DOCX, "Größe")) >= VALUES


def test_without_an_office_program_a_password_opens_as_well(tmp_path: Path) -> None:
    content = offices.locked(offices.workbook(), "sesame")
    with pytest.raises(NeedsPassword):
        drawn(tmp_path, content, XLSX)
    with pytest.raises(WrongPassword):
        drawn(tmp_path, content, XLSX, "guess")
    assert drawn(tmp_path, content, XLSX, "sesame") >= VALUES


def test_a_lock_that_is_not_known_is_told(tmp_path: Path) -> None:
    content = offices.open_text(locked="<manifest:encryption-data/>")
    with pytest.raises(UnsupportedFile, match="encrypted"):
        drawn(tmp_path, content, ODT)


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """Give an address on this machine, and what is asked there."""
    asked: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Ear)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def hostile_word(address: str) -> bytes:
    """Write a text with a template elsewhere, pictures elsewhere, and an entity that reads a file."""
    content = offices.word()
    links = offices.member(content, "word/_rels/document.xml.rels")
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
    settings = offices.member(content, "word/settings.xml").replace(
        "<w:view", '<w:attachedTemplate r:id="rId1" xmlns:r="' + kind + '"/><w:view', 1
    )
    body = offices.member(content, "word/document.xml")
    field = (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>INCLUDETEXT "{address}/t.docx"'
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    return offices.with_members(
        content,
        {
            "word/_rels/document.xml.rels": links.replace("</Relationships>", f"{more}</Relationships>").encode(),
            "word/_rels/settings.xml.rels": template.encode(),
            "word/settings.xml": settings.encode(),
            "word/document.xml": body.replace("<w:sectPr", f"{field}<w:sectPr", 1).encode(),
        },
    )


def with_entity(content: bytes, name: str) -> bytes:
    """Let a member of an office file ask for a file of the machine."""
    body = offices.member(content, name)
    head, _, rest = body.partition("?>")
    entity = f'{head}?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{rest}'
    return offices.with_members(content, {name: entity.replace("Payable", "Payable &e;", 1).encode()})


def pointing(address: str) -> bytes:
    """Write an OpenDocument with a picture elsewhere."""
    picture = f"<draw:frame><draw:image xlink:href='{address}/p.png'/></draw:frame>"
    return offices.open_text(f"<text:p>before {picture} after</text:p>")


@offices.needs_office
def test_an_office_program_fetches_nothing(office: PaperReader, tmp_path: Path) -> None:
    with listening() as (address, asked):
        pages = read(office, tmp_path, hostile_word(address), DOCX)
        other = read(office, tmp_path, pointing(address), ODT)
    assert asked == []
    assert words(pages) >= VALUES
    assert {"before", "after"} <= words(other)
    assert not any("root:" in word for word in words(pages))


def test_drawing_a_text_fetches_nothing(tmp_path: Path) -> None:
    with listening() as (address, asked):
        assert drawn(tmp_path, hostile_word(address), DOCX) >= VALUES
        assert {"before", "after"} <= drawn(tmp_path, pointing(address), ODT)
    assert asked == []


@offices.needs_office
def test_an_entity_reads_no_file(office: PaperReader, tmp_path: Path) -> None:
    content = with_entity(offices.word(), "word/document.xml")
    found: set[str] = set()
    with suppress(ReadingError):
        found |= words(read(office, tmp_path, content, DOCX))
    with suppress(ReadingError):
        found |= drawn(tmp_path, content, DOCX)
    assert not any("root:" in word for word in found)


@offices.needs_office
def test_a_macro_does_not_run(office: PaperReader, tmp_path: Path) -> None:
    """It would replace the text as soon as the file is open."""
    macro = (
        '<office:event-listeners xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0">'
        '<script:event-listener script:language="ooo:script" script:event-name="dom:load" '
        'xlink:href="vnd.sun.star.script:Standard.Module1.Main?language=Basic&amp;location=document" '
        'xlink:type="simple"/></office:event-listeners>'
    )
    content = offices.open_text()
    scripts = f"<office:scripts>{macro}</office:scripts><office:body>"
    body = offices.member(content, "content.xml").replace("<office:body>", scripts)
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
        "content.xml": body, "Basic/Standard/Module1.xml": basic, "Basic/Standard/script-lb.xml": library,
        "Basic/script-lc.xml": libraries,
    }  # fmt: skip
    hostile = offices.with_members(content, {name: text.encode() for name, text in members.items()})
    found = words(read(office, tmp_path, hostile, ODT))
    assert found >= HEADLINE
    assert "EVIL" not in found


@offices.needs_office
def test_a_bomb_is_refused_before_it_is_unpacked(office: PaperReader, tmp_path: Path) -> None:
    bomb = offices.with_members(offices.word(), {"word/media/image.bin": bytes(200 * 2**20)})
    with pytest.raises(PolicyViolation):
        read(office, tmp_path, bomb, DOCX)
    with pytest.raises(PolicyViolation):
        drawn(tmp_path, bomb, DOCX)


@offices.needs_office
def test_a_program_at_its_limits_leaves_the_text(reader: SandboxedPageReader, tmp_path: Path) -> None:
    hurried = ChildLimits(page_cpu_seconds=0, life_cpu_seconds=1, open_files=512)
    papers = PaperReader(reader, LibreOffice(limits=hurried))
    pages = read(papers, tmp_path, offices.word(), DOCX)
    assert words(pages) >= VALUES
    assert pages[0].reading.notes == (Note.PLAIN_LAYOUT.value,)


@pytest.mark.parametrize("media_type", [DOCX, XLSX, PPTX, ODT, EPUB])
def test_a_damaged_file_ends_typed(tmp_path: Path, media_type: str) -> None:
    content = offices.book() if media_type == EPUB else KINDS[media_type][0]()
    for broken in (content[: len(content) // 2], b"PK\x03\x04" + bytes(500), b"a letter"):
        with pytest.raises(CorruptFile):
            drawn(tmp_path, broken, media_type)


def test_a_book_is_read_and_its_scripts_are_not(tmp_path: Path) -> None:
    with listening() as (address, asked):
        script = f"<script src='{address}/x.js'>document.write('EVIL')</script><img src='{address}/p.png' alt=''/>"
        content = offices.book(script)
        assert type_of(content[:4096], content[-65536:], "a.epub", "") == EPUB
        found = drawn(tmp_path, content, EPUB)
    assert asked == []
    assert found >= HEADLINE
    assert "EVIL" not in found


@offices.needs_office
@pytest.mark.parametrize(("media_type", "suffix"), [(XLSX, ""), (XLS, "xls"), (ODS, "ods")])
def test_narrow_columns_of_a_workbook_cut_nothing(
    office: PaperReader, tmp_path: Path, media_type: str, suffix: str
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
    content = offices.converted(out.getvalue(), XLSX, suffix, tmp_path) if suffix else out.getvalue()
    found = words(read(office, tmp_path, content, media_type))
    assert {"Freshwater", "Saltwater", "observations", "1234567890123"} <= found
    assert not any("#" in word for word in found)
