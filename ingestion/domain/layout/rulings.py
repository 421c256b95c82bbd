"""Straight lines become lattices: what is drawn piece by piece is joined, what crosses belongs together."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.domain.layout.plane import Area, around

_JOIN = 0.006  # page widths: pieces of a line, and lines that ought to meet
_SAME = 0.004  # page widths: lines no farther apart are one
_SHORTEST = 0.012  # page widths
_FLUSH = 0.015  # page widths
_NEAR = 0.05  # page widths
_MOST = 1500  # more lines than any form has are a drawing
_LATTICES = 60


@dataclass(frozen=True, slots=True)
class Lattice:
    """Lines that hang together: the places of the upright and the lying ones, and the lines themselves."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    uprights: tuple[Area, ...]
    lying: tuple[Area, ...]

    @property
    def area(self) -> Area:
        """What the lattice covers."""
        return Area(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def upright_between(self, column: int, row: int) -> bool:
        """Say whether a line parts `column` from the next one in `row`."""
        x, y = self.xs[column + 1], (self.ys[row] + self.ys[row + 1]) / 2
        return any(abs(line.across - x) <= _JOIN and line.y0 <= y <= line.y1 for line in self.uprights)

    def lying_between(self, row: int, column: int) -> bool:
        """Say whether a line parts `row` from the next one in `column`."""
        y, x = self.ys[row + 1], (self.xs[column] + self.xs[column + 1]) / 2
        return any(abs(line.down - y) <= _JOIN and line.x0 <= x <= line.x1 for line in self.lying)


def lines_of(rulings: Sequence[Area]) -> tuple[list[Area], list[Area]]:
    """Give the upright and the lying lines, each in one piece."""
    if len(rulings) > _MOST:
        return [], []
    upright = [line for line in rulings if line.height > line.width]
    lying = [line for line in rulings if line.height <= line.width]
    turned = _joined([Area(line.y0, line.x0, line.y1, line.x1) for line in upright])
    return [Area(line.y0, line.x0, line.y1, line.x1) for line in turned], _joined(lying)


def _joined(lying: Sequence[Area]) -> list[Area]:
    groups: list[list[Area]] = []
    for line in sorted(lying, key=lambda one: one.down):
        if groups and line.down - groups[-1][0].down <= _SAME:
            groups[-1].append(line)
        else:
            groups.append([line])
    joined: list[Area] = []
    for group in groups:
        pieces: list[Area] = []
        for line in sorted(group, key=lambda one: one.x0):
            if pieces and line.x0 - pieces[-1].x1 <= _JOIN:
                pieces.append(around((pieces.pop(), line)))
            else:
                pieces.append(line)
        joined += [piece for piece in pieces if piece.width >= _SHORTEST]
    return joined


def lattices_of(uprights: Sequence[Area], lying: Sequence[Area]) -> list[Lattice]:
    """Group lines that cross or meet; a group needs two lying lines and two upright ones, or open sides."""
    lines = [*uprights, *lying]
    owner = list(range(len(lines)))

    def root(index: int) -> int:
        while owner[index] != index:
            owner[index] = owner[owner[index]]
            index = owner[index]
        return index

    for i, upright in enumerate(uprights):
        for j, line in enumerate(lying, start=len(uprights)):
            if upright.meets(line, _JOIN):
                owner[root(j)] = root(i)
    groups: dict[int, tuple[list[Area], list[Area]]] = {}
    for index, line in enumerate(lines):
        groups.setdefault(root(index), ([], []))[0 if index < len(uprights) else 1].append(line)
    crossed = [(ups, flat) for ups, flat in groups.values() if ups and len(flat) > 1]
    most = sorted(crossed, key=lambda group: -len(group[0]) * len(group[1]))[:_LATTICES]
    return [_lattice(ups, flat) for ups, flat in most]


def _lattice(uprights: list[Area], lying: list[Area]) -> Lattice:
    whole = around((*uprights, *lying))
    xs = _places([line.across for line in uprights], whole.x0, whole.x1)
    ys = _places([line.down for line in lying], whole.y0, whole.y1)
    sides = (Area(whole.x0, whole.y0, whole.x0, whole.y1), Area(whole.x1, whole.y0, whole.x1, whole.y1))
    return Lattice(xs, ys, (*uprights, *sides), tuple(lying))


def widened(lattice: Lattice, lying: Sequence[Area], words: Sequence[Area]) -> Lattice:
    """Take in a rule of the same width near above or below, the head's or the foot's, that upright ones miss.

    `words` stand from top to bottom.
    """
    area, downs = lattice.area, [word.down for word in words]
    for line in lying:
        level = abs(line.x0 - area.x0) <= _FLUSH and abs(line.x1 - area.x1) <= _FLUSH
        gap = max(area.y0 - line.down, line.down - area.y1)
        if not level or not _JOIN < gap <= _NEAR:
            continue
        band = Area(area.x0, min(line.down, area.y1), area.x1, max(line.down, area.y0))
        beside = words[bisect_left(downs, band.y0) : bisect_right(downs, band.y1)]
        inside = [word for word in beside if band.holds(word)]
        if not inside or any(_crosses(word, x) for word in inside for x in lattice.xs[1:-1]):
            continue
        ups = tuple(Area(x, band.y0, x, band.y1) for x in lattice.xs)
        ys = tuple(sorted((*lattice.ys, line.down)))
        lattice = Lattice(lattice.xs, ys, (*lattice.uprights, *ups), (*lattice.lying, line))
        area = lattice.area
    return lattice


def _crosses(word: Area, x: float) -> bool:
    reach = 0.5 * word.height
    return word.x0 + reach < x < word.x1 - reach


def _places(values: Sequence[float], first: float, last: float) -> tuple[float, ...]:
    """Give the distinct places of lines; where lines of the other direction reach farther, the side is open."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _JOIN:
            places.append(value)
    if places[0] - first > 2 * _JOIN:
        places.insert(0, first)
    if last - places[-1] > 2 * _JOIN:
        places.append(last)
    return tuple(places)
