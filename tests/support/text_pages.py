"""Pages laid out from text, with characters of equal width: wide gaps separate columns."""

import re
from dataclasses import dataclass

from ingestion.domain.extraction import extract_fields
from ingestion.domain.layout.analysis import analyze_layout
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.page.elements import PageReading, Word, WordSource
from ingestion.domain.schemas.fields import ExtractedField, SchemaSpec
from refinery.core.types import BoundingBox


@dataclass(frozen=True, slots=True)
class TextGrid:
    """Place of each character on a page.

    The measures are fractions of a page of `page_size`, or pixels of a page that is as large as its text.
    `spacing` is the distance of two lines as a multiple of `line`; `gap` is the space after a word's last character.
    """

    margin: float
    column: float
    line: float
    letter: float
    spacing: float = 1
    gap: float = 0
    page_size: tuple[int, int] | None = None


FITTED_GRID = TextGrid(margin=20, column=10, line=24, letter=16, gap=2)
FIXED_GRID = TextGrid(margin=0.05, column=0.01, line=0.02, letter=0.02, spacing=1.5, page_size=(1240, 1754))
DENSE_GRID = TextGrid(margin=0.05, column=0.01, line=0.02, letter=0.012, page_size=(1240, 1754))


def page_from_text(
    text: str,
    *,
    number: int = 1,
    source: WordSource = WordSource.RAPIDOCR,
    confidence: float = 0.98,
    grid: TextGrid = FITTED_GRID,
    blocks: bool = False,
) -> PageReading:
    """Return a page laid out as in `text`, arranged in blocks if `blocks` is true.

    A page that is as large as its text begins with the first line that is not empty.
    """
    lines = (text if grid.page_size else text.strip("\n")).splitlines()
    width, height = grid.page_size or _fitted_size(lines, grid)
    scale_x, scale_y = (1, 1) if grid.page_size else (width, height)
    words = []
    for row, line in enumerate(lines):
        top = grid.margin + row * grid.spacing * grid.line
        for hit in re.finditer(r"\S+", line):
            left, right = (grid.margin + at * grid.column for at in hit.span())
            box = BoundingBox.clipped(
                left / scale_x, top / scale_y, (right - grid.gap) / scale_x, (top + grid.letter) / scale_y
            )
            words.append(Word(hit[0], box, confidence, source, row))
    if blocks:
        layout = analyze_layout(words, aspect=height / width)
        return PageReading(number, width, height, source, confidence, layout.words, layout.blocks)
    return PageReading(number, width, height, source, confidence, tuple(words))


def native_page(text: str, *, number: int = 1) -> PageReading:
    """Lay out `text` as a page of a digital document, arranged in blocks."""
    return page_from_text(text, number=number, source=WordSource.NATIVE, grid=DENSE_GRID, blocks=True)


def _fitted_size(lines: list[str], grid: TextGrid) -> tuple[int, int]:
    """Return the width and height in pixels of a page as large as `lines`."""
    width = int(max(len(line) for line in lines) * grid.column + 2 * grid.margin)
    return width, max(int(len(lines) * grid.line + 2 * grid.margin), int(width * 1.3))


def fields_of(text: str, schema: SchemaSpec, **kwargs: object) -> dict[str, ExtractedField]:
    """Lay out `text` and return the schema's fields found on it, by name."""
    page = page_from_text(text, **kwargs)  # type: ignore[arg-type]
    return {field.name: field for field in extract_fields(build_document_rows([page]), schema)}


def normalized(text: str, schema: SchemaSpec) -> dict[str, str]:
    """Lay out `text` and return the normalised values found."""
    return {name: field.normalized for name, field in fields_of(text, schema).items()}
