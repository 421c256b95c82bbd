"""Pages rotated by a person: drawn in that rotation, with word boxes on the print."""

from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.domain.formats.entries.pdf import PDF
from ingestion.domain.formats.entries.pictures import PNG
from ingestion.domain.ports import ReadingOptions, ReadPage
from refinery.core.types import BoundingBox
from tests.support import page_files


def words_have_ink(page: ReadPage) -> bool:
    """Return whether each word's box contains ink in the displayed image."""
    with Image.open(page.image) as opened:
        picture = opened.convert("L")
    return all(_dark(picture, word.bbox) for word in page.reading.words)


def _dark(picture: Image.Image, box: BoundingBox) -> bool:
    width, height = picture.size
    part = picture.crop((int(box.x0 * width), int(box.y0 * height), round(box.x1 * width), round(box.y1 * height)))
    darkest, lightest = part.getextrema()
    return lightest - darkest > 60  # type: ignore[operator]  # one band


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_rotated_pdf_page_moves_text_layer(reader: SandboxedPageReader, tmp_path: Path, quarters: int) -> None:
    """The text layer is rotated too; the previous page is unchanged."""
    source = page_files.native_pdf(tmp_path / "a.pdf", pages=2)
    options = ReadingOptions(PDF, rotations=((2, quarters), (9, 1)))
    first, second = reader.read(source, tmp_path, options)
    upright = (first.reading.width, first.reading.height)
    assert (second.reading.width, second.reading.height) == (upright if quarters == 2 else upright[::-1])
    assert {word.text for word in second.reading.words} == {word.text for word in first.reading.words}
    assert second.reading.source == first.reading.source
    assert words_have_ink(first)
    assert words_have_ink(second)
    assert second.reading.words[0].bbox != first.reading.words[0].bbox


def test_rotated_damaged_page_does_not_affect_others(reader: SandboxedPageReader, tmp_path: Path) -> None:
    """A failed rotation of one page must not make the file unreadable."""
    with pymupdf.open(page_files.native_pdf(tmp_path / "a.pdf", pages=2)) as document:
        document.update_object(document.page_xref(1), "[]")
        document.save(tmp_path / "b.pdf")
    as_it_is, turned = (
        list(reader.read(tmp_path / "b.pdf", tmp_path, ReadingOptions(PDF, rotations=turns)))
        for turns in ((), ((1, 2), (2, 1)))
    )
    assert [page.reading.error for page in turned] == [page.reading.error for page in as_it_is]
    assert turned[0].reading.words


def test_rotated_image_is_upright_and_regions_follow(reader: SandboxedPageReader, tmp_path: Path) -> None:
    """The image is shown upright, and a region is read at its current position."""
    lying = page_files.text_image(size=(520, 300)).rotate(90, expand=True)
    lying.save(tmp_path / "a.png")
    options = ReadingOptions(PNG, rotations=((1, 1),))
    (page,) = reader.read(tmp_path / "a.png", tmp_path, options)
    assert page.reading.width > page.reading.height
    assert page.reading.text.splitlines() == list(page_files.LINES)
    assert words_have_ink(page)
    first = page.reading.words[0].bbox
    around = BoundingBox(0, max(0.0, first.y0 - 0.02), 1, min(1.0, first.y1 + 0.02))
    words = reader.read_region(tmp_path / "a.png", 1, around, options)
    assert " ".join(word.text for word in words) == page_files.LINES[0]
