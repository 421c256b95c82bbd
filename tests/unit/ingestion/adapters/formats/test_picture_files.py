"""Files that hold pictures and no text are read from the pictures; none is refused as empty."""

from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from docx.shared import Inches
from openpyxl.drawing.image import Image as WorkbookPicture
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image, ImageDraw

from ingestion.adapters.formats.office.converter import LibreOfficeRenderer
from ingestion.adapters.formats.open_file import open_source
from ingestion.adapters.formats.page_source import SourcePage
from ingestion.adapters.formats.text.embedded_pictures import picture_html, picture_pages
from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.domain.errors import EmptyFile
from ingestion.domain.formats.entries.office import DOCX, ODP, ODS, ODT, PPTX, RTF, XLSX
from ingestion.domain.formats.entries.texts import HTML
from ingestion.domain.page.elements import WordSource
from ingestion.domain.ports import ReadingOptions
from tests.support import office_files
from workers.renditions import RenderingReader

SIZE = (1240, 1754)
FRAME = "<draw:frame svg:width='12cm' svg:height='17cm'><draw:image xlink:href='Pictures/scan.png'/></draw:frame>"


def scan(kind: str = "PNG", size: tuple[int, int] = SIZE) -> bytes:
    """Draw a page with two lines of text."""
    page = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(page)
    for line, text in enumerate(("INVOICE 4711", "Total EUR 84.00")):
        pen.text((size[0] // 10, size[1] // 8 * (line + 1)), text, fill="black", font_size=size[0] // 20)
    out = BytesIO()
    page.save(out, kind)
    return out.getvalue()


def saved(made: object) -> bytes:
    out = BytesIO()
    made.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def slides(kind: str = "PNG") -> bytes:
    made = pptx.Presentation()
    made.slides.add_slide(made.slide_layouts[6]).shapes.add_picture(BytesIO(scan(kind)), 0, 0, height=made.slide_height)
    return saved(made)


def text_document() -> bytes:
    made = docx.Document()
    made.add_picture(BytesIO(scan()), width=Inches(5))
    return saved(made)


def workbook() -> bytes:
    made = openpyxl.Workbook()
    assert isinstance(made.active, Worksheet)
    made.active.add_image(WorkbookPicture(BytesIO(scan())))
    return saved(made)


def rich_text() -> bytes:
    settings = rb"{\*\picprop}\picw1240\pich1754\picwgoal8000\pichgoal11000 "
    return rb"{\rtf1\ansi{\pict\pngblip" + settings + scan().hex().encode() + b"}}"


def web_page() -> bytes:
    return f"<html><body>{picture_html(scan())}</body></html>".encode()


def open_document(content: bytes) -> bytes:
    return office_files.with_members(content, {"Pictures/scan.png": scan()})


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "pptx": (PPTX, slides),
    "pptx with a JPEG": (PPTX, partial(slides, "JPEG")),
    "pptx with a TIFF": (PPTX, partial(slides, "TIFF")),
    "docx": (DOCX, text_document),
    "xlsx": (XLSX, workbook),
    "rtf": (RTF, rich_text),
    "odt": (ODT, lambda: open_document(office_files.make_odt(f"<text:p>{FRAME}</text:p>"))),
    "odp": (ODP, lambda: open_document(office_files.make_odp(f"<draw:page>{FRAME}</draw:page>"))),
    "ods": (ODS, lambda: open_document(office_files.make_ods(shapes=f"<table:shapes>{FRAME}</table:shapes>"))),
    "html": (HTML, web_page),
}


def only_page(folder: Path, content: bytes, media_type: str) -> SourcePage:
    (folder / "file").write_bytes(content)
    source = open_source(folder / "file", media_type)
    assert source.page_count == 1
    return source.source_page(1)


@pytest.mark.parametrize("name", FILES)
def test_file_of_a_picture_is_a_page_of_its_pixels(tmp_path: Path, name: str) -> None:
    media_type, make = FILES[name]
    page = only_page(tmp_path, make(), media_type)
    height, width = page.image.shape[:2]
    assert (page.scanned, page.layer) == (True, None)
    assert abs(width - SIZE[0]) <= 2
    assert abs(height - SIZE[1]) <= 2
    assert 0.001 < (page.image.min(axis=2) < 128).mean() < 0.1


@pytest.mark.parametrize("name", ["pptx", "odp"])
def test_slides_of_pictures_are_read(reader: SandboxedPageReader, tmp_path: Path, name: str) -> None:
    media_type, make = FILES[name]
    (tmp_path / "file").write_bytes(make())
    rendering_reader = RenderingReader(reader, office_files.MissingOfficeProgram())
    (page,) = rendering_reader.read(tmp_path / "file", tmp_path, ReadingOptions(media_type))
    assert page.reading.source is not WordSource.NATIVE
    assert {"INVOICE", "4711", "84.00"} <= {word.text for word in page.reading.words}


@office_files.needs_office
def test_slides_of_pictures_are_read_as_rendered(reader: SandboxedPageReader, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(slides())
    rendering_reader = RenderingReader(reader, LibreOfficeRenderer())
    (page,) = rendering_reader.read(tmp_path / "file", tmp_path, ReadingOptions(PPTX))
    assert {"4711", "84.00"} <= {word.text for word in page.reading.words}


def test_slides_with_text_and_picture_keep_both(tmp_path: Path) -> None:
    made = pptx.Presentation()
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = "Attached"
    slide.shapes.add_picture(BytesIO(scan()), 0, 0, height=Inches(3))
    page = only_page(tmp_path, saved(made), PPTX)
    assert page.layer is not None
    assert [word.text for word in page.layer.words] == ["Attached"]
    below = page.image[int(page.layer.words[0].bbox.y1 * page.image.shape[0]) + 10 :]
    assert (below.min(axis=2) < 128).any()


@pytest.mark.parametrize("make", [lambda: saved(pptx.Presentation()), lambda: saved(docx.Document())])
def test_file_without_text_and_pictures_is_empty(tmp_path: Path, make: Callable[[], bytes]) -> None:
    content = make()
    with pytest.raises(EmptyFile):
        only_page(tmp_path, content, PPTX if b"ppt/presentation" in content else DOCX)


def test_picture_html_of_large_picture_is_smaller() -> None:
    shown = picture_html(scan("TIFF", (4000, 5000)))
    assert shown.startswith('<p><img src="data:image/jpeg;base64,')
    assert len(shown) < 2**20


def test_picture_html_of_unreadable_picture_is_its_description() -> None:
    assert picture_html(b"\x01\0\0\0 no picture") == ""
    assert picture_html(b"", "a <chart>") == "<p>a &lt;chart&gt;</p>"


def test_picture_pages_leave_out_logos() -> None:
    assert picture_pages([picture_html(scan(size=(90, 60))), "<p>no picture</p>"]) is None
