"""Builders of office files and e-books for tests, valid and hostile."""

import subprocess
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from pptx.util import Inches

from ingestion.adapters.formats.office.program import libreoffice_path, office_kind
from ingestion.domain.formats.registry import BY_MEDIA_TYPE
from ingestion.domain.ports import RenditionFailed

LINES = ("Invoice 4711 of Hansen Tools", "Payable before December")
ROWS = (("Article", "Price"), ("Hammer", "12.50"), ("Saw", "19.90"))
needs_office = pytest.mark.skipif(office_kind() == "text", reason="LibreOffice or bubblewrap is not here")
_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="{0}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{1}'
    "</manifest:file-entry></manifest:manifest>"
)
_OPEN = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" '
    'office:version="1.3"><office:body>{0}</office:body>'
    "</office:document-content>"
)


@dataclass
class MissingOfficeProgram:
    """PdfRenderer without an installed office program."""

    version: str = "none"

    def render(self, source: Path, folder: Path, media_type: str, password: str | None = None) -> Path:
        """Raise the error of a missing program."""
        raise RenditionFailed


def make_docx() -> bytes:
    """Build a DOCX with a heading and a table."""
    made = docx.Document()
    made.add_heading(LINES[0])
    made.add_paragraph(LINES[1])
    table = made.add_table(len(ROWS), 2, style="Table Grid")
    for place, row in enumerate(ROWS):
        for cell, value in zip(table.rows[place].cells, row, strict=True):
            cell.text = value
    return _saved_bytes(made)


def make_xlsx(formula: str = "") -> bytes:
    """Build a workbook of two sheets, with a formula that has no result below the prices."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Prices"
    for row in ROWS:
        sheet.append(row)
    if formula:
        sheet.append(["Total", formula])
    made.create_sheet("More").append(["elsewhere", 17])
    return _saved_bytes(made)


def make_pptx() -> bytes:
    """Build two slides: a title with text, and a table."""
    made = pptx.Presentation()
    first = made.slides.add_slide(made.slide_layouts[1])
    first.shapes.title.text, first.placeholders[1].text = LINES
    second = made.slides.add_slide(made.slide_layouts[6])
    table = second.shapes.add_table(len(ROWS), 2, Inches(1), Inches(1), Inches(6), Inches(2)).table
    for down, row in enumerate(ROWS):
        for across, value in enumerate(row):
            table.cell(down, across).text = value
    return _saved_bytes(made)


def converted_by_office(content: bytes, media_type: str, suffix: str, folder: Path) -> bytes:
    """Convert a file to a legacy format with LibreOffice."""
    path = folder / f"new{BY_MEDIA_TYPE[media_type].suffixes[0]}"
    path.write_bytes(content)
    start = [str(libreoffice_path()), f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    subprocess.run(
        [*start, "--convert-to", suffix, "--outdir", str(folder), path], check=True, capture_output=True, timeout=120
    )
    return (folder / f"new.{suffix}").read_bytes()


def make_rtf() -> bytes:
    """Build an RTF file that contains an umlaut."""
    return rb"{\rtf1\ansi\ansicpg1252 " + LINES[0].encode() + rb"\par M\'fcller\par " + LINES[1].encode() + b"}"


def make_odt(body: str = "", locked: str = "") -> bytes:
    """Build an OpenDocument text."""
    own = f"<text:h text:outline-level='1'>{LINES[0]}</text:h><text:p>{LINES[1]}</text:p>{_open_document_table()}"
    return _open_document("text", f"<office:text>{body or own}</office:text>", locked)


def make_ods(rows: str = "", shapes: str = "") -> bytes:
    """Build an OpenDocument spreadsheet."""
    table = (
        f"<table:table table:name='Prices'>{shapes}{rows}</table:table>" if rows or shapes else _open_document_table()
    )
    return _open_document("spreadsheet", f"<office:spreadsheet>{table}</office:spreadsheet>")


def make_odp(pages: str = "") -> bytes:
    """Build an OpenDocument presentation."""
    pages = pages or "".join(
        f"<draw:page><draw:frame svg:x='2cm' svg:y='2cm' svg:width='20cm' svg:height='3cm'><draw:text-box>"
        f"<text:p>{line}</text:p></draw:text-box></draw:frame></draw:page>"
        for line in LINES
    )
    return _open_document("presentation", f"<office:presentation>{pages}</office:presentation>")


def make_epub(script: str = "") -> bytes:
    """Build an EPUB of two chapters."""
    container = (
        '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="b.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    items = "".join(f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>' for n in (1, 2))
    spine = '<itemref idref="c1"/><itemref idref="c2"/>'
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    chapter = '<html xmlns="http://www.w3.org/1999/xhtml"><head>{1}</head><body><h1>{0}</h1>{1}</body></html>'
    return zipped(
        {
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": container.encode(),
            "b.opf": package.encode(),
            "c1.xhtml": chapter.format(LINES[0], script).encode(),
            "c2.xhtml": chapter.format(LINES[1], script).encode(),
        }
    )


def encrypted_office_file(content: bytes, password: str) -> bytes:
    """Encrypt an office file as office programs do."""
    out = BytesIO()
    OOXMLFile(BytesIO(content)).encrypt(password, out)
    return out.getvalue()


def with_members(content: bytes, members: dict[str, bytes]) -> bytes:
    """Add members to a ZIP or replace existing ones."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    return zipped(kept | members)


def member(content: bytes, name: str) -> str:
    """Return a member of a ZIP."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.read(name).decode()


def zipped(members: dict[str, bytes]) -> bytes:
    """Build a ZIP whose first member is stored uncompressed, as OpenDocument and EPUB require."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, (name, content) in enumerate(members.items()):
            archive.writestr(name, content, zipfile.ZIP_DEFLATED if place else zipfile.ZIP_STORED)
    return out.getvalue()


def _open_document(kind: str, body: str, locked: str = "") -> bytes:
    media_type = f"application/vnd.oasis.opendocument.{kind}"
    return zipped(
        {
            "mimetype": media_type.encode(),
            "content.xml": _OPEN.format(body).encode(),
            "META-INF/manifest.xml": _MANIFEST.format(media_type, locked).encode(),
        }
    )


def _open_document_table() -> str:
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f"<table:table-cell office:value-type='string'><text:p>{value}</text:p></table:table-cell>" for value in row
        )
        + "</table:table-row>"
        for row in ROWS
    )
    columns = "<table:table-column table:number-columns-repeated='2'/>"
    return f"<table:table table:name='Prices'>{columns}{rows}</table:table>"


def _saved_bytes(made: "docx.document.Document | openpyxl.Workbook | pptx.presentation.Presentation") -> bytes:
    out = BytesIO()
    made.save(out)
    return out.getvalue()
