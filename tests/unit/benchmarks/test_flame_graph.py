"""Flame graph of recorded stacks."""

from xml.etree import ElementTree as ET

import pytest

from benchmarks.flame_graph import WIDTH, draw, read_stacks

STACKS = """main (a.py:1);serve (refinery/web.py:10);query (django/db/x.py:3) 30
main (a.py:1);serve (refinery/web.py:12);query (django/db/x.py:4) 10
main (a.py:1);serve (refinery/web.py:12) 20
main (a.py:2);idle <&> (b.py:9) 40"""
SVG = "{http://www.w3.org/2000/svg}"


def bars(svg: str) -> dict[str, tuple[float, float]]:
    """Return left edge and width of each bar by its tooltip."""
    found = {}
    for group in ET.fromstring(svg).iter(f"{SVG}g"):  # noqa: S314 - our own text
        rectangle, title = group.find(f"{SVG}rect"), group.find(f"{SVG}title")
        assert rectangle is not None
        assert title is not None
        found[str(title.text)] = (float(rectangle.attrib["x"]), float(rectangle.attrib["width"]))
    return found


def test_bars_have_the_share_of_their_samples_and_lie_above_their_caller() -> None:
    found = bars(draw(read_stacks(STACKS.splitlines()), "cycle"))
    assert set(found) == {
        "main (a.py): 100.0%",
        "serve (refinery/web.py): 60.0%",
        "query (django/db/x.py): 40.0%",
        "idle <&> (b.py): 40.0%",
    }
    left, width = found["query (django/db/x.py): 40.0%"]
    assert (left, round(width)) == (0.0, round(WIDTH * 0.4))
    assert found["idle <&> (b.py): 40.0%"][0] == pytest.approx(WIDTH * 0.6)


def test_root_leaves_out_other_stacks_and_the_frames_before_it() -> None:
    found = bars(draw(read_stacks(STACKS.splitlines(), "serve"), "cycle"))
    assert set(found) == {"serve (refinery/web.py): 100.0%", "query (django/db/x.py): 66.7%"}


def test_narrow_bars_are_left_out_and_nothing_recorded_raises() -> None:
    many = [*(f"a;b{number} 1" for number in range(1000)), "a;c 9000"]
    assert len(bars(draw(read_stacks(many), "x"))) == 2
    with pytest.raises(ValueError, match="no stack"):
        draw(read_stacks(["a;b 1"], "missing"), "x")
