"""Pages that a person has turned: drawn as they lie then, with the words where the print is."""

from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.domain.formats.images import PNG
from ingestion.domain.formats.intake import PDF
from ingestion.domain.ports import ReadingOptions, ReadPage
from refinery.core.types import BoundingBox
from tests.reading import papers


def inked(page: ReadPage) -> bool:
    """Say whether each word's box holds print, on the picture that is shown."""
    with Image.open(page.image) as opened:
        picture = opened.convert("L")
    return all(_dark(picture, word.bbox) for word in page.reading.words)


def _dark(picture: Image.Image, box: BoundingBox) -> bool:
    width, height = picture.size
    part = picture.crop((int(box.x0 * width), int(box.y0 * height), round(box.x1 * width), round(box.y1 * height)))
    darkest, lightest = part.getextrema()
    return lightest - darkest > 60  # type: ignore[operator]  # one band


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_of_a_pdf_is_drawn_turned(reader: SandboxedPageReader, tmp_path: Path, quarters: int) -> None:
    """Its text layer goes along; the page before it lies as it did."""
    source = papers.native_pdf(tmp_path / "a.pdf", pages=2)
    options = ReadingOptions(PDF, turns=((2, quarters), (9, 1)))
    first, second = reader.read(source, tmp_path, options)
    upright = (first.reading.width, first.reading.height)
    assert (second.reading.width, second.reading.height) == (upright if quarters == 2 else upright[::-1])
    assert {word.text for word in second.reading.words} == {word.text for word in first.reading.words}
    assert second.reading.source == first.reading.source
    assert inked(first)
    assert inked(second)
    assert second.reading.words[0].bbox != first.reading.words[0].bbox


def test_a_page_that_is_damaged_takes_no_other_along(reader: SandboxedPageReader, tmp_path: Path) -> None:
    """Turned for good it would keep the file from being read ever again."""
    with pymupdf.open(papers.native_pdf(tmp_path / "a.pdf", pages=2)) as document:
        document.update_object(document.page_xref(1), "[]")
        document.save(tmp_path / "b.pdf")
    as_it_is, turned = (
        list(reader.read(tmp_path / "b.pdf", tmp_path, ReadingOptions(PDF, turns=turns)))
        for turns in ((), ((1, 2), (2, 1)))
    )
    assert [page.reading.error for page in turned] == [page.reading.error for page in as_it_is]
    assert turned[0].reading.words


def test_a_picture_on_its_side_is_set_upright(reader: SandboxedPageReader, tmp_path: Path) -> None:
    """It is shown upright then, and a part of it is read again where it stands now."""
    lying = papers.picture(size=(520, 300)).rotate(90, expand=True)
    lying.save(tmp_path / "a.png")
    options = ReadingOptions(PNG, turns=((1, 1),))
    (page,) = reader.read(tmp_path / "a.png", tmp_path, options)
    assert page.reading.width > page.reading.height
    assert page.reading.text.splitlines() == list(papers.LINES)
    assert inked(page)
    first = page.reading.words[0].bbox
    around = BoundingBox(0, max(0.0, first.y0 - 0.02), 1, min(1.0, first.y1 + 0.02))
    words = reader.reread_region(tmp_path / "a.png", 1, around, options)
    assert " ".join(word.text for word in words) == papers.LINES[0]
