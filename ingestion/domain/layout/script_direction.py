"""Right-to-left scripts: their lines begin at the right edge, Latin text within them is read from left to right.

Words come in visual order, from left to right. This is the Unicode bidirectional algorithm for whole words, in its
two levels: the line's direction, and runs of the other direction inside.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from ingestion.domain.layout.draft_blocks import BlockDraft, CellDraft
from ingestion.domain.layout.plane import Row, Segment, Token
from ingestion.domain.page.scripts import RTL_SCRIPT

_LTR_SCRIPT = re.compile(r"[^\W\d_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


def apply_script_direction(drafts: Sequence[BlockDraft]) -> Sequence[BlockDraft]:
    """Return the blocks with the words of each line in the order in which its script is read."""
    if not any(RTL_SCRIPT.search(token.text) for draft in drafts for token in draft.tokens):
        return drafts
    return [_reorder_block(draft) for draft in drafts]


def _reorder_block(draft: BlockDraft) -> BlockDraft:
    if draft.grid is None:
        return replace(draft, lines=tuple(_reorder_row(row) for row in draft.lines))
    cells = tuple(_reorder_cell(cell) for cell in draft.grid.cells)
    return replace(draft, grid=replace(draft.grid, cells=cells))


def _reorder_row(row: Row) -> Row:
    tokens = [token for segment in row for token in segment.tokens]
    ordered = order_line_tokens(tokens)
    return row if ordered == tokens else (Segment.of(ordered),)


def _reorder_cell(cell: CellDraft) -> CellDraft:
    return replace(cell, tokens=tuple(token for line in _lines(cell.tokens) for token in order_line_tokens(line)))


def _lines(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """Split a cell's words into lines: a new line begins where the next word is farther left."""
    line: list[Token] = []
    for token in tokens:
        if line and token.x0 < line[-1].x0:
            yield line
            line = []
        line.append(token)
    yield line


def order_line_tokens(tokens: Sequence[Token]) -> list[Token]:
    """Order one line's words; the input is from left to right."""
    rtl = [bool(RTL_SCRIPT.search(token.text)) for token in tokens]
    if not any(rtl):
        return list(tokens)
    runs = [[token for token, _ in run] for _, run in groupby(zip(tokens, rtl, strict=True), key=lambda pair: pair[1])]
    if not _is_rtl_line(tokens):
        return [token for run in runs for token in (run[::-1] if RTL_SCRIPT.search(run[0].text) else run)]
    return [token for run in reversed(runs) for token in (run if _is_latin(run) else run[::-1])]


def _is_rtl_line(tokens: Sequence[Token]) -> bool:
    """Return a line's base direction: that of both its ends, otherwise that of most of its letters."""
    scores = [len(RTL_SCRIPT.findall(token.text)) - len(_LTR_SCRIPT.findall(token.text)) for token in tokens]
    strong = [score for score in scores if score]
    ends = {score > 0 for score in (strong[0], strong[-1])} if strong else set()
    return ends == {True} if len(ends) == 1 else sum(scores) > 0


def _is_latin(run: Sequence[Token]) -> bool:
    """Return whether a run has left-to-right words, possibly with numbers, and not only numbers and signs."""
    return any(_LTR_SCRIPT.search(token.text) for token in run)
