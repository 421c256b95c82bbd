"""A page's blocks in the order of reading, from its words and marks."""

from collections.abc import Sequence

from ingestion.domain.layout.blocks import blocks_of, is_bullet, is_marker
from ingestion.domain.layout.draft_blocks import Draft
from ingestion.domain.layout.grids import ruled_table
from ingestion.domain.layout.gutters import Gutter, gutters_of
from ingestion.domain.layout.line_segments import height_of, rows_of, segments_of
from ingestion.domain.layout.mark_blocks import foreground, is_signature, pictured, without
from ingestion.domain.layout.plane import Area, Plane, Row, Segment, Token, overlap_across
from ingestion.domain.layout.reading_order import in_order
from ingestion.domain.layout.rulings import lattices_of, lines_of, widened
from ingestion.domain.layout.tables import tables_in
from ingestion.domain.page.elements import BlockKind
from ingestion.domain.page.marks import PageMarks

_MARKER_GAP = 4.0  # in line heights, between a bullet and its text
_UPRIGHT = 1.8  # times as high as wide, and as a line: a word set upright
_UPRIGHT_LETTERS = 3  # fewer may stand upright by themselves: an "I" in a title
_SURE = 50  # words set upright that others are compared with
_UNIT = 0.012  # height of a line on a page without words


def drafts_of(tokens: Sequence[Token], marks: PageMarks, plane: Plane) -> list[Draft]:
    """Give the blocks of a page."""
    unit = height_of(tokens) if tokens else _UNIT
    page = Area(0.0, 0.0, 1.0, plane.aspect)
    pictures = [plane.area(box) for box in marks.pictures]
    rulings = [rule for rule in map(plane.area, marks.rulings) if not any(p.holds(rule) for p in pictures)]
    uprights, lying = lines_of(rulings)
    level, turned = _parted(tokens, unit)
    free, drafts = _taken_out(level, marks, plane, lying, unit)
    drafts += turned
    free, tables = _ruled(free, uprights, lying, unit)
    segments = _listed(segments_of(free, unit), unit)
    loose = [rule for rule in uprights if not any(table.meets(rule) for table in tables)]
    gutters = gutters_of(segments, loose, unit)
    usual = max(height_of(free), unit) if free else unit
    boxes = [plane.area(mark.bbox) for mark in marks.boxes]
    for zone in _zones(segments, gutters):
        drafts += _read_zone(rows_of(zone), lying, boxes, unit, usual)
    return in_order([*drafts, *tables], gutters, usual, page)


def _parted(tokens: Sequence[Token], unit: float) -> tuple[list[Token], list[Draft]]:
    """Part off words set upright, beside a page or a figure: each column of them is a block."""
    upright = [t for t in tokens if t.height > _UPRIGHT * max(t.width, unit)]
    sure = [t for t in upright if len(t.text) >= _UPRIGHT_LETTERS]
    kept = sure[:_SURE]
    short = [t for t in tokens if any(_is_below(t, one) for one in kept)] if kept else []
    upright = [t for t in upright if any(overlap_across(t, one) > 0 for one in kept)]
    upright = list({t.index: t for t in (*upright, *short)}.values())
    columns: list[list[Token]] = []
    for token in sorted(upright, key=lambda t: (t.x0, t.y0)):
        if columns and overlap_across(columns[-1][0], token) > 0:
            columns[-1].append(token)
        else:
            columns.append([token])
    blocks = [
        Draft.of(BlockKind.PARAGRAPH, [(Segment.of([t]),) for t in sorted(c, key=lambda t: t.y0)]) for c in columns
    ]
    apart = {token.index for token in upright}
    return [token for token in tokens if token.index not in apart], blocks


def _is_below(token: Token, upright: Token) -> bool:
    """Say whether a word fills the same stretch across as one set upright: it belongs to it, however short."""
    reach = 0.2 * upright.width
    return abs(token.x0 - upright.x0) <= reach and abs(token.x1 - upright.x1) <= reach


def _taken_out(
    tokens: Sequence[Token], marks: PageMarks, plane: Plane, lying: Sequence[Area], unit: float
) -> tuple[list[Token], list[Draft]]:
    """Part off what is no print of the page's own: stamps, signatures, figures."""
    stamps = [plane.area(box) for box in marks.stamps]
    free, stamped = without(tokens, stamps)
    pictures = [area for area in map(plane.area, marks.pictures) if not any(stamp.holds(area) for stamp in stamps)]
    strokes = [area for area in map(plane.area, marks.strokes) if not any(stamp.meets(area) for stamp in stamps)]
    signed = [area for area in (*strokes, *pictures) if _small(area) and is_signature(area, free, lying, unit)]
    free, scrawled = without(free, signed)
    figures = foreground([area for area in pictures if area not in signed], free)
    free, drawn = without(free, figures)
    drafts: list[Draft] = []
    for kind, areas, inside in (
        (BlockKind.STAMP, stamps, stamped),
        (BlockKind.SIGNATURE, signed, scrawled),
        (BlockKind.FIGURE, figures, drawn),
    ):
        drafts += [pictured(kind, area, held, unit) for area, held in zip(areas, inside, strict=True)]
    return free, drafts


def _small(area: Area) -> bool:
    return area.width <= 0.5 and area.height <= 0.12


def _ruled(
    tokens: Sequence[Token], uprights: Sequence[Area], lying: Sequence[Area], unit: float
) -> tuple[list[Token], list[Draft]]:
    free, tables = list(tokens), []
    downwards = sorted(tokens, key=lambda token: token.down)
    found = [widened(lattice, lying, downwards) for lattice in lattices_of(uprights, lying)]
    for lattice in sorted(found, key=lambda one: one.area.width * one.area.height):
        inside = [token for token in free if lattice.area.holds(token)]
        table = ruled_table(lattice, inside, unit)
        if table is not None:
            held = {token.index for token in table.tokens}
            tables.append(table)
            free = [token for token in free if token.index not in held]
    return free, tables


def _listed(segments: Sequence[Segment], unit: float) -> list[Segment]:
    """Join bullets, and numbers that begin a line of two parts, with the text right of them."""
    rows = rows_of(segments)
    made: list[Segment] = []
    for row in rows:
        made += _joined(row, unit)
    return made


def _joined(row: Row, unit: float) -> list[Segment]:
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
        beside = [(gutter.across, index) for index, gutter in enumerate(gutters) if gutter.beside(segment)]
        left = max((one for one in beside if one[0] <= segment.across), default=(0.0, -1))
        right = min((one for one in beside if one[0] > segment.across), default=(0.0, -1))
        zones.setdefault((left[1], right[1]), []).append(segment)
    return list(zones.values())


def _read_zone(
    rows: Sequence[Row], lying: Sequence[Area], boxes: Sequence[Area], unit: float, usual: float
) -> list[Draft]:
    drafts: list[Draft] = []
    at = 0
    for table in tables_in(rows, lying, boxes, unit):
        drafts += blocks_of(rows[at : table.start], usual, boxes)
        drafts.append(table.draft)
        at = table.stop
    return drafts + blocks_of(rows[at:], usual, boxes)
