"""Words set in lines on a page, as an engine would find them: in no order worth trusting."""

import random
from collections.abc import Iterable, Sequence

from ingestion.domain.layout.analysis import Layout, arrange
from ingestion.domain.page.elements import Block, BlockKind, Table, Word, WordSource
from ingestion.domain.page.marks import NO_MARKS, PageMarks
from refinery.core.types import BoundingBox

ASPECT = 1.414
WIDE, HIGH = 0.0095, 0.012
STEP = 0.016  # from line to line


def put(text: str, x: float, y: float, *, size: float = 1.0) -> list[Word]:
    """Set a line of text with its left top corner at x, y."""
    words, at = [], x
    for token in text.split():
        width = len(token) * WIDE * size
        box = BoundingBox.clipped(at, y, at + width, y + HIGH * size)
        words.append(Word(token, box, 0.95, WordSource.RAPIDOCR, 0))
        at += width + 0.6 * WIDE * size
    return words


def put_lines(lines: Iterable[str], x: float, y: float, *, size: float = 1.0) -> list[Word]:
    """Set lines one below the other."""
    return [word for row, line in enumerate(lines) for word in put(line, x, y + row * STEP * size, size=size)]


def put_rows(rows: Iterable[Sequence[str]], xs: Sequence[float], y: float, *, step: float = STEP) -> list[Word]:
    """Set rows of cells; an empty cell has no word."""
    return [
        word
        for down, row in enumerate(rows)
        for x, cell in zip(xs, row, strict=True)
        for word in put(cell, x, y + down * step)
    ]


def lying(x0: float, x1: float, y: float) -> BoundingBox:
    """Draw a rule from left to right."""
    return BoundingBox(x0, y, x1, y + 0.001)


def upright(x: float, y0: float, y1: float) -> BoundingBox:
    """Draw a rule from top to bottom."""
    return BoundingBox(x, y0, x + 0.001, y1)


def laid(words: Sequence[Word], marks: PageMarks = NO_MARKS, seed: int = 7) -> Layout:
    """Arrange words that come in no order, and see that none is lost, doubled, or in two blocks."""
    mixed = list(words)
    random.Random(seed).shuffle(mixed)  # noqa: S311 - a fixed order that is not the right one
    layout = arrange(mixed, aspect=ASPECT, marks=marks)
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
    """See that a table's cells cover each of its places once."""
    places = [
        (cell.row + down, cell.column + right)
        for cell in table.cells
        for down in range(cell.row_span)
        for right in range(cell.column_span)
    ]
    assert sorted(places) == [(row, column) for row in range(table.rows) for column in range(table.columns)]


def text_of(layout: Layout, block: Block) -> str:
    """Give a block's words in their order."""
    return " ".join(word.text for word in layout.words[block.start : block.stop])


def told(layout: Layout) -> list[tuple[str, str]]:
    """Give each block's kind and words, in the order of reading."""
    return [(block.kind.value, text_of(layout, block)) for block in layout.blocks]


def of_kind(layout: Layout, kind: BlockKind) -> list[Block]:
    """Give the blocks of a kind."""
    return [block for block in layout.blocks if block.kind is kind]


def the_table(layout: Layout) -> Table:
    """Give the page's only table."""
    found = [block.table for block in layout.blocks if block.table]
    assert len(found) == 1
    return found[0]


def cells_of(layout: Layout) -> dict[tuple[int, int], str]:
    """Give the text of each cell of the page's only table, by its row and column."""
    return {
        (cell.row, cell.column): " ".join(word.text for word in layout.words[cell.start : cell.stop])
        for cell in the_table(layout).cells
    }
