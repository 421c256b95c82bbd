"""Columns of a table without vertical rules: found where the cells of its fullest rows leave white space."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingestion.domain.layout.plane import Row, Segment, Token, bounding_area

_STEPS = 500  # across the page
_FULL = 0.6  # of the cells of the fullest row
_LENIENT = 0.15  # share of the full rows that may extend into the white space between two columns
_NARROWEST = 0.4  # in line heights
_REACH = 0.001  # page widths

Column = tuple[float, float]


def find_columns(rows: Sequence[Row], unit: float) -> list[Column]:
    """Return the columns' extents from left to right; one or none for rows that share no white space."""
    most = max(len(row) for row in rows)
    full = [row for row in rows if len(row) >= max(2.0, _FULL * most)]
    usual = median(len(row) for row in full)
    best: list[Column] = []
    changes = _changes(full)
    for reaching in range(int(_LENIENT * len(full)) + 1):
        found = _columns(changes, unit, reaching)
        if len(found) > len(best):
            best = found
        if len(best) >= usual:
            break
    return best


def _changes(rows: Sequence[Row]) -> list[int]:
    """Return for each step across the page how many more segments begin than end."""
    counts = [0] * (_STEPS + 2)
    for row in rows:
        for segment in row:
            counts[_step(segment.x0)] += 1
            counts[_step(segment.x1) + 1] -= 1
    return counts


def _columns(changes: Sequence[int], unit: float, reaching: int) -> list[Column]:
    columns: list[list[float]] = []
    level, opened = 0, None
    for step, change in enumerate(changes):
        level += change
        if level > reaching and opened is None:
            opened = step
        elif level <= reaching and opened is not None:
            columns.append([opened / _STEPS, step / _STEPS])
            opened = None
    return _merged(columns, _NARROWEST * unit)


def _merged(columns: Sequence[Sequence[float]], least: float) -> list[Column]:
    merged: list[Column] = []
    for x0, x1 in columns:
        if merged and x0 - merged[-1][1] < least:
            merged[-1] = (merged[-1][0], x1)
        else:
            merged.append((x0, x1))
    return merged


def _step(x: float) -> int:
    return min(max(int(x * _STEPS), 0), _STEPS)


def column_edges(columns: Sequence[Column]) -> list[float]:
    """Return the boundaries between the columns: one fewer than there are columns."""
    return [(left[1] + right[0]) / 2 for left, right in pairwise(columns)]


def cut_row(row: Row, columns: Sequence[Column]) -> list[tuple[int, int, Segment]]:
    """Cut a row at the column boundaries and return (first column, last column, words) for each piece.

    Words that run on across a column's boundary stay together, as a spanning cell.
    """
    edges = column_edges(columns)
    cut: list[tuple[int, int, Segment]] = []
    for segment in row:
        for tokens in _cut(segment, edges):
            part = Segment.of(tokens)
            first, last = _place(part, columns, edges)
            cut.append((first, last, part))
    return _joined(cut)


def _cut(segment: Segment, edges: Sequence[float]) -> list[list[Token]]:
    """Cut a segment at the edges that fall between two of its words, if the gap is as wide as a blank."""
    parts: list[list[Token]] = [[segment.tokens[0]]]
    for left, right in pairwise(segment.tokens):
        blank = right.x0 - left.x1
        if any(left.x1 - 0.1 * left.height <= edge <= right.x0 + 0.1 * left.height for edge in edges) and (
            blank >= _NARROWEST * left.height
        ):
            parts.append([])
        parts[-1].append(right)
    return parts


def _place(part: Segment, columns: Sequence[Column], edges: Sequence[float]) -> tuple[int, int]:
    """Return the first and last column that overlap the words by 30% of the smaller width."""
    touched = [
        index
        for index, (x0, x1) in enumerate(columns)
        if min(part.x1, x1) - max(part.x0, x0) > 0.3 * min(part.width, x1 - x0)
    ]
    if touched:
        return touched[0], touched[-1]
    home = sum(edge < part.center_x for edge in edges)
    return home, home


def _joined(cut: Sequence[tuple[int, int, Segment]]) -> list[tuple[int, int, Segment]]:
    joined: list[tuple[int, int, Segment]] = []
    for first, last, part in cut:
        if joined and first <= joined[-1][1]:
            before = joined.pop()
            joined.append((before[0], max(last, before[1]), Segment.of((*before[2].tokens, *part.tokens))))
        else:
            joined.append((first, last, part))
    return joined


def widen_centred_heads(
    row: Sequence[tuple[int, int, Segment]], columns: Sequence[Column]
) -> list[tuple[int, int, Segment]]:
    """Widen the heads of a row above the full rows to the columns over which they are centred."""
    widened: list[tuple[int, int, Segment]] = []
    for place, (first, last, part) in enumerate(row):
        low = widened[-1][1] + 1 if widened else 0
        high = row[place + 1][0] - 1 if place + 1 < len(row) else len(columns) - 1
        choices = [(a, b) for a in range(low, first + 1) for b in range(last, high + 1)]
        fitting = [
            (a, b) for a, b in choices if columns[a][0] <= part.x0 + _REACH and part.x1 <= columns[b][1] + _REACH
        ]
        span = _most_central(part, columns, fitting) if fitting else (first, last)
        widened.append((*span, part))
    return widened


def _most_central(part: Segment, columns: Sequence[Column], choices: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return min(choices, key=lambda span: (_off(part, columns, *span), span[1] - span[0]))


def _off(part: Segment, columns: Sequence[Column], first: int, last: int) -> float:
    """Return how far the words are off the centre of some columns, rounded, because small differences are noise."""
    return round(abs((columns[first][0] + columns[last][1]) / 2 - part.center_x) * 100)


def join_segments(parts: Sequence[Segment]) -> Segment:
    """Join the lines of a cell, from top to bottom."""
    area = bounding_area(parts)
    tokens = tuple(token for part in parts for token in part.tokens)
    return Segment(area.x0, area.y0, area.x1, area.y1, tokens)
