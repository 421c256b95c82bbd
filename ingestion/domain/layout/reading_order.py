"""Reading order, after Breuel ("High performance document layout analysis", 2003).

A block above comes first where both overlap horizontally; a block to the left comes first on one level or
beside a gutter.
"""

import re
from collections.abc import Sequence

from ingestion.domain.layout.draft_blocks import BlockDraft
from ingestion.domain.layout.gutters import Gutter
from ingestion.domain.layout.plane import Area, overlap_x, overlap_y
from ingestion.domain.page.elements import BlockKind

_SHARED = 0.1  # of the narrower one's width
_LEVEL = 0.3  # of the lower one's height
_NOTE = re.compile(r"^(?:\d{1,2}|[*†‡§¹²³⁴⁵⁶⁷⁸⁹]{1,2}|\(\d{1,2}\))\S*$")
_SMALLER = 0.92
_LOW = 0.6  # share of the page's height below which notes are located
_MAX_BLOCKS = 500  # beyond them each block is read at its position, because all pairs would be compared


def reading_order(
    drafts: Sequence[BlockDraft], gutters: Sequence[Gutter], usual: float, page: Area
) -> list[BlockDraft]:
    """Sort blocks in reading order; footnotes come last. `usual` is the usual line height."""
    ordered = sorted(drafts, key=lambda draft: (draft.y0, draft.x0))
    if len(ordered) > _MAX_BLOCKS:
        return ordered
    ordered = _sorted(ordered, gutters)
    notes = [draft for draft in ordered if _is_note(draft, usual, page) and _is_last(draft, drafts)]
    last = {id(note) for note in notes}
    return [draft for draft in ordered if id(draft) not in last] + notes


def _sorted(drafts: Sequence[BlockDraft], gutters: Sequence[Gutter]) -> list[BlockDraft]:
    count = len(drafts)
    after: list[set[int]] = [set() for _ in range(count)]
    waits = [0] * count
    for i in range(count):
        for j in range(i + 1, count):
            first, second = (i, j) if _before(drafts[i], drafts[j], gutters) else (j, i)
            after[first].add(second)
            waits[second] += 1
    return [drafts[index] for index in _walk(after, waits)]


def _walk(after: Sequence[set[int]], waits: list[int]) -> list[int]:
    """Walk depth first, so that a column is read to its end; a cycle is broken at its topmost block."""
    order: list[int] = []
    left = list(range(len(after)))
    while left:
        free = [index for index in left if waits[index] <= 0]
        follows = [index for index in free if order and index in after[order[-1]]]
        chosen = (follows or free or left)[0]
        left.remove(chosen)
        order.append(chosen)
        for index in after[chosen]:
            waits[index] -= 1
    return order


def _before(a: BlockDraft, b: BlockDraft, gutters: Sequence[Gutter]) -> bool:
    if _share(a, b):
        return a.center_y < b.center_y
    divided = any(g.beside(a) and g.beside(b) and g.side(a) != g.side(b) for g in gutters)
    if divided or overlap_y(a, b) > _LEVEL * min(a.height, b.height):
        return a.center_x < b.center_x
    return a.center_y < b.center_y


def _share(a: Area, b: Area) -> bool:
    return overlap_x(a, b) > _SHARED * min(a.width, b.width)


def _is_note(draft: BlockDraft, usual: float, page: Area) -> bool:
    if draft.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST) or draft.y0 < _LOW * page.height:
        return False
    tokens = draft.tokens
    small = sum(token.height for token in tokens) / len(tokens) <= _SMALLER * usual
    return small and bool(_NOTE.match(tokens[0].text))


def _is_last(draft: BlockDraft, drafts: Sequence[BlockDraft]) -> bool:
    """Return whether only other small print is below the block in the same column."""
    own = draft.tokens
    height = sum(token.height for token in own) / len(own)
    return not any(
        other is not draft
        and other.y0 >= draft.y1
        and _share(draft, other)
        and other.lines
        and other.lines[0][0].height > height / _SMALLER
        for other in drafts
    )
