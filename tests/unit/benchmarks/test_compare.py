"""Figures of two builds are paired by table, row and column, and reported as minimum, median and maximum."""

from pathlib import Path

import pytest

from benchmarks import compare
from benchmarks.__main__ import Benchmark
from benchmarks.compare import Build, FigureKey, figures_of, measure_both

OUTPUT = """\
Invoices of one page on 2 cores.

| batch | documents a minute | outcomes |
| --- | --- | --- |
| born digital | **{digital}** | 60 IN_REVIEW |
| scanned | {scanned} |  |

Frames a second: 60 with 0 boxes, 58 with 1,000 boxes.

| step | p50 |
| --- | --- |
| reading | -0.5 s |
"""


def test_each_cell_and_each_number_of_the_text_is_a_figure() -> None:
    found = figures_of(OUTPUT.format(digital="1,250.5", scanned="24"))
    values = {key: figure.value for key, figure in found.items()}
    assert values == {
        FigureKey(0, "Invoices of one page on # cores.", 0): 2,
        FigureKey(1, "born digital", 1): 1250.5,
        FigureKey(1, "born digital", 2): 60,
        FigureKey(1, "scanned", 1): 24,
        FigureKey(0, "Frames a second: # with # boxes, # with # boxes.", 0): 60,
        FigureKey(0, "Frames a second: # with # boxes, # with # boxes.", 1): 0,
        FigureKey(0, "Frames a second: # with # boxes, # with # boxes.", 2): 58,
        FigureKey(0, "Frames a second: # with # boxes, # with # boxes.", 3): 1000,
        FigureKey(2, "reading", 1): -0.5,
    }
    assert found[FigureKey(1, "born digital", 1)].title == "born digital: documents a minute"


def test_builds_alternate_and_their_spreads_are_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    figures = {"old": iter((160, 120, 140)), "this build": iter((280, 200, 240))}
    order = []

    def measure(build: Build, name: str, arguments: tuple[str, ...]) -> str:
        assert (name, arguments) == ("throughput", ("--digital", "60"))
        order.append(build.name)
        only_old = "| forms | 3 |  |\n" if build.name == "old" else ""
        text = OUTPUT.format(digital=next(figures[build.name]), scanned=24)
        return text.replace("| scanned", only_old + "| scanned")

    monkeypatch.setattr(Build, "measure", measure)
    text = measure_both(Build("old", Path()), Benchmark("throughput", ""), ("--digital", "60"), runs=3)
    assert order == ["old", "this build", "this build", "old", "old", "this build"]
    assert "| born digital: documents a minute | 120, 140, 160 | 200, 240, 280 | 1.71 |" in text
    assert "# cores" not in text, "a number that never changes is no figure"
    assert "scanned" not in text, "the same"
    assert text.endswith("left out: 1.")


def test_a_zero_has_no_ratio() -> None:
    none, one = (figures_of(f"| errors | count |\n| --- | --- |\n| reads | {count} |\n") for count in (0, 1))
    assert "| reads: count | 0, 0, 0 | 1, 1, 1 |  |" in compare.compare([none], [one], "old")
