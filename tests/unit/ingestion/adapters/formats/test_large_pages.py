"""Sheets larger than paper are rendered within bounds, and their print is legible."""

from pathlib import Path

import numpy as np
import pymupdf
import pytest

from ingestion.adapters.formats.open_file import open_source
from ingestion.adapters.formats.page_source import MAX_PIXELS, SourcePage
from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.domain.errors import TooLarge
from ingestion.domain.formats.entries.pdf import PDF
from ingestion.domain.page.elements import WordSource
from ingestion.domain.page.notes import Note
from ingestion.domain.ports import ReadingOptions
from tests.support import page_files


def sheet(
    path: Path,
    size: tuple[float, float],
    *,
    at: tuple[tuple[float, float], ...] = ((72, 100),),
    unit: int = 1,
    rotation: int = 0,
    frame: bool = False,
) -> Path:
    """Write a sheet with the usual lines at some places, in usual size."""
    document = pymupdf.open()
    page = document.new_page(width=size[0], height=size[1])
    page.draw_rect(page.rect, color=None, fill=(0.95, 0.95, 0.95))
    if frame:
        page.draw_rect(page.rect + (20, 20, -20, -20), color=(0, 0, 0))  # noqa: RUF005 - sides of a rectangle
    for x, y in at:
        for row, line in enumerate(page_files.LINES):
            page.insert_text((x, y + 24 * row), line, fontsize=12)
    if unit > 1:
        document.xref_set_key(page.xref, "UserUnit", str(unit))
    page.set_rotation(rotation)
    document.save(path)
    return path


def printed_share(page: SourcePage) -> float:
    """Return the share of words with ink in their boxes."""
    height, width = page.image.shape[:2]
    assert page.layer
    inked = 0
    for word in page.layer.words:
        box = word.bbox
        part = page.image[
            int(box.y0 * height) : int(box.y1 * height) + 1, int(box.x0 * width) : int(box.x1 * width) + 1
        ]
        inked += int(np.ptp(part) > 100)
    return inked / len(page.layer.words)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize(("size", "unit"), [((14_400, 14_400), 1), ((2384, 3370), 1), ((1440, 1440), 10)])
def test_sheet_with_print_in_a_corner_is_cut_to_it(
    tmp_path: Path, size: tuple[float, float], unit: int, rotation: int
) -> None:
    path = sheet(tmp_path / "a.pdf", size, unit=unit, rotation=rotation, at=((300, 500),))
    page = open_source(path, PDF).source_page(1)
    assert Note.CUT_TO_PRINT.value in page.notes
    assert page.layer
    assert " ".join(word.text for word in page.layer.words) == " ".join(page_files.LINES)
    assert printed_share(page) == 1
    assert min(word.bbox.height * page.image.shape[0] for word in page.layer.words) > 12
    assert page.image.shape[0] * page.image.shape[1] <= MAX_PIXELS


@pytest.mark.parametrize(
    ("size", "changes"),
    [
        ((595, 842), {}),
        ((1190, 1684), {}),
        ((2384, 3370), {"frame": True}),
        ((2384, 3370), {"at": ((72, 100), (1900, 3200))}),
    ],
)
def test_sheet_with_print_all_over_is_not_cut(
    tmp_path: Path, size: tuple[float, float], changes: dict[str, object]
) -> None:
    page = open_source(sheet(tmp_path / "a.pdf", size, **changes), PDF).source_page(1)  # type: ignore[arg-type]
    assert page.notes == ()
    height, width = page.image.shape[:2]
    assert height / width == pytest.approx(size[1] / size[0], rel=0.01)


def test_wide_sheet_keeps_its_text_layer(reader: SandboxedPageReader, tmp_path: Path) -> None:
    places = ((72, 100), (13_900, 14_200))
    (page,) = reader.read(sheet(tmp_path / "a.pdf", (14_400, 14_400), at=places), tmp_path, ReadingOptions(PDF))
    assert page.reading.source is WordSource.NATIVE
    assert page.reading.text.splitlines() == list(page_files.LINES) * 2
    assert max(page.reading.width, page.reading.height) == 5000


def test_wide_sheet_with_garbled_layer_is_not_trusted(reader: SandboxedPageReader, tmp_path: Path) -> None:
    wrong = {chr(code): chr(code + 1) for code in range(0x21, 0x7E)}
    path = page_files.pdf_with_font_map(tmp_path / "a.pdf", page_files.LINES, wrong)
    with pymupdf.open(path) as document:
        document[0].set_mediabox(pymupdf.Rect(0, -13_000, 14_400, 842))
        document[0].draw_rect(document[0].rect + (9, 9, -9, -9))  # noqa: RUF005 - sides of a rectangle
        document.save(tmp_path / "b.pdf")
    (page,) = reader.read(tmp_path / "b.pdf", tmp_path, ReadingOptions(PDF))
    assert page.reading.source is not WordSource.NATIVE


def test_sheet_of_impossible_size_is_refused(tmp_path: Path) -> None:
    source = open_source(sheet(tmp_path / "a.pdf", (50_000, 500)), PDF)
    with pytest.raises(TooLarge):
        source.source_page(1)
