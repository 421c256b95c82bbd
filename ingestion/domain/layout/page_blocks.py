"""Blocks of a page in reading order, built from its words and marks."""

from collections.abc import Sequence

from ingestion.domain.layout.blocks import build_blocks, is_bullet, is_marker
from ingestion.domain.layout.draft_blocks import BlockDraft
from ingestion.domain.layout.grids import ruled_table
from ingestion.domain.layout.gutters import Gutter, find_gutters
from ingestion.domain.layout.line_segments import build_rows, build_segments, median_height
from ingestion.domain.layout.mark_blocks import foreground_pictures, is_signature, partition_tokens, picture_block
from ingestion.domain.layout.plane import Area, Plane, Row, Segment, Token, overlap_x
from ingestion.domain.layout.reading_order import reading_order
from ingestion.domain.layout.rulings import extend_lattice, find_lattices, split_rulings
from ingestion.domain.layout.tables import find_tables
from ingestion.domain.page.elements import BlockKind
from ingestion.domain.page.marks import PageMarks

_MARKER_GAP = 4.0  # in line heights, between a bullet and its text
_VERTICAL_RATIO = 1.8  # times as high as wide, and as a line: a vertical word
_VERTICAL_LETTERS = 3  # fewer may be upright: an "I" in a title
_MAX_VERTICAL_REFERENCES = 50  # vertical words that others are compared with
_UNIT = 0.012  # height of a line on a page without words


def block_drafts(tokens: Sequence[Token], marks: PageMarks, plane: Plane) -> list[BlockDraft]:
    """Return the blocks of a page."""
    unit = median_height(tokens) if tokens else _UNIT
    page = Area(0.0, 0.0, 1.0, plane.aspect)
    pictures = [plane.area(box) for box in marks.pictures]
    rulings = [rule for rule in map(plane.area, marks.rulings) if not any(p.contains_center(rule) for p in pictures)]
    verticals, horizontals = split_rulings(rulings)
    level, vertical_blocks = _split_vertical_text(tokens, unit)
    free, drafts = _extract_marked_areas(level, marks, plane, horizontals, unit)
    drafts += vertical_blocks
    free, tables = _extract_ruled_tables(free, verticals, horizontals, unit)
    segments = _join_list_markers(build_segments(free, unit), unit)
    loose = [rule for rule in verticals if not any(table.touches(rule) for table in tables)]
    gutters = find_gutters(segments, loose, unit)
    usual = max(median_height(free), unit) if free else unit
    boxes = [plane.area(mark.bbox) for mark in marks.check_boxes]
    for zone in _zones(segments, gutters):
        drafts += _read_zone(build_rows(zone), horizontals, boxes, unit, usual)
    return reading_order([*drafts, *tables], gutters, usual, page)


def _split_vertical_text(tokens: Sequence[Token], unit: float) -> tuple[list[Token], list[BlockDraft]]:
    """Separate vertical text, beside a page or a figure: each column of it is a block."""
    upright = [t for t in tokens if t.height > _VERTICAL_RATIO * max(t.width, unit)]
    sure = [t for t in upright if len(t.text) >= _VERTICAL_LETTERS]
    kept = sure[:_MAX_VERTICAL_REFERENCES]
    short = [t for t in tokens if any(_is_below(t, one) for one in kept)] if kept else []
    upright = [t for t in upright if any(overlap_x(t, one) > 0 for one in kept)]
    upright = list({t.index: t for t in (*upright, *short)}.values())
    columns: list[list[Token]] = []
    for token in sorted(upright, key=lambda t: (t.x0, t.y0)):
        if columns and overlap_x(columns[-1][0], token) > 0:
            columns[-1].append(token)
        else:
            columns.append([token])
    blocks = [
        BlockDraft.of(BlockKind.PARAGRAPH, [(Segment.of([t]),) for t in sorted(c, key=lambda t: t.y0)]) for c in columns
    ]
    apart = {token.index for token in upright}
    return [token for token in tokens if token.index not in apart], blocks


def _is_below(token: Token, upright: Token) -> bool:
    """Return whether a word has the same horizontal extent as a vertical one: it belongs to it, however short."""
    reach = 0.2 * upright.width
    return abs(token.x0 - upright.x0) <= reach and abs(token.x1 - upright.x1) <= reach


def _extract_marked_areas(
    tokens: Sequence[Token], marks: PageMarks, plane: Plane, horizontals: Sequence[Area], unit: float
) -> tuple[list[Token], list[BlockDraft]]:
    """Separate stamps, signatures and figures from the page's print."""
    stamps = [plane.area(box) for box in marks.stamps]
    free, stamped = partition_tokens(tokens, stamps)
    pictures = [
        area for area in map(plane.area, marks.pictures) if not any(stamp.contains_center(area) for stamp in stamps)
    ]
    strokes = [area for area in map(plane.area, marks.strokes) if not any(stamp.touches(area) for stamp in stamps)]
    signed = [area for area in (*strokes, *pictures) if _small(area) and is_signature(area, free, horizontals, unit)]
    free, scrawled = partition_tokens(free, signed)
    figures = foreground_pictures([area for area in pictures if area not in signed], free)
    free, drawn = partition_tokens(free, figures)
    drafts: list[BlockDraft] = []
    for kind, areas, inside in (
        (BlockKind.STAMP, stamps, stamped),
        (BlockKind.SIGNATURE, signed, scrawled),
        (BlockKind.FIGURE, figures, drawn),
    ):
        drafts += [picture_block(kind, area, held, unit) for area, held in zip(areas, inside, strict=True)]
    return free, drafts


def _small(area: Area) -> bool:
    return area.width <= 0.5 and area.height <= 0.12


def _extract_ruled_tables(
    tokens: Sequence[Token], verticals: Sequence[Area], horizontals: Sequence[Area], unit: float
) -> tuple[list[Token], list[BlockDraft]]:
    free, tables = list(tokens), []
    downwards = sorted(tokens, key=lambda token: token.center_y)
    found = [extend_lattice(lattice, horizontals, downwards) for lattice in find_lattices(verticals, horizontals)]
    for lattice in sorted(found, key=lambda one: one.area.width * one.area.height):
        inside = [token for token in free if lattice.area.contains_center(token)]
        table = ruled_table(lattice, inside, unit)
        if table is not None:
            held = {token.index for token in table.tokens}
            tables.append(table)
            free = [token for token in free if token.index not in held]
    return free, tables


def _join_list_markers(segments: Sequence[Segment], unit: float) -> list[Segment]:
    """Join bullets, and numbers that begin a line of two segments, with the text right of them."""
    rows = build_rows(segments)
    made: list[Segment] = []
    for row in rows:
        made += _join_row_markers(row, unit)
    return made


def _join_row_markers(row: Row, unit: float) -> list[Segment]:
    joined: list[Segment] = []
    for segment in row:
        if joined and _leads(joined[-1], segment, row, unit):
            joined.append(Segment.of((*joined.pop().tokens, *segment.tokens)))
        else:
            joined.append(segment)
    return joined


def _leads(mark: Segment, text: Segment, row: Row, unit: float) -> bool:
    if len(mark.tokens) > 1 or text.x0 - mark.x1 > _MARKER_GAP * unit:
        return False
    word = mark.tokens[0].text
    return is_bullet(word) or (is_marker(word) and len(row) == 2 and len(text.tokens) > 1)


def _zones(segments: Sequence[Segment], gutters: Sequence[Gutter]) -> list[list[Segment]]:
    """Group segments between the same gutters: the next one to the left, and the next one to the right."""
    zones: dict[tuple[int, int], list[Segment]] = {}
    for segment in segments:
        beside = [(gutter.center_x, index) for index, gutter in enumerate(gutters) if gutter.beside(segment)]
        left = max((one for one in beside if one[0] <= segment.center_x), default=(0.0, -1))
        right = min((one for one in beside if one[0] > segment.center_x), default=(0.0, -1))
        zones.setdefault((left[1], right[1]), []).append(segment)
    return list(zones.values())


def _read_zone(
    rows: Sequence[Row], horizontals: Sequence[Area], boxes: Sequence[Area], unit: float, usual: float
) -> list[BlockDraft]:
    drafts: list[BlockDraft] = []
    at = 0
    for table in find_tables(rows, horizontals, boxes, unit):
        drafts += build_blocks(rows[at : table.start], usual, boxes)
        drafts.append(table.draft)
        at = table.stop
    return drafts + build_blocks(rows[at:], usual, boxes)
