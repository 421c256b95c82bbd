"""Words placed in lines on a page, in an unreliable order, as an OCR engine returns them."""

import random
from collections.abc import Iterable, Sequence

from ingestion.domain.layout.analysis import PageLayout, analyze_layout
from ingestion.domain.page.elements import Block, BlockKind, Table, Word, WordSource
from ingestion.domain.page.marks import NO_MARKS, PageMarks
from refinery.core.types import BoundingBox

ASPECT = 1.414
WIDE, HIGH = 0.0095, 0.012
STEP = 0.016  # distance between lines


def place_text(text: str, x: float, y: float, *, size: float = 1.0) -> list[Word]:
    """Place a line of text with its top left corner at x, y."""
    words, at = [], x
    for token in text.split():
        width = len(token) * WIDE * size
        box = BoundingBox.clipped(at, y, at + width, y + HIGH * size)
        words.append(Word(token, box, 0.95, WordSource.RAPIDOCR, 0))
        at += width + 0.6 * WIDE * size
    return words


def place_lines(lines: Iterable[str], x: float, y: float, *, size: float = 1.0) -> list[Word]:
    """Place lines below each other."""
    return [word for row, line in enumerate(lines) for word in place_text(line, x, y + row * STEP * size, size=size)]


def place_rows(rows: Iterable[Sequence[str]], xs: Sequence[float], y: float, *, step: float = STEP) -> list[Word]:
    """Place rows of cells; an empty cell has no word."""
    return [
        word
        for down, row in enumerate(rows)
        for x, cell in zip(xs, row, strict=True)
        for word in place_text(cell, x, y + down * step)
    ]


def horizontal_rule(x0: float, x1: float, y: float) -> BoundingBox:
    """Return a horizontal rule."""
    return BoundingBox(x0, y, x1, y + 0.001)


def vertical_rule(x: float, y0: float, y1: float) -> BoundingBox:
    """Return a vertical rule."""
    return BoundingBox(x, y0, x + 0.001, y1)


def analyzed(words: Sequence[Word], marks: PageMarks = NO_MARKS, seed: int = 7) -> PageLayout:
    """Analyse shuffled words, and check that none is lost, duplicated or in two blocks."""
    mixed = list(words)
    random.Random(seed).shuffle(mixed)  # noqa: S311 - a fixed order that is not the right one
    layout = analyze_layout(mixed, aspect=ASPECT, marks=marks)
    assert sorted(_identity(word) for word in layout.words) == sorted(_identity(word) for word in words)
    homes = [block for block in layout.blocks if block.kind is not BlockKind.CHECK_BOX]
    assert [index for block in homes for index in range(block.start, block.stop)] == list(range(len(words)))
    for block in homes:
        if block.table:
            assert [i for cell in block.table.cells for i in range(cell.start, cell.stop)] == list(
                range(block.start, block.stop)
            )
            assert_covered(block.table)
    return layout


def _identity(word: Word) -> tuple[str, tuple[float, ...]]:
    return word.text, tuple(word.bbox.as_list())


def assert_covered(table: Table) -> None:
    """Check that the table's cells cover each position exactly once."""
    places = [
        (cell.row + down, cell.column + right)
        for cell in table.cells
        for down in range(cell.row_span)
        for right in range(cell.column_span)
    ]
    assert sorted(places) == [(row, column) for row in range(table.rows) for column in range(table.columns)]


def text_of(layout: PageLayout, block: Block) -> str:
    """Return a block's words in order."""
    return " ".join(word.text for word in layout.words[block.start : block.stop])


def kinds_and_texts(layout: PageLayout) -> list[tuple[str, str]]:
    """Return each block's kind and text, in reading order."""
    return [(block.kind.value, text_of(layout, block)) for block in layout.blocks]


def of_kind(layout: PageLayout, kind: BlockKind) -> list[Block]:
    """Return the blocks of a kind."""
    return [block for block in layout.blocks if block.kind is kind]


def only_table(layout: PageLayout) -> Table:
    """Return the page's only table."""
    found = [block.table for block in layout.blocks if block.table]
    assert len(found) == 1
    return found[0]


def cells_of(layout: PageLayout) -> dict[tuple[int, int], str]:
    """Return the text of each cell of the page's only table by (row, column)."""
    return {
        (cell.row, cell.column): " ".join(word.text for word in layout.words[cell.start : cell.stop])
        for cell in only_table(layout).cells
    }
