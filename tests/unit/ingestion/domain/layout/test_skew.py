"""Slightly skewed pages are straightened, and positions mapped back."""

import math

import pytest

from ingestion.domain.layout.plane import Plane
from refinery.core.types import BoundingBox


@pytest.mark.parametrize("lean", [0.0, 0.6, -1.2])
def test_plane_box_round_trip_restores_box(lean: float) -> None:
    plane, box = Plane(1.414, lean), BoundingBox(0.2, 0.6, 0.5, 0.65)
    assert plane.box(plane.area(box)).as_list() == pytest.approx(box.as_list(), abs=1e-9)


def test_plane_straightens_skewed_column_and_lines() -> None:
    plane, angle = Plane(1.0, 1.0), math.radians(1.0)

    def turned(x: float, y: float) -> BoundingBox:
        across = x * math.cos(angle) - y * math.sin(angle)
        down = x * math.sin(angle) + y * math.cos(angle)
        return BoundingBox(across, down, across + 0.02, down + 0.01)

    top, bottom, right = (plane.area(turned(*at)) for at in ((0.2, 0.1), (0.2, 0.9), (0.8, 0.1)))
    assert top.x0 == pytest.approx(bottom.x0, abs=0.001)
    assert top.y0 == pytest.approx(right.y0, abs=0.001)
