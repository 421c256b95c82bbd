"""Turning pages: turns add up, boxes go along, and a page that lies otherwise was read by another name."""

import pytest

from ingestion.domain.page.rotation import (
    InvalidTurn,
    merged,
    pack_turns,
    turned_box,
    turned_settings,
    unpack_turns,
)
from refinery.core.types import BoundingBox


def test_turns_add_up_and_a_page_that_is_upright_again_is_forgotten() -> None:
    assert merged({1: 1, 2: 3}, {2: 1, 3: 2}, 3) == {1: 1, 3: 2}
    assert merged({}, {2: 3}, 3) == {2: 3}


@pytest.mark.parametrize("turns", [{}, {1: 0}, {2: 4}, {4: 1}, {0: 1}])
def test_what_turns_nothing_or_no_page_is_refused(turns: dict[int, int]) -> None:
    with pytest.raises(InvalidTurn):
        merged({1: 1}, turns, 3)


def test_a_box_goes_along_with_its_page() -> None:
    """What stands at the upper left goes to the upper right, then to the lower right."""
    box = BoundingBox(0.1, 0.05, 0.3, 0.1)
    assert turned_box(box, 1).as_list() == pytest.approx([0.9, 0.1, 0.95, 0.3])
    assert turned_box(box, 2).as_list() == pytest.approx([0.7, 0.9, 0.9, 0.95])
    assert turned_box(box, 4).as_list() == pytest.approx(box.as_list())


def test_each_lie_of_a_page_has_a_name_of_its_own() -> None:
    names = {turned_settings("digest", quarters) for quarters in range(4)}
    assert len(names) == 4
    assert "digest" in names
    assert all(len(name) <= 64 for name in names)
    assert turned_settings("", 1) == ""


def test_turns_survive_json() -> None:
    assert unpack_turns(pack_turns({3: 1, 12: 2})) == {3: 1, 12: 2}
    assert unpack_turns(None) == {}
