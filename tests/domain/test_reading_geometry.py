"""Boxes found on a straightened picture lie on the page as it was handed in."""

import math

import pytest

from ingestion.domain.page.deskew import QUARTERS, Placement
from refinery.core.types import BoundingBox


def turned(x: float, y: float, placement: Placement) -> tuple[float, float]:
    """Turn a point of the page (shares) as Placement says the page was turned; gives shares of the picture."""
    width, height = placement.width, placement.height
    px, py = x * width - width / 2, y * height - height / 2
    angle = math.radians(placement.quarter)
    px, py = px * math.cos(angle) - py * math.sin(angle), px * math.sin(angle) + py * math.cos(angle)
    if placement.quarter % 180:
        width, height = height, width
    angle = math.radians(placement.tilt)
    px, py = px * math.cos(angle) - py * math.sin(angle), px * math.sin(angle) + py * math.cos(angle)
    return px / width + 0.5, py / height + 0.5


@pytest.mark.parametrize("quarter", QUARTERS)
@pytest.mark.parametrize("tilt", [0.0, 3.0, -7.5])
def test_a_point_comes_back_to_where_it_was(quarter: int, tilt: float) -> None:
    placement = Placement(1000, 1400, quarter, tilt)
    for x, y in ((0.5, 0.5), (0.3, 0.4), (0.6, 0.55)):
        there = turned(x, y, placement)
        back = placement.to_page(BoundingBox(there[0], there[1], there[0], there[1]))
        assert (back.x0, back.y0) == pytest.approx((x, y), abs=1e-9)


def test_a_tilted_box_is_surrounded_and_never_leaves_the_page() -> None:
    placement = Placement(1000, 1000, tilt=10)
    box = placement.to_page(BoundingBox(0.4, 0.45, 0.6, 0.5))
    assert box.height > 0.05
    corner = placement.to_page(BoundingBox(0.0, 0.0, 0.1, 0.1))
    assert 0 <= corner.x0 <= corner.x1 <= 1


def test_nothing_moves_on_a_straight_page() -> None:
    box = BoundingBox(0.1, 0.2, 0.3, 0.4)
    assert Placement(10, 20).to_page(box) is box
