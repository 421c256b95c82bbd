"""Gutters: white lanes between columns that determine the reading order.

Most lanes divide labels from values or the cells of a table, which are read across. Only where both sides are
running text, have independent lines or a rule between them, the sides are read separately.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from ingestion.domain.layout.plane import Area, Segment, overlap_x, overlap_y

_NARROWEST = 0.8  # in line heights
_TALLEST_BREAK = 3.0  # in line heights: white space across the whole page ends every lane
_COLUMN_BREAK = 1.6  # in line heights: white space that ends a column where only one side continues
_LOOSE_BREAK = 0.9  # the same before text that is not aligned with the column's edge
_LINES = 3
_RULED_LINES = 2
_COLUMN_LINES = 4
_COLUMN_WORDS = 3.5
_FULL = 0.15  # of the column's width: a line that ends this near to its edge fills it
_FULL_SHARE = 0.45
_WIDEST = 0.9  # of a side's lines: a heading may be set wider than its column
_PARTNER = 0.25  # in line heights: centres this near are on one line
_PAIRED = 0.5
_WIDE = 4.0  # in line heights
_BLOCK_LINES = 8
_FLUSH = 0.6  # in line heights
_FLUSH_SHARE = 0.8
_DIGITS = 0.4
_LABELLED = 0.4
_BLOCK_WORDS = 1.6
_RULED = 0.6  # share of a lane's height that a rule in it covers
_NEIGHBOUR_SCAN = 150  # segments below one, among which its neighbour is: a line of print has fewer
_MAX_LANES = 120  # at once; a page with more is not text
_MAX_GUTTERS = 30  # the tallest lanes

Gap = tuple[Segment, Segment]


@dataclass(frozen=True, slots=True)
class Gutter(Area):
    """Lane between two parts of a page that are read one after the other."""

    def side(self, area: Area) -> int:
        """Return -1 for an area left of the gutter, 1 for one right of it."""
        return -1 if area.center_x < self.center_x else 1

    def beside(self, area: Area) -> bool:
        """Return whether the gutter is beside an area, rather than above or below it."""
        return self.y0 <= area.center_y <= self.y1


@dataclass(slots=True)
class _Lane:
    x0: float
    x1: float
    top: float
    bottom: float
    gaps: list[Gap] = field(default_factory=list)


def find_gutters(segments: Sequence[Segment], verticals: Sequence[Area], unit: float) -> list[Gutter]:
    """Find the gutters; `verticals` are vertical rules that belong to no table."""
    found = []
    lanes = [lane for lane in _lanes(segments, unit) if len(lane.gaps) >= _RULED_LINES]
    ordered = sorted(segments, key=lambda s: s.y0)
    for lane in sorted(lanes, key=lambda one: -len(one.gaps))[:_MAX_GUTTERS]:
        _stretch(lane, ordered, unit)
        ruled = _is_ruled(lane, verticals)
        if len(lane.gaps) < (_RULED_LINES if ruled else _LINES):
            continue
        if ruled or _divides(lane, unit):
            found.append(Gutter(lane.x0, lane.top, lane.x1, lane.bottom))
    return found


def _lanes(segments: Sequence[Segment], unit: float) -> list[_Lane]:
    ordered = sorted(segments, key=lambda s: s.y0)
    neighbours = _neighbours(ordered)
    least = _NARROWEST * unit
    active: list[_Lane] = []
    closed: list[_Lane] = []
    reach = ordered[0].y1 if ordered else 0.0
    for index, segment in enumerate(ordered):
        if segment.y0 - reach > _TALLEST_BREAK * unit:
            closed += active
            active = []
        reach = max(reach, segment.y1)
        still: list[_Lane] = []
        for lane in active:
            (still if _narrow_lane(lane, segment, least) else closed).append(lane)
        active = still
        neighbour = neighbours[index]
        if neighbour is not None and neighbour.x0 - segment.x1 >= least:
            _add_gap(active, (segment, neighbour), least)
    return closed + active


def _neighbours(ordered: Sequence[Segment]) -> list[Segment | None]:
    """Return for each segment its nearest right neighbour on the same level; `ordered` is sorted by the top edge."""
    nearest: list[Segment | None] = [None] * len(ordered)
    for index, segment in enumerate(ordered):
        for step in range(index + 1, min(len(ordered), index + _NEIGHBOUR_SCAN)):
            other = ordered[step]
            if other.y0 >= segment.y1:
                break
            if overlap_y(segment, other) < 0.3 * min(segment.height, other.height):
                continue
            left, right, place = (segment, other, index) if segment.x0 < other.x0 else (other, segment, step)
            known = nearest[place]
            if right.x0 > left.center_x and (known is None or right.x0 < known.x0):
                nearest[place] = right
    return nearest


def _narrow_lane(lane: _Lane, segment: Segment, least: float) -> bool:
    """Remove from a lane what a segment covers; return False if too little remains."""
    if segment.x1 <= lane.x0 or segment.x0 >= lane.x1:
        return True
    before, after = segment.x0 - lane.x0, lane.x1 - segment.x1
    if max(before, after) < least:
        return False
    if before > after:
        lane.x1 = segment.x0
    else:
        lane.x0 = segment.x1
    return True


def _add_gap(active: list[_Lane], gap: Gap, least: float) -> None:
    left, right = gap
    known = False
    for lane in active:
        x0, x1 = max(lane.x0, left.x1), min(lane.x1, right.x0)
        if x1 - x0 >= least:
            lane.x0, lane.x1 = x0, x1
            lane.bottom = max(lane.bottom, left.y1)
            lane.gaps.append(gap)
            known = True
    if not known and len(active) < _MAX_LANES:
        active.append(_Lane(left.x1, right.x0, left.y0, left.y1, [gap]))


def _stretch(lane: _Lane, ordered: Sequence[Segment], unit: float) -> None:
    """Extend a lane along the longer of its columns, to text that crosses it or white space that ends the column."""
    edges = [median(gap[side].x0 for gap in lane.gaps) for side in (0, 1)]
    for segment in ordered:
        if segment.center_y > lane.bottom and _ends(lane, segment, segment.y0 - lane.bottom, edges, unit):
            break
        lane.bottom = max(lane.bottom, segment.y1)
    for segment in reversed(ordered):
        if segment.center_y >= lane.top:
            continue
        if _ends(lane, segment, lane.top - segment.y1, edges, unit):
            break
        lane.top = min(lane.top, segment.y0)


def _ends(lane: _Lane, segment: Segment, white: float, edges: Sequence[float], unit: float) -> bool:
    """Return whether a column ends before a segment; one that is not flush with it must follow closely."""
    flush = any(abs(segment.x0 - edge) <= _FLUSH * unit for edge in edges)
    if white > (_COLUMN_BREAK if flush else _LOOSE_BREAK) * unit:
        return True
    return not _narrow_lane(lane, segment, _NARROWEST * unit)


def _is_ruled(lane: _Lane, verticals: Sequence[Area]) -> bool:
    return any(
        lane.x0 <= rule.center_x <= lane.x1
        and min(rule.y1, lane.bottom) - max(rule.y0, lane.top) >= _RULED * (lane.bottom - lane.top)
        for rule in verticals
    )


def _divides(lane: _Lane, unit: float) -> bool:
    left = list(dict.fromkeys(gap[0] for gap in lane.gaps))
    right = list(dict.fromkeys(gap[1] for gap in lane.gaps))
    if _running(_adjoining(left, max(left, key=lambda segment: segment.x1))) and _running(
        _adjoining(right, min(right, key=lambda segment: segment.x0))
    ):
        return True
    return _unpaired(left, right, unit) or _two_blocks(lane, left, right, unit)


def _adjoining(side: Sequence[Segment], nearest: Segment) -> list[Segment]:
    """Leave out segments of the next column but one, where the next column is empty."""
    return [segment for segment in side if overlap_x(segment, nearest) > 0]


def _running(side: Sequence[Segment]) -> bool:
    """Return whether a side is sentences, broken at the column's edge, rather than cells or labels."""
    if len(side) < _COLUMN_LINES or median(len(segment.tokens) for segment in side) < _COLUMN_WORDS:
        return False
    x0, x1 = min(s.x0 for s in side), sorted(s.x1 for s in side)[int(_WIDEST * len(side))]
    full = sum(x1 - segment.x1 <= _FULL * (x1 - x0) for segment in side)
    return full >= _FULL_SHARE * len(side)


def _unpaired(left: Sequence[Segment], right: Sequence[Segment], unit: float) -> bool:
    """Return whether the sides have independent lines: few are on the same level."""
    if min(len(left), len(right)) < _LINES:
        return False
    fewer, more = sorted((left, right), key=len)
    middles = sorted(segment.center_y for segment in more)
    paired = sum(_has_near(middles, segment.center_y, _PARTNER * unit) for segment in fewer)
    return paired < _PAIRED * len(fewer)


def _has_near(ordered: Sequence[float], value: float, reach: float) -> bool:
    place = bisect_left(ordered, value - reach)
    return place < len(ordered) and ordered[place] <= value + reach


def _two_blocks(lane: _Lane, left: Sequence[Segment], right: Sequence[Segment], unit: float) -> bool:
    """Return whether a lane separates two addresses, far apart and each flush left, not labels and their values."""
    if lane.x1 - lane.x0 < _WIDE * unit or max(len(left), len(right)) > _BLOCK_LINES:
        return False
    if not (_flush(left, unit) and _flush(right, unit)):
        return False
    text = "".join(segment.text for segment in right)
    digits = sum(character.isdigit() for character in text)
    labels = sum(segment.text.rstrip().endswith(":") for segment in left)
    words = sum(len(segment.tokens) for segment in left) / len(left)
    return digits < _DIGITS * len(text) and labels < _LABELLED * len(left) and words >= _BLOCK_WORDS


def _flush(side: Sequence[Segment], unit: float) -> bool:
    edge = median(segment.x0 for segment in side)
    return sum(abs(segment.x0 - edge) <= _FLUSH * unit for segment in side) >= _FLUSH_SHARE * len(side)
