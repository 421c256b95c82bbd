"""Script that runs from right to left: its lines begin at their right edge, what is Latin within them does not.

Words come from left to right, as they stand. This is the Unicode algorithm for whole words, in its two levels: the
line's own direction, and runs of the other one inside.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from ingestion.domain.layout.draft_blocks import Draft, DraftCell
from ingestion.domain.layout.plane import Row, Segment, Token
from ingestion.domain.page.scripts import LEFTWARD

_RIGHTWARD = re.compile(r"[^\W\d_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


def in_script_order(drafts: Sequence[Draft]) -> Sequence[Draft]:
    """Give the blocks with the words of each line in the order in which its script is read."""
    if not any(LEFTWARD.search(token.text) for draft in drafts for token in draft.tokens):
        return drafts
    return [_turned(draft) for draft in drafts]


def _turned(draft: Draft) -> Draft:
    if draft.grid is None:
        return replace(draft, lines=tuple(_turned_row(row) for row in draft.lines))
    cells = tuple(_turned_cell(cell) for cell in draft.grid.cells)
    return replace(draft, grid=replace(draft.grid, cells=cells))


def _turned_row(row: Row) -> Row:
    tokens = [token for segment in row for token in segment.tokens]
    ordered = read_along(tokens)
    return row if ordered == tokens else (Segment.of(ordered),)


def _turned_cell(cell: DraftCell) -> DraftCell:
    return replace(cell, tokens=tuple(token for line in _lines(cell.tokens) for token in read_along(line)))


def _lines(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """Part a cell's words into lines: a new one begins where the next word stands farther left."""
    line: list[Token] = []
    for token in tokens:
        if line and token.x0 < line[-1].x0:
            yield line
            line = []
        line.append(token)
    yield line


def read_along(tokens: Sequence[Token]) -> list[Token]:
    """Order one line's words, given from left to right."""
    leftward = [bool(LEFTWARD.search(token.text)) for token in tokens]
    if not any(leftward):
        return list(tokens)
    runs = [
        [token for token, _ in run]
        for _, run in groupby(zip(tokens, leftward, strict=True), key=lambda pair: pair[1])
    ]
    if not _runs_leftward(tokens):
        return [token for run in runs for token in (run[::-1] if LEFTWARD.search(run[0].text) else run)]
    return [token for run in reversed(runs) for token in (run if _is_latin(run) else run[::-1])]


def _runs_leftward(tokens: Sequence[Token]) -> bool:
    """Tell a line's own direction: that of both its ends, else that of most of its letters."""
    scores = [len(LEFTWARD.findall(token.text)) - len(_RIGHTWARD.findall(token.text)) for token in tokens]
    strong = [score for score in scores if score]
    ends = {score > 0 for score in (strong[0], strong[-1])} if strong else set()
    return ends == {True} if len(ends) == 1 else sum(scores) > 0


def _is_latin(run: Sequence[Token]) -> bool:
    """Tell words of the other script, with the numbers among them, from numbers and signs alone."""
    return any(_RIGHTWARD.search(token.text) for token in run)
