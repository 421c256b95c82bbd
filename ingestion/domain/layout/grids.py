"""Tables with rules: each closed rectangle of a lattice is a cell; rows separated only by white space are found
inside.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ingestion.domain.layout.columns import Column, cut_row
from ingestion.domain.layout.draft_blocks import BlockDraft, CellDraft, Grid
from ingestion.domain.layout.line_segments import build_rows, build_segments
from ingestion.domain.layout.plane import Area, Row, Segment, Token, bounding_area
from ingestion.domain.layout.rulings import Lattice
from ingestion.domain.layout.tables import PlacedRow, build_grid, group_table_rows
from ingestion.domain.page.elements import BlockKind

_CELLS = 4
_PAIRED_ROWS = 3  # lines with words in several columns, inside one ruled row, count as rows
_PLACES = 4000  # a finer lattice is a pattern or squared paper, not a table

Span = tuple[int, int, int, int]  # row, column, rows, columns


def ruled_table(lattice: Lattice, tokens: Sequence[Token], unit: float) -> BlockDraft | None:
    """Build a table from a lattice and the words inside it; None if its lines are boxes around text, or a frame."""
    if not tokens or (len(lattice.xs) - 1) * (len(lattice.ys) - 1) > _PLACES:
        return None
    spans = _spans(lattice)
    if len({span[1] for span in spans}) < 2:
        return None
    words = _by_span(lattice, spans, tokens)
    made: list[tuple[list[CellDraft], int]] = []
    for top, spans_of_band in _bands(spans):
        made.append(_band(lattice, top, spans_of_band, words, unit))
    cells, row = [], 0
    for band, rows in made:
        cells += [replace(cell, row=cell.row + row) for cell in band]
        row += rows
    filled = sum(bool(cell.tokens) for cell in cells)
    if row < 2 or len(cells) < _CELLS or filled < 2:
        return None
    area = lattice.area
    grid = Grid(area.x0, area.y0, area.x1, area.y1, row, len(lattice.xs) - 1, tuple(cells))
    return BlockDraft.of(BlockKind.TABLE, build_rows(build_segments(tokens, unit)), area, grid)


def _by_span(lattice: Lattice, spans: Sequence[Span], tokens: Sequence[Token]) -> dict[Span, list[Token]]:
    """Assign each word to the cell that contains its centre."""
    home = {
        (row + down, column + right): (row, column, high, wide)
        for row, column, high, wide in spans
        for down in range(high)
        for right in range(wide)
    }
    words: dict[Span, list[Token]] = {span: [] for span in spans}
    for token in tokens:
        words[home[_place(lattice.ys, token.center_y), _place(lattice.xs, token.center_x)]].append(token)
    return words


def _place(edges: Sequence[float], middle: float) -> int:
    return min(max(bisect_right(edges, middle) - 1, 0), len(edges) - 2)


def _spans(lattice: Lattice) -> list[Span]:
    """Join the lattice places that no line separates, unless the result would not be a rectangle."""
    rows, columns = len(lattice.ys) - 1, len(lattice.xs) - 1
    free = {(row, column) for row in range(rows) for column in range(columns)}
    spans: list[Span] = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) not in free:
                continue
            wide = 1
            while (row, column + wide) in free and not lattice.vertical_between(column + wide - 1, row):
                wide += 1
            high = 1
            while row + high < rows and _open_below(lattice, free, row + high, column, wide):
                high += 1
            free -= {(row + down, column + right) for down in range(high) for right in range(wide)}
            spans.append((row, column, high, wide))
    return spans


def _open_below(lattice: Lattice, free: set[tuple[int, int]], row: int, column: int, wide: int) -> bool:
    places = range(column, column + wide)
    inner = range(column, column + wide - 1)
    return (
        all((row, place) in free and not lattice.horizontal_between(row - 1, place) for place in places)
        and not any(lattice.vertical_between(place, row) for place in inner)
        and (column == 0 or lattice.vertical_between(column - 1, row))
        and (column + wide == len(lattice.xs) - 1 or lattice.vertical_between(column + wide - 1, row))
    )


def _bands(spans: Sequence[Span]) -> list[tuple[int, list[Span]]]:
    """Group cells into bands that contain their cells completely: (first row, cells)."""
    bands: list[tuple[int, int, list[Span]]] = []
    for span in sorted(spans):
        if bands and span[0] < bands[-1][1]:
            top, bottom, held = bands.pop()
            bands.append((top, max(bottom, span[0] + span[2]), [*held, span]))
        else:
            bands.append((span[0], span[0] + span[2], [span]))
    return [(top, held) for top, _, held in bands]


def _band(
    lattice: Lattice, top: int, spans: Sequence[Span], words: Mapping[Span, Sequence[Token]], unit: float
) -> tuple[list[CellDraft], int]:
    """Return a band's cells, with rows counted from its top, and its number of rows."""
    rows = max(row + high for row, _, high, _ in spans) - top
    areas = [_area(lattice, span) for span in spans]
    inside = [words[span] for span in spans]
    if rows == 1 and len(spans) > 1:
        split = _unruled_rows(areas, spans, inside, unit)
        if split is not None:
            return split
    cells = [
        CellDraft(area.x0, area.y0, area.x1, area.y1, row - top, column, high, wide, _tokens_in_order(held, unit))
        for area, (row, column, high, wide), held in zip(areas, spans, inside, strict=True)
    ]
    return cells, rows


def _area(lattice: Lattice, span: Span) -> Area:
    row, column, high, wide = span
    return Area(lattice.xs[column], lattice.ys[row], lattice.xs[column + wide], lattice.ys[row + high])


def _tokens_in_order(tokens: Sequence[Token], unit: float) -> tuple[Token, ...]:
    """Return the words of a cell in reading order."""
    return tuple(t for row in build_rows(build_segments(tokens, unit)) for segment in row for t in segment.tokens)


def _unruled_rows(
    areas: Sequence[Area], spans: Sequence[Span], inside: Sequence[Sequence[Token]], unit: float
) -> tuple[list[CellDraft], int] | None:
    """Find rows inside a band whose cells hold many lines side by side; None if each cell is one text."""
    segments: list[Segment] = [segment for held in inside for segment in build_segments(held, unit)]
    rows = build_rows(segments)
    placed: list[PlacedRow] = [cut_row(row, _column_extents(areas)) for row in rows]
    paired = sum(len({first for first, _, _ in row}) > 1 for row in placed)
    if paired < _PAIRED_ROWS or 2 * paired < len(rows):
        return None
    return _split(rows, placed, areas, spans)


def _column_extents(areas: Sequence[Area]) -> list[Column]:
    return [(area.x0, area.x1) for area in areas]


def _split(
    rows: Sequence[Row], placed: Sequence[PlacedRow], areas: Sequence[Area], spans: Sequence[Span]
) -> tuple[list[CellDraft], int]:
    grid = build_grid(rows, placed, _column_extents(areas), ())
    bands = group_table_rows(rows, placed, len(areas), ())
    lines = [bounding_area(segment for line in band for segment in rows[line]) for band in bands]
    edges = [areas[0].y0, *((a.y1 + b.y0) / 2 for a, b in pairwise(lines)), areas[0].y1]
    cells = []
    for cell in grid.cells:
        first, last = spans[cell.column], spans[cell.column + cell.column_span - 1]
        x0, x1 = areas[cell.column].x0, areas[cell.column + cell.column_span - 1].x1
        wide = last[1] + last[3] - first[1]
        cells.append(CellDraft(x0, edges[cell.row], x1, edges[cell.row + 1], cell.row, first[1], 1, wide, cell.tokens))
    return cells, grid.rows
