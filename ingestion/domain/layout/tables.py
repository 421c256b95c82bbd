"""Tables without rules: rows whose words are in the same columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingestion.domain.layout.columns import (
    Column,
    column_edges,
    cut_row,
    find_columns,
    join_segments,
    widen_centred_heads,
)
from ingestion.domain.layout.draft_blocks import BlockDraft, CellDraft, Grid
from ingestion.domain.layout.plane import Area, Row, Segment, bounding_area, overlap_x, overlap_y
from ingestion.domain.page.elements import BlockKind

_ROWS = 3
_RULED_ROWS = 2
_FAR = 2.0  # in line heights: rows of a table are no farther apart
_NEAR = 1.2  # in line heights: a line of one cell belongs to the row above
_SINGLES = 3  # lines of one cell, one below the other, between rows
_WORDS = 5
_HANGING = 0.6  # in line heights
_DIGITS = 0.5
_PROSE_LINES = 5
_PROSE_WORDS = 6
_FILLED = (0.5, 0.35)  # share of lines with words in two columns, of two columns and of more
_FITTING = 0.7  # share of rows with words in two columns
_CLOSER = 0.8  # a line continues the row above when it is nearer to it than rows are to one another
_RULE_SHARE = 0.6  # of the table's width
_TRIES = 20  # starts within a run that is no table: each advances by a twentieth of the rest

PlacedRow = list[tuple[int, int, Segment]]


@dataclass(frozen=True, slots=True)
class TableMatch:
    """Table in rows[start:stop]."""

    start: int
    stop: int
    draft: BlockDraft


def find_tables(rows: Sequence[Row], rules: Sequence[Area], boxes: Sequence[Area], unit: float) -> list[TableMatch]:
    """Find the tables among rows from top to bottom; `rules` are horizontal rules, `boxes` check boxes."""
    found, at = [], 0
    chosen = [is_check_box_row(row, boxes) for row in rows]
    while at < len(rows):
        stop = _run(rows, at, rules)
        apt = stop > at and 2 * sum(chosen[at:stop]) <= stop - at
        draft = _table(rows[at:stop], rules, unit) if apt else None
        if draft is not None:
            found.append(TableMatch(at, stop, draft))
        at = stop if draft is not None else at + max((stop - at) // _TRIES, 1)
    return found


def is_check_box_row(row: Row, boxes: Sequence[Area]) -> bool:
    """Return whether most of a row is labels of check boxes, which look like cells."""
    area = bounding_area(row)
    level = [box for box in boxes if box.y0 < area.y1 and box.y1 > area.y0]
    return 2 * sum(any(_is_marked(segment, box) for box in level) for segment in row) > len(row)


def _is_marked(segment: Segment, box: Area) -> bool:
    gap = max(segment.x0 - box.x1, box.x0 - segment.x1)
    return overlap_y(segment, box) > 0 and gap <= 1.5 * max(segment.height, box.height)


def _run(rows: Sequence[Row], start: int, rules: Sequence[Area]) -> int:
    """Return where a run of rows that may be a table ends; `start` if none begins here."""
    if len(rows[start]) < 2:
        return start
    stop = start + 1
    singles: list[Row] = []
    for row in rows[start + 1 :]:
        above = singles[-1] if singles else rows[stop - 1]
        if not _goes_on(above, row, rules):
            break
        if len(row) == 1 and (len(singles) == _SINGLES or _is_sentence(row, rows[stop - 1])):
            break
        singles.append(row)
        usual = _gap_below(rows[stop - 2], rows[stop - 1]) if stop - start > 1 else 0.0
        if len(row) > 1 or _hangs_on(rows[stop - 1], above, row, usual):
            stop += len(singles)
            singles = []
    return stop


def _is_sentence(row: Row, before: Row) -> bool:
    """Return whether a line runs on across the cells of the row above."""
    across = sum(overlap_x(row[0], segment) > 0.5 * segment.width for segment in before)
    return len(row[0].tokens) >= _WORDS and across > 1


def _goes_on(before: Row, row: Row, rules: Sequence[Area]) -> bool:
    above, below = bounding_area(before), bounding_area(row)
    height = max(_height(before), _height(row))
    space = below.y0 - above.y1
    if len(row) > 1 and len(before) > 1:
        ruled = any(above.y1 - height / 2 <= rule.center_y <= below.y0 + height / 2 for rule in rules)
        return space <= (2 * _FAR if ruled else _FAR) * height
    return space <= _NEAR * height


def _gap_below(above: Row, below: Row) -> float:
    return bounding_area(below).y0 - bounding_area(above).y1


def _hangs_on(first: Row, above: Row, row: Row, usual: float) -> bool:
    """Return whether a single line continues a cell of a row: flush with it, and close to the line above.

    After the first column the `usual` white space between rows is close enough.
    """
    height = _height(row)
    space = _gap_below(above, row)
    hanging = max(_HANGING * height, min(usual + 0.1 * height, _NEAR * height))
    for place, segment in enumerate(first):
        flush = abs(row[0].x0 - segment.x0) <= 0.5 * height
        room = first[place + 1].x0 if place + 1 < len(first) else 2.0
        if flush and row[0].x1 < room and space <= (hanging if place else 0.25 * height):
            return True
    return False


def _height(row: Row) -> float:
    return median(segment.height for segment in row)


def _table(rows: Sequence[Row], rules: Sequence[Area], unit: float) -> BlockDraft | None:
    several = [row for row in rows if len(row) > 1]
    area = bounding_area(segment for row in rows for segment in row)
    inner = [rule for rule in rules if _crosses(rule, area)]
    if len(several) < (_RULED_ROWS if inner and max(map(len, several)) > 2 else _ROWS):
        return None
    columns = find_columns(rows, unit)
    if len(columns) < 2 or len(several) < _FILLED[len(columns) > 2] * len(rows):
        return None
    placed = [cut_row(row, columns) for row in rows]
    if len(columns) == 2 and any(_is_prose(placed, column) for column in (0, 1)):
        return None
    if sum(len(row) > 1 for row in placed) < _FITTING * len(several):
        return None
    grid = build_grid(rows, placed, columns, inner)
    return BlockDraft.of(BlockKind.TABLE, rows, grid=grid)


def _is_prose(placed: Sequence[PlacedRow], column: int) -> bool:
    """Return whether a column is running text next to other content."""
    words = [len(part.tokens) for row in placed for first, last, part in row if first == last == column]
    return len(words) >= _PROSE_LINES and median(words) >= _PROSE_WORDS


def _crosses(rule: Area, area: Area) -> bool:
    return (
        area.y0 - 0.01 <= rule.center_y <= area.y1 + 0.01
        and min(rule.x1, area.x1) - max(rule.x0, area.x0) >= _RULE_SHARE * area.width
    )


def build_grid(
    rows: Sequence[Row], placed: Sequence[PlacedRow], columns: Sequence[Column], rules: Sequence[Area]
) -> Grid:
    """Build the cells: continuation lines join the row above, heads above the first full row may span columns."""
    bands = group_table_rows(rows, placed, len(columns), rules)
    most = max(len(row) for row in placed)
    first_full = next(index for index, row in enumerate(placed) if len(row) >= min(most, len(columns)))
    cells: list[CellDraft] = []
    for number, band in enumerate(bands):
        lines = [widen_centred_heads(placed[line], columns) if line < first_full else placed[line] for line in band]
        cells += _band_cells(number, lines, columns, bounding_area(s for line in band for s in rows[line]))
    area = bounding_area(segment for row in rows for segment in row)
    return Grid(area.x0, area.y0, area.x1, area.y1, len(bands), len(columns), tuple(cells))


def group_table_rows(
    rows: Sequence[Row], placed: Sequence[PlacedRow], columns: int, rules: Sequence[Area]
) -> list[list[int]]:
    """Group the line numbers into the table's rows."""
    areas = [bounding_area(row) for row in rows]
    pitches = [b.center_y - a.center_y for a, b in pairwise(areas)]
    started = [pitch for pitch, row in zip(pitches, placed[1:], strict=True) if _starts(row, columns)]
    usual = median(started) if started else 0.0
    tops = sorted(rule.center_y for rule in rules)
    ruled = len(tops) >= 0.6 * sum(_starts(row, columns) for row in placed)
    bands: list[list[int]] = [[0]]
    for line in range(1, len(rows)):
        separated = any(areas[line - 1].center_y < top < areas[line].center_y for top in tops)
        if separated or not (
            (ruled and len(placed[line]) < len(placed[bands[-1][0]]))
            or _goes_on_above(placed[line], placed[line - 1], columns, pitches[line - 1], usual)
        ):
            bands.append([])
        bands[-1].append(line)
    return bands


def _starts(row: PlacedRow, columns: int) -> bool:
    """Return whether a line surely begins a row: most of its columns are filled."""
    return 2 * sum(last - first + 1 for first, last, _ in row) > columns or (columns == 2 and len(row) == 2)


def _goes_on_above(row: PlacedRow, before: PlacedRow, columns: int, pitch: float, usual: float) -> bool:
    if _starts(row, columns) or any(first != last for first, last, _ in row):
        return False
    known = {column for first, last, _ in before for column in range(first, last + 1)}
    if not all(first in known for first, _, _ in row):
        return False
    text = row[0][2].text
    if row[0][0] > 0 and len(row) == 1 and sum(c.isdigit() for c in text) < _DIGITS * len(text):
        return pitch <= usual * 1.05  # the first column is empty: the rest of a text
    return pitch <= _CLOSER * usual


def _band_cells(number: int, lines: Sequence[PlacedRow], columns: Sequence[Column], area: Area) -> list[CellDraft]:
    spans: list[tuple[int, int, list[Segment]]] = []
    for first, last, part in sorted((piece for line in lines for piece in line), key=lambda p: (p[0], p[2].center_y)):
        if spans and first <= spans[-1][1]:
            low, high, parts = spans.pop()
            spans.append((low, max(high, last), [*parts, part]))
        else:
            spans.append((first, last, [part]))
    edges = [area.x0, *column_edges(columns), area.x1]
    made, column = [], 0
    for first, last, parts in spans:
        made += [_empty(number, free, edges, area) for free in range(column, first)]
        cell = join_segments(sorted(parts, key=lambda part: (part.center_y, part.x0)))
        made.append(CellDraft(cell.x0, cell.y0, cell.x1, cell.y1, number, first, 1, last - first + 1, cell.tokens))
        column = last + 1
    return made + [_empty(number, free, edges, area) for free in range(column, len(columns))]


def _empty(row: int, column: int, edges: Sequence[float], area: Area) -> CellDraft:
    x0, x1 = sorted((edges[column], edges[column + 1]))
    return CellDraft(x0, area.y0, x1, area.y1, row, column, 1, 1, ())
