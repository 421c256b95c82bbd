"""Clusters of nearby rectangles: the parts of a drawing, the strips of a scan."""

from collections.abc import Sequence

Rect = tuple[float, float, float, float]

_COVERED_TO = 200_000  # squares covered by parts of a drawing, counted separately: beyond it they are a pattern


def cluster_rects(rects: Sequence[Rect], step: float) -> list[Rect]:
    """Join nearby rectangles, by the cells of a grid, `step` wide, that they cover."""
    covered: dict[tuple[int, int], int] = {}
    owner: list[int] = []

    def root(index: int) -> int:
        while owner[index] != index:
            owner[index] = owner[owner[index]]
            index = owner[index]
        return index

    left = _COVERED_TO
    for index, rect in enumerate(rects):
        owner.append(index)
        squares = _squares_of(rect, step)
        left -= len(squares)
        if left < 0:
            return []
        for square in squares:
            owner[root(covered.setdefault(square, index))] = root(index)
    joined: dict[int, list[Rect]] = {}
    for index, rect in enumerate(rects):
        joined.setdefault(root(index), []).append(rect)
    return [
        (min(r[0] for r in group), min(r[1] for r in group), max(r[2] for r in group), max(r[3] for r in group))
        for group in joined.values()
    ]


def _squares_of(rect: Rect, step: float) -> list[tuple[int, int]]:
    x0, y0, x1, y1 = rect
    downs = range(int(y0 / step) - 1, int(y1 / step) + 2)
    return [(across, down) for across in range(int(x0 / step) - 1, int(x1 / step) + 2) for down in downs]
