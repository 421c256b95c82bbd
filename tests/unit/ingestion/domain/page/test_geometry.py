"""Boxes found on a straightened image are mapped to the original page."""

import math

import pytest

from ingestion.domain.page.deskew import Placement
from refinery.core.types import BoundingBox


def rotated(x: float, y: float, placement: Placement) -> tuple[float, float]:
    """Rotate a point of the page (shares) by the placement; return shares of the image."""
    width, height = placement.width, placement.height
    px, py = x * width - width / 2, y * height - height / 2
    angle = math.radians(placement.rotation_degrees)
    px, py = px * math.cos(angle) - py * math.sin(angle), px * math.sin(angle) + py * math.cos(angle)
    if placement.rotation_degrees % 180:
        width, height = height, width
    angle = math.radians(placement.tilt_degrees)
    px, py = px * math.cos(angle) - py * math.sin(angle), px * math.sin(angle) + py * math.cos(angle)
    return px / width + 0.5, py / height + 0.5


@pytest.mark.parametrize("quarter", [0, 90, 180, 270])
@pytest.mark.parametrize("tilt", [0.0, 3.0, -7.5])
def test_placement_point_round_trip_restores_point(quarter: int, tilt: float) -> None:
    placement = Placement(1000, 1400, quarter, tilt)
    for x, y in ((0.5, 0.5), (0.3, 0.4), (0.6, 0.55)):
        there = rotated(x, y, placement)
        back = placement.to_page(BoundingBox(there[0], there[1], there[0], there[1]))
        assert (back.x0, back.y0) == pytest.approx((x, y), abs=1e-9)


def test_placement_tilted_box_is_enclosed_and_clipped_to_page() -> None:
    placement = Placement(1000, 1000, tilt_degrees=10)
    box = placement.to_page(BoundingBox(0.4, 0.45, 0.6, 0.5))
    assert box.height > 0.05
    corner = placement.to_page(BoundingBox(0.0, 0.0, 0.1, 0.1))
    assert 0 <= corner.x0 <= corner.x1 <= 1


def test_placement_straight_page_keeps_box() -> None:
    box = BoundingBox(0.1, 0.2, 0.3, 0.4)
    assert Placement(10, 20).to_page(box) is box
