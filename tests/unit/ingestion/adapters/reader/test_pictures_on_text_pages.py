"""Pictures on a page with a text layer are read when they have print on them, and nothing is read twice."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pymupdf
import pytest
from PIL import Image, ImageDraw, ImageOps

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.domain.formats.entries.pdf import PDF
from ingestion.domain.page.elements import BlockKind, WordSource
from ingestion.domain.page.notes import Note
from ingestion.domain.ports import ReadingOptions, ReadPage
from tests.support import page_files

RECEIPT = ("Valve seats 360.00", "Gasket kit 140.00", "Total GBP 600.00")
LONG_RECEIPT = (*RECEIPT, *(f"Item {number} of the list 12.50" for number in range(12)))


def read(reader: SandboxedPageReader, path: Path, folder: Path, **changes: object) -> ReadPage:
    (page,) = reader.read(path, folder, ReadingOptions(PDF, **changes))  # type: ignore[arg-type]
    return page


def receipt(lines: tuple[str, ...] = RECEIPT) -> Image.Image:
    return page_files.text_image(lines, size=(700, 60 + 70 * len(lines)), height=40)


def test_reader_merges_words_of_a_pasted_receipt(reader: SandboxedPageReader, tmp_path: Path) -> None:
    path = page_files.pdf_with_picture(tmp_path / "a.pdf", receipt(), (72, 300, 422, 435))
    page = read(reader, path, tmp_path).reading
    assert page.text.splitlines() == [*page_files.LINES, *RECEIPT]
    assert [word.source for word in page.words] == [WordSource.NATIVE] * 11 + [WordSource.RAPIDOCR] * 9
    assert page.source is WordSource.NATIVE
    assert 0.5 < page.confidence < 0.995
    total = page.words[-1].bbox
    assert 300 / 842 < total.y0 < total.y1 < 435 / 842
    assert 72 / 595 < total.x0 < total.x1 < 422 / 595
    assert page.notes == ()
    assert all(block.kind is not BlockKind.FIGURE for block in page.blocks)


@pytest.mark.parametrize(
    ("draw", "place"),
    [
        (lambda: ImageOps.invert(receipt()), (72, 300, 322, 396)),
        (lambda: receipt().rotate(90, expand=True), (72, 300, 207, 650)),
        (lambda: receipt().rotate(3, expand=True, fillcolor="white"), (72, 300, 422, 450)),
    ],
    ids=["negative", "sideways", "tilted"],
)
def test_reader_reads_picture_in_any_position(
    reader: SandboxedPageReader,
    tmp_path: Path,
    draw: Callable[[], Image.Image],
    place: tuple[float, float, float, float],
) -> None:
    page = read(reader, page_files.pdf_with_picture(tmp_path / "a.pdf", draw(), place), tmp_path).reading
    assert sorted(page.text.split()) == sorted(" ".join((*page_files.LINES, *RECEIPT)).split())


def test_reader_joins_strips_of_one_picture(reader: SandboxedPageReader, tmp_path: Path) -> None:
    picture = receipt()
    with pymupdf.open() as document:
        page = document.new_page(width=595, height=842)
        page.insert_text((72, 60), "Cover letter", fontsize=12)
        for place in range(9):
            part = picture.crop((0, 30 * place, 700, 30 * place + 30))
            page.insert_image(pymupdf.Rect(72, 300 + 15 * place, 422, 315 + 15 * place), stream=_png(part))
        document.save(tmp_path / "a.pdf")
    reading = read(reader, tmp_path / "a.pdf", tmp_path).reading
    assert reading.text.splitlines() == ["Cover letter", *RECEIPT]


def test_reader_of_mostly_scanned_page_names_the_engine(reader: SandboxedPageReader, tmp_path: Path) -> None:
    picture = receipt(LONG_RECEIPT)
    path = page_files.pdf_with_picture(tmp_path / "a.pdf", picture, (60, 100, 480, 766), lines=("Received 2026-05-14",))
    page = read(reader, path, tmp_path).reading
    assert page.text.splitlines() == ["Received 2026-05-14", *LONG_RECEIPT]
    assert page.source is WordSource.RAPIDOCR


def test_reader_does_not_double_text_printed_on_a_picture(reader: SandboxedPageReader, tmp_path: Path) -> None:
    form = Image.new("RGB", (700, 300), (235, 240, 250))
    path = page_files.pdf_with_picture(tmp_path / "a.pdf", form, (60, 40, 400, 186), below=True)
    page = read(reader, path, tmp_path).reading
    assert page.text.splitlines() == list(page_files.LINES)
    place, lines = (60, 42, 520, 219), ("", "", "", "", "End")
    path = page_files.pdf_with_picture(tmp_path / "b.pdf", receipt(), place, lines=lines, below=True)
    page = read(reader, path, tmp_path).reading
    assert page.text.split().count("End") == 1
    assert page.text.split().count("600.00") == 1


def photograph() -> Image.Image:
    """Draw smooth surfaces with grain, as of a landscape."""
    random = np.random.default_rng(3)
    rows = np.linspace(60, 200, 400)[:, None] + 30 * np.sin(np.linspace(0, 9, 600))[None, :]
    return Image.fromarray(np.clip(rows + random.normal(0, 12, (400, 600)), 0, 255).astype(np.uint8)).convert("RGB")


def chart() -> Image.Image:
    """Draw bars."""
    picture = Image.new("RGB", (600, 400), "white")
    pen = ImageDraw.Draw(picture)
    for place in range(10):
        pen.rectangle((30 + 55 * place, 380 - 30 * place, 60 + 55 * place, 390), fill=(20, 90, 160))
    return picture


@pytest.mark.parametrize("draw", [photograph, chart])
def test_reader_keeps_picture_without_print_as_figure(
    reader: SandboxedPageReader, tmp_path: Path, draw: Callable[[], Image.Image]
) -> None:
    path = page_files.pdf_with_picture(tmp_path / "a.pdf", draw(), (72, 300, 422, 533))
    page = read(reader, path, tmp_path).reading
    assert page.text.splitlines() == list(page_files.LINES)
    assert [block.kind for block in page.blocks].count(BlockKind.FIGURE) == 1
    assert page.notes == ()


def test_reader_without_engine_notes_unread_picture(reader: SandboxedPageReader, tmp_path: Path) -> None:
    path = page_files.pdf_with_picture(tmp_path / "a.pdf", receipt(), (72, 300, 422, 435))
    page = read(reader, path, tmp_path, engines=()).reading
    assert page.text.splitlines() == list(page_files.LINES)
    assert page.notes == (Note.PICTURE_UNREAD.value,)


def test_reader_of_more_pictures_than_it_reads_notes_it(reader: SandboxedPageReader, tmp_path: Path) -> None:
    path = page_files.pdf_with_picture(tmp_path / "a.pdf", receipt(), (40, 200, 280, 293))
    with pymupdf.open(path) as document:
        for place in range(1, 6):
            left, top = 40 + 280 * (place % 2), 200 + 150 * (place // 2)
            document[0].insert_image(pymupdf.Rect(left, top, left + 240, top + 93), stream=_png(receipt()))
        document.save(tmp_path / "b.pdf")
    page = read(reader, tmp_path / "b.pdf", tmp_path).reading
    assert page.notes == (Note.PICTURE_UNREAD.value,)
    assert page.text.split().count("600.00") == 4


def _png(picture: Image.Image) -> bytes:
    made = BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()
