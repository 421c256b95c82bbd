"""Loose words become a page: blocks in the order of reading, lines, tables, and what marks beside them mean."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from ingestion.domain.layout.draft_blocks import Draft, DraftCell
from ingestion.domain.layout.mark_blocks import is_letter, label_of, led_by
from ingestion.domain.layout.page_blocks import drafts_of
from ingestion.domain.layout.plane import Plane, Token
from ingestion.domain.layout.script_direction import in_script_order
from ingestion.domain.page.elements import Block, BlockKind, Cell, Table, Word
from ingestion.domain.page.marks import NO_MARKS, PageMarks, bounded
from refinery.core.types import BoundingBox

_PRINT = (BlockKind.TITLE, BlockKind.PARAGRAPH, BlockKind.LIST, BlockKind.HEADER, BlockKind.FOOTER)


@dataclass(frozen=True, slots=True)
class Layout:
    """A page's words in reading order with their lines numbered, and the blocks they form."""

    words: tuple[Word, ...]
    blocks: tuple[Block, ...]


def arrange(words: Sequence[Word], *, aspect: float, marks: PageMarks = NO_MARKS) -> Layout:
    """Order the words of an upright page; `aspect` is its height divided by its width.

    Words on one level make one line, however far apart, for a label and its value belong together; only what a
    gutter divides (columns of running text, text with lines of its own, boxes) is read one after the other.
    """
    plane, marks = Plane(aspect, marks.lean), bounded(marks)
    tokens = [
        Token(*plane.corners(word.bbox), index, word.text, word.bbox in marks.bold, word.confidence)
        for index, word in enumerate(words)
        if word.text
    ]
    led = led_by([plane.area(box) for box in marks.bullets], tokens)
    tokens = [replace(token, led=token.index in led) for token in tokens] if led else tokens
    drafts = in_script_order(drafts_of(tokens, marks, plane))
    page = _Page(words, plane)
    blocks = [page.add(draft) for draft in drafts]
    return Layout(tuple(page.ordered), tuple(_with_boxes(blocks, tokens, marks, page)))


class _Page:
    """A page being written down, block after block."""

    def __init__(self, words: Sequence[Word], plane: Plane) -> None:
        self.ordered: list[Word] = []
        self.place: dict[int, int] = {}
        self.plane = plane
        self._words = words
        self._lines = 0

    def add(self, draft: Draft) -> Block:
        """Write down a block's words, its lines counted on."""
        start, tokens = len(self.ordered), draft.tokens
        line_of = {t.index: n for n, row in enumerate(draft.lines, self._lines) for s in row for t in s.tokens}
        self._lines += len(draft.lines)
        for place, token in enumerate(tokens, start):
            self.place[token.index] = place
            self.ordered.append(replace(self._words[token.index], line=line_of[token.index]))
        stop = len(self.ordered)
        table = self._table(draft, start) if draft.grid else None
        boxes = [word.bbox for word in self.ordered[start:stop]]
        own = draft.kind in (BlockKind.TABLE, BlockKind.FIGURE, BlockKind.STAMP, BlockKind.SIGNATURE)
        box = self.plane.box(draft) if own or not boxes else reduce(BoundingBox.union, boxes)
        return Block(draft.kind, reduce(BoundingBox.union, boxes, box), start, stop, table)

    def _table(self, draft: Draft, start: int) -> Table | None:
        cells, at = [], start
        if draft.grid is None:
            return None
        for cell in draft.grid.cells:
            cells.append(self._cell(cell, at))
            at += len(cell.tokens)
        return Table(draft.grid.rows, draft.grid.columns, tuple(cells))

    def _cell(self, cell: DraftCell, start: int) -> Cell:
        box = self.plane.box(cell)
        stop = start + len(cell.tokens)
        return Cell(cell.row, cell.column, box, start, stop, cell.row_span, cell.column_span)


def _with_boxes(blocks: list[Block], tokens: Sequence[Token], marks: PageMarks, page: _Page) -> list[Block]:
    """Put check boxes behind the blocks that hold their labels; one without a label stands alone at the end."""
    boxes = [(mark, page.plane.area(mark.bbox)) for mark in marks.boxes]
    boxes = [(mark, area) for mark, area in boxes if not is_letter(area, tokens)]
    areas = [area for _, area in boxes]
    behind: dict[int, list[Block]] = {}
    for mark, area in boxes:
        places = sorted(
            page.place[token.index] for token in label_of(area, tokens, areas) if token.index in page.place
        )
        start = places[0] if places else len(page.ordered)
        run = 1
        while run < len(places) and places[run] == start + run:
            run += 1
        stop = start + run if places else start
        home = next((n for n, block in enumerate(blocks) if block.start <= start < block.stop), len(blocks) - 1)
        behind.setdefault(home, []).append(
            Block(BlockKind.CHECK_BOX, mark.bbox, start, stop, checked=mark.checked)
        )
    made = [*behind.get(-1, ())]
    for number, block in enumerate(blocks):
        made += [block, *sorted(behind.get(number, ()), key=lambda box: box.start)]
    return made


def page_confidence(words: Sequence[Word]) -> float:
    """Give the expected share of right words: the mean of calibrated chances; 1 for a page without words."""
    return sum(word.confidence for word in words) / len(words) if words else 1.0


def confidence_after(confidence: float, before: Sequence[Word], after: Sequence[Word]) -> float:
    """Give a page's confidence when its words were weighed anew: it moves as their mean chance does."""
    return min(max(confidence + page_confidence(after) - page_confidence(before), 0.0), 1.0)


def moved(layout: Layout, place: Callable[[BoundingBox], BoundingBox]) -> Layout:
    """Give the same layout at another place: back from the straightened picture to the page."""
    words = tuple(replace(word, bbox=place(word.bbox)) for word in layout.words)
    blocks = []
    for block in layout.blocks:
        boxes = [word.bbox for word in words[block.start : block.stop]]
        box = reduce(BoundingBox.union, boxes) if boxes and block.kind in _PRINT else place(block.bbox)
        table = block.table and replace(
            block.table, cells=tuple(replace(cell, bbox=place(cell.bbox)) for cell in block.table.cells)
        )
        blocks.append(replace(block, bbox=box, table=table))
    return Layout(words, tuple(blocks))
