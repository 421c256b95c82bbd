"""Layout analysis of one page: words become lines, tables and blocks in reading order, with marks assigned to them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import reduce

from ingestion.domain.layout.draft_blocks import BlockDraft, CellDraft
from ingestion.domain.layout.mark_blocks import bulleted_tokens, check_box_label, is_printed_letter
from ingestion.domain.layout.page_blocks import block_drafts
from ingestion.domain.layout.plane import Plane, Token
from ingestion.domain.layout.script_direction import ORDER_CONFIDENCE, apply_script_direction
from ingestion.domain.page.elements import Block, BlockKind, Cell, Table, Word
from ingestion.domain.page.marks import NO_MARKS, PageMarks, limit_marks
from refinery.core.types import BoundingBox

_PRINT = (BlockKind.TITLE, BlockKind.PARAGRAPH, BlockKind.LIST, BlockKind.HEADER, BlockKind.FOOTER)


@dataclass(frozen=True, slots=True)
class PageLayout:
    """Words of a page in reading order with their lines numbered, and the blocks they form."""

    words: tuple[Word, ...]
    blocks: tuple[Block, ...]


def analyze_layout(words: Sequence[Word], *, aspect: float, marks: PageMarks = NO_MARKS) -> PageLayout:
    """Order the words of an upright page; `aspect` is its height divided by its width.

    Words on one level form one line, however far apart, because a label and its value belong together. Only what
    a gutter divides (columns of running text, text with independent lines, boxes) is read one after the other.
    """
    plane, marks = Plane(aspect, marks.skew_degrees), limit_marks(marks)
    tokens = [
        Token(*plane.corners(word.bbox), index, word.text, word.bbox in marks.bold, word.confidence)
        for index, word in enumerate(words)
        if word.text
    ]
    bulleted = bulleted_tokens([plane.area(box) for box in marks.bullets], tokens)
    tokens = [replace(token, after_bullet=token.index in bulleted) for token in tokens] if bulleted else tokens
    drafts, uncertain = apply_script_direction(block_drafts(tokens, marks, plane))
    page = _LayoutBuilder(_with_limited_confidence(words, uncertain), plane)
    blocks = [page.add(draft) for draft in drafts]
    return PageLayout(tuple(page.ordered), tuple(_with_boxes(blocks, tokens, marks, page)))


def _with_limited_confidence(words: Sequence[Word], uncertain: Collection[int]) -> Sequence[Word]:
    """Return the words with less confidence where their order is uncertain."""
    if not uncertain:
        return words
    return [
        replace(word, confidence=min(word.confidence, ORDER_CONFIDENCE)) if index in uncertain else word
        for index, word in enumerate(words)
    ]


class _LayoutBuilder:
    """Builder of a page's layout, block by block."""

    def __init__(self, words: Sequence[Word], plane: Plane) -> None:
        self.ordered: list[Word] = []
        self.place: dict[int, int] = {}
        self.plane = plane
        self._words = words
        self._lines = 0

    def add(self, draft: BlockDraft) -> Block:
        """Append a block's words, continuing the line count."""
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

    def _table(self, draft: BlockDraft, start: int) -> Table | None:
        cells, at = [], start
        if draft.grid is None:
            return None
        for cell in draft.grid.cells:
            cells.append(self._cell(cell, at))
            at += len(cell.tokens)
        return Table(draft.grid.rows, draft.grid.columns, tuple(cells))

    def _cell(self, cell: CellDraft, start: int) -> Cell:
        box = self.plane.box(cell)
        stop = start + len(cell.tokens)
        return Cell(cell.row, cell.column, box, start, stop, cell.row_span, cell.column_span)


def _with_boxes(blocks: list[Block], tokens: Sequence[Token], marks: PageMarks, page: _LayoutBuilder) -> list[Block]:
    """Insert check boxes after the blocks that contain their labels; those without a label come at the end."""
    boxes = [(mark, page.plane.area(mark.bbox)) for mark in marks.check_boxes]
    boxes = [(mark, area) for mark, area in boxes if not is_printed_letter(area, tokens)]
    areas = [area for _, area in boxes]
    behind: dict[int, list[Block]] = {}
    for mark, area in boxes:
        places = sorted(
            page.place[token.index] for token in check_box_label(area, tokens, areas) if token.index in page.place
        )
        start = places[0] if places else len(page.ordered)
        run = 1
        while run < len(places) and places[run] == start + run:
            run += 1
        stop = start + run if places else start
        home = next((n for n, block in enumerate(blocks) if block.start <= start < block.stop), len(blocks) - 1)
        behind.setdefault(home, []).append(Block(BlockKind.CHECK_BOX, mark.bbox, start, stop, checked=mark.checked))
    made = [*behind.get(-1, ())]
    for number, block in enumerate(blocks):
        made += [block, *sorted(behind.get(number, ()), key=lambda box: box.start)]
    return made


def mean_word_confidence(words: Sequence[Word]) -> float:
    """Return the expected share of correct words: the mean of calibrated probabilities; 1 for a page without words."""
    return sum(word.confidence for word in words) / len(words) if words else 1.0


def adjusted_page_confidence(confidence: float, before: Sequence[Word], after: Sequence[Word]) -> float:
    """Return a page's confidence after its words were rescored: it changes as their mean probability does."""
    return min(max(confidence + mean_word_confidence(after) - mean_word_confidence(before), 0.0), 1.0)


def map_layout(layout: PageLayout, to_page: Callable[[BoundingBox], BoundingBox]) -> PageLayout:
    """Return the same layout in other coordinates: from the deskewed image back to the page."""
    words = tuple(replace(word, bbox=to_page(word.bbox)) for word in layout.words)
    blocks = []
    for block in layout.blocks:
        boxes = [word.bbox for word in words[block.start : block.stop]]
        box = reduce(BoundingBox.union, boxes) if boxes and block.kind in _PRINT else to_page(block.bbox)
        table = block.table and replace(
            block.table, cells=tuple(replace(cell, bbox=to_page(cell.bbox)) for cell in block.table.cells)
        )
        blocks.append(replace(block, bbox=box, table=table))
    return PageLayout(words, tuple(blocks))
