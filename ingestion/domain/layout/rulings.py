"""Lattices of straight lines: pieces of a line are joined, crossing lines are grouped."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.domain.layout.plane import Area, bounding_area

_JOIN = 0.006  # page widths: pieces of a line, and lines that should meet
_SAME = 0.004  # page widths: lines no farther apart are one
_SHORTEST = 0.012  # page widths
_FLUSH = 0.015  # page widths
_NEAR = 0.05  # page widths
_MAX_RULINGS = 1500  # more lines than any form has: a drawing
_MAX_LATTICES = 60


@dataclass(frozen=True, slots=True)
class Lattice:
    """Connected lines: the positions of the vertical and horizontal ones, and the lines themselves."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    verticals: tuple[Area, ...]
    horizontals: tuple[Area, ...]

    @property
    def area(self) -> Area:
        """Area that the lattice covers."""
        return Area(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def vertical_between(self, column: int, row: int) -> bool:
        """Return whether a line separates `column` from the next one in `row`."""
        x, y = self.xs[column + 1], (self.ys[row] + self.ys[row + 1]) / 2
        return any(abs(line.center_x - x) <= _JOIN and line.y0 <= y <= line.y1 for line in self.verticals)

    def horizontal_between(self, row: int, column: int) -> bool:
        """Return whether a line separates `row` from the next one in `column`."""
        y, x = self.ys[row + 1], (self.xs[column] + self.xs[column + 1]) / 2
        return any(abs(line.center_y - y) <= _JOIN and line.x0 <= x <= line.x1 for line in self.horizontals)


def split_rulings(rulings: Sequence[Area]) -> tuple[list[Area], list[Area]]:
    """Return the vertical and the horizontal lines, each joined into one piece."""
    if len(rulings) > _MAX_RULINGS:
        return [], []
    vertical = [line for line in rulings if line.height > line.width]
    horizontal = [line for line in rulings if line.height <= line.width]
    transposed = _joined([Area(line.y0, line.x0, line.y1, line.x1) for line in vertical])
    return [Area(line.y0, line.x0, line.y1, line.x1) for line in transposed], _joined(horizontal)


def _joined(horizontals: Sequence[Area]) -> list[Area]:
    groups: list[list[Area]] = []
    for line in sorted(horizontals, key=lambda one: one.center_y):
        if groups and line.center_y - groups[-1][0].center_y <= _SAME:
            groups[-1].append(line)
        else:
            groups.append([line])
    joined: list[Area] = []
    for group in groups:
        pieces: list[Area] = []
        for line in sorted(group, key=lambda one: one.x0):
            if pieces and line.x0 - pieces[-1].x1 <= _JOIN:
                pieces.append(bounding_area((pieces.pop(), line)))
            else:
                pieces.append(line)
        joined += [piece for piece in pieces if piece.width >= _SHORTEST]
    return joined


def find_lattices(verticals: Sequence[Area], horizontals: Sequence[Area]) -> list[Lattice]:
    """Group lines that cross or meet; a group needs two horizontal lines and two vertical ones, or open sides."""
    lines = [*verticals, *horizontals]
    owner = list(range(len(lines)))

    def root(index: int) -> int:
        while owner[index] != index:
            owner[index] = owner[owner[index]]
            index = owner[index]
        return index

    for i, upright in enumerate(verticals):
        for j, line in enumerate(horizontals, start=len(verticals)):
            if upright.touches(line, _JOIN):
                owner[root(j)] = root(i)
    groups: dict[int, tuple[list[Area], list[Area]]] = {}
    for index, line in enumerate(lines):
        groups.setdefault(root(index), ([], []))[0 if index < len(verticals) else 1].append(line)
    crossed = [(ups, flat) for ups, flat in groups.values() if ups and len(flat) > 1]
    most = sorted(crossed, key=lambda group: -len(group[0]) * len(group[1]))[:_MAX_LATTICES]
    return [_lattice(ups, flat) for ups, flat in most]


def _lattice(verticals: list[Area], horizontals: list[Area]) -> Lattice:
    whole = bounding_area((*verticals, *horizontals))
    xs = _places([line.center_x for line in verticals], whole.x0, whole.x1)
    ys = _places([line.center_y for line in horizontals], whole.y0, whole.y1)
    sides = (Area(whole.x0, whole.y0, whole.x0, whole.y1), Area(whole.x1, whole.y0, whole.x1, whole.y1))
    return Lattice(xs, ys, (*verticals, *sides), tuple(horizontals))


def extend_lattice(lattice: Lattice, horizontals: Sequence[Area], words: Sequence[Area]) -> Lattice:
    """Add a nearby rule of the same width above or below, of the head or foot, that vertical rules do not reach.

    `words` are sorted from top to bottom.
    """
    area, downs = lattice.area, [word.center_y for word in words]
    for line in horizontals:
        level = abs(line.x0 - area.x0) <= _FLUSH and abs(line.x1 - area.x1) <= _FLUSH
        gap = max(area.y0 - line.center_y, line.center_y - area.y1)
        if not level or not _JOIN < gap <= _NEAR:
            continue
        band = Area(area.x0, min(line.center_y, area.y1), area.x1, max(line.center_y, area.y0))
        beside = words[bisect_left(downs, band.y0) : bisect_right(downs, band.y1)]
        inside = [word for word in beside if band.contains_center(word)]
        if not inside or any(_crosses(word, x) for word in inside for x in lattice.xs[1:-1]):
            continue
        ups = tuple(Area(x, band.y0, x, band.y1) for x in lattice.xs)
        ys = tuple(sorted((*lattice.ys, line.center_y)))
        lattice = Lattice(lattice.xs, ys, (*lattice.verticals, *ups), (*lattice.horizontals, line))
        area = lattice.area
    return lattice


def _crosses(word: Area, x: float) -> bool:
    reach = 0.5 * word.height
    return word.x0 + reach < x < word.x1 - reach


def _places(values: Sequence[float], first: float, last: float) -> tuple[float, ...]:
    """Return the distinct positions of lines; a side is open where crossing lines extend beyond them."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _JOIN:
            places.append(value)
    if places[0] - first > 2 * _JOIN:
        places.insert(0, first)
    if last - places[-1] > 2 * _JOIN:
        places.append(last)
    return tuple(places)
