"""Position of paper on a scanner or before a camera: one projective map for the pixels and the ground truth."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class ScanPlacement:
    """Position of a page of `size` pixels on an image of `canvas` pixels (both width, height)."""

    matrix: Matrix
    size: tuple[int, int]
    canvas: tuple[int, int]


def place_page(
    size: tuple[int, int], skew: float, margin: float, tilt: tuple[tuple[float, float], ...]
) -> ScanPlacement:
    """Rotate a page by `skew` degrees (clockwise) on a canvas larger by `margin` of its width on each side.

    `tilt` moves the four corners (top left, top right, bottom right, bottom left) by shares of the width, as a
    camera held at an angle does.
    """
    width, height = size
    edge = round(width * margin)
    canvas = (width + 2 * edge, height + 2 * edge)
    sine, cosine = math.sin(math.radians(skew)), math.cos(math.radians(skew))
    corners = ((0, 0), (width, 0), (width, height), (0, height))
    landed = [
        (
            canvas[0] / 2 + cosine * (x - width / 2) - sine * (y - height / 2) + dx * width,
            canvas[1] / 2 + sine * (x - width / 2) + cosine * (y - height / 2) + dy * width,
        )
        for (x, y), (dx, dy) in zip(corners, tilt, strict=True)
    ]
    return ScanPlacement(_homography(corners, landed), size, canvas)


def _homography(source: tuple[tuple[int, int], ...], target: list[tuple[float, float]]) -> Matrix:
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y, u], [0, 0, 0, x, y, 1, -v * x, -v * y, v]]
    return np.array([*_solve_linear(rows), 1.0], dtype=np.float64).reshape(3, 3)


def _solve_linear(rows: list[list[float]]) -> list[float]:
    """Solve linear equations (each row's last number is its value) by elimination with pivots.

    In plain Python: a library's solver rounds as the machine's BLAS does, so a seed would not be reproducible.
    """
    count = len(rows)
    for column in range(count):
        _, pivot = max((abs(rows[at][column]), at) for at in range(column, count))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        head = [value / rows[column][column] for value in rows[column]]
        rows[column] = head
        for other in range(count):
            factor = rows[other][column]
            if other != column and factor:
                rows[other] = [value - factor * top for value, top in zip(rows[other], head, strict=True)]
    return [row[-1] for row in rows]


def map_box(placement: ScanPlacement, box: Box) -> Box:
    """Map a box (0..1 of the page) to the image (0..1 of the canvas): the hull of its moved corners."""
    width, height = placement.size
    corners = np.array([[x * width, y * height, 1.0] for x in (box[0], box[2]) for y in (box[1], box[3])])
    moved = (corners[:, None, :] * placement.matrix[None, :, :]).sum(axis=2)
    points = moved[:, :2] / moved[:, 2:] / np.array(placement.canvas, dtype=np.float64)
    low, high = np.clip(points.min(axis=0), 0, 1), np.clip(points.max(axis=0), 0, 1)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
