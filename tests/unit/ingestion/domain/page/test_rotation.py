"""Rotations: they add up, boxes are rotated, and a rotated page has another settings name."""

import pytest

from ingestion.domain.page.rotation import (
    InvalidRotation,
    merge_rotations,
    pack_rotations,
    rotate_box,
    rotated_settings,
    unpack_rotations,
)
from refinery.core.types import BoundingBox


def test_merged_rotations_add_up_and_drop_upright_pages() -> None:
    assert merge_rotations({1: 1, 2: 3}, {2: 1, 3: 2}, 3) == {1: 1, 3: 2}
    assert merge_rotations({}, {2: 3}, 3) == {2: 3}


@pytest.mark.parametrize("turns", [{}, {1: 0}, {2: 4}, {4: 1}, {0: 1}])
def test_merged_rotation_of_nothing_or_unknown_page_raises(turns: dict[int, int]) -> None:
    with pytest.raises(InvalidRotation):
        merge_rotations({1: 1}, turns, 3)


def test_rotated_box_follows_its_page() -> None:
    """A box at the upper left moves to the upper right, then to the lower right."""
    box = BoundingBox(0.1, 0.05, 0.3, 0.1)
    assert rotate_box(box, 1).as_list() == pytest.approx([0.9, 0.1, 0.95, 0.3])
    assert rotate_box(box, 2).as_list() == pytest.approx([0.7, 0.9, 0.9, 0.95])
    assert rotate_box(box, 4).as_list() == pytest.approx(box.as_list())


def test_rotated_settings_differ_for_each_rotation() -> None:
    names = {rotated_settings("digest", quarters) for quarters in range(4)}
    assert len(names) == 4
    assert "digest" in names
    assert all(len(name) <= 64 for name in names)
    assert rotated_settings("", 1) == ""


def test_rotations_round_trip_through_json() -> None:
    assert unpack_rotations(pack_rotations({3: 1, 12: 2})) == {3: 1, 12: 2}
    assert unpack_rotations(None) == {}
