"""Similarity of two tables: cells at their places, and the whole table as a tree of rows and cells.

The second is TEDS (Zhong et al., "Image-based table recognition", 2020): 1 - distance / nodes of the larger tree.
The distance is the least cost to convert one table to the other by inserting, deleting and changing rows and cells;
rows match only rows, so it may be slightly too large, never too small.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from ingestion.domain.page.similarity import similarity

MIN_TEXT_SIMILARITY = 0.8  # of a cell's text, to allow for OCR errors

Place = tuple[int, int, int, int]  # row, column, rows, columns
Cells = Mapping[Place, str]
_Node = tuple[int, int, str]  # rows, columns, text
T = TypeVar("T")


def count_right_cells(wanted: Cells, found: Cells) -> int:
    """Count the cells with the right place, span and text."""
    return sum(key in found and similarity(text, found[key]) >= MIN_TEXT_SIMILARITY for key, text in wanted.items())


def teds(wanted: Cells, found: Cells) -> float:
    """Return TEDS, 0..1."""
    ours, theirs = _rows(wanted), _rows(found)
    most = max(1 + len(wanted) + len(ours), 1 + len(found) + len(theirs))
    return max(0.0, 1 - _distance(ours, theirs, _row_change, lambda row: 1.0 + len(row)) / most)


def _rows(cells: Cells) -> list[list[_Node]]:
    rows: dict[int, list[_Node]] = {}
    for (row, _, high, wide), text in sorted(cells.items()):
        rows.setdefault(row, []).append((high, wide, text))
    return [rows[row] for row in sorted(rows)]


def _row_change(ours: Sequence[_Node], theirs: Sequence[_Node]) -> float:
    return _distance(ours, theirs, _cell_change, lambda cell: 1.0)


def _cell_change(ours: _Node, theirs: _Node) -> float:
    return 1.0 if ours[:2] != theirs[:2] else 1 - similarity(ours[2], theirs[2])


def _distance(
    ours: Sequence[T], theirs: Sequence[T], change: Callable[[T, T], float], price: Callable[[T], float]
) -> float:
    """Return the edit distance of two sequences; `price` is the cost of one element, `change` of a change."""
    before = [0.0]
    for other in theirs:
        before.append(before[-1] + price(other))
    for one in ours:
        now = [before[0] + price(one)]
        for place, other in enumerate(theirs, 1):
            now.append(min(before[place] + price(one), now[-1] + price(other), before[place - 1] + change(one, other)))
        before = now
    return before[-1]
