"""Fonts that map a few glyphs to wrong characters are found by OCR, corrected and reported."""

from pathlib import Path

import pytest

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.domain.formats.entries.pdf import PDF
from ingestion.domain.page.elements import WordSource
from ingestion.domain.page.notes import Note
from ingestion.domain.ports import ReadingOptions, ReadPage
from tests.support import page_files

LINES = (
    "Larkfield Components Invoice",
    "Coupling rods 3 150.00 450.00",
    "Drive shafts 12 68.75 825.00",
    "Subtotal of goods 1275.00",
    "Total amount payable 1530.00",
)
NEXT_DIGIT = {digit: str((int(digit) + 1) % 10) for digit in "0123456789"}


def read(reader: SandboxedPageReader, path: Path, folder: Path) -> list[ReadPage]:
    return list(reader.read(path, folder, ReadingOptions(PDF)))


@pytest.mark.parametrize(
    "wrong",
    [NEXT_DIGIT, {"1": "7", "8": "3"}, {"7": "1", "1": "7"}, {"0": "3", "5": "9"}, {"a": "x", "l": "k", "o": "p"}],
)
@pytest.mark.parametrize("rotation", [0, 90])
def test_reader_corrects_wrong_characters(
    reader: SandboxedPageReader, tmp_path: Path, wrong: dict[str, str], rotation: int
) -> None:
    path = page_files.pdf_with_font_map(tmp_path / "a.pdf", LINES, wrong, rotation=rotation)
    (page,) = read(reader, path, tmp_path)
    assert page.reading.text.splitlines() == list(LINES)
    assert page.reading.source is WordSource.NATIVE
    assert page.reading.notes == (Note.FONT_MAP_CORRECTED.value,)


def test_reader_corrects_later_pages_as_well(reader: SandboxedPageReader, tmp_path: Path) -> None:
    path = page_files.pdf_with_font_map(tmp_path / "a.pdf", LINES, NEXT_DIGIT, pages=3)
    pages = read(reader, path, tmp_path)
    assert [page.reading.text.splitlines() for page in pages] == [list(LINES)] * 3
    assert {page.reading.notes for page in pages} == {(Note.FONT_MAP_CORRECTED.value,)}


def test_reader_corrects_page_of_figures(reader: SandboxedPageReader, tmp_path: Path) -> None:
    lines = ("1250.00 3725.50 4180.75", "6912.40 7035.60 8246.90", "1593.70 2604.80 9318.25", "5467.35 3079.15 1820.45")
    path = page_files.pdf_with_font_map(tmp_path / "a.pdf", lines, NEXT_DIGIT)
    (page,) = read(reader, path, tmp_path)
    assert page.reading.text.splitlines() == list(lines)
    assert page.reading.notes == (Note.FONT_MAP_CORRECTED.value,)


def test_reader_leaves_right_characters(reader: SandboxedPageReader, tmp_path: Path) -> None:
    path = page_files.pdf_with_font_map(tmp_path / "a.pdf", LINES, {})
    (page,) = read(reader, path, tmp_path)
    assert page.reading.text.splitlines() == list(LINES)
    assert page.reading.notes == ()
    assert min(word.confidence for word in page.reading.words) > 0.99
