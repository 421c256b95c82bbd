"""Layout analysis has no quadratic cases: twice the words take about twice the work, counted in calls."""

import random
from collections.abc import Callable

import pytest

from ingestion.domain.layout.analysis import analyze_layout
from ingestion.domain.page.elements import Word, WordSource
from ingestion.domain.page.marks import CheckBoxMark, PageMarks
from refinery.core.types import BoundingBox
from tests.support.call_counts import count_calls
from tests.support.page_words import ASPECT, analyzed, place_lines

HALF, WHOLE = 800, 1600
MAX_GROWTH = 3.0  # growth allowed for twice the words: rows also grow longer; comparing all pairs would be 4


def word(text: str, x0: float, y0: float, x1: float, y1: float) -> Word:
    return Word(text, BoundingBox.clipped(x0, y0, x1, y1), 0.5, WordSource.NATIVE, 0)


def stacked_words(count: int) -> list[Word]:
    return [word(f"w{n}", 0.4, 0.4, 0.45, 0.412) for n in range(count)]


def words_in_one_row(count: int) -> list[Word]:
    return [word("i", n / count, 0.4, (n + 0.1) / count, 0.4 + 1e-5) for n in range(count)]


def words_in_one_column(count: int) -> list[Word]:
    return [word(f"w{n}", 0.4, n / count, 0.45, (n + 0.5) / count) for n in range(count)]


def page_high_words(count: int) -> list[Word]:
    return [word("|", n / count, 0.0, (n + 0.3) / count, 1.0) for n in range(count)]


def zero_size_words(count: int) -> list[Word]:
    return [word(".", (n % 97) / 97, (n % 89) / 89, (n % 97) / 97, (n % 89) / 89) for n in range(count)]


def scattered_words(count: int) -> list[Word]:
    rng = random.Random(3)  # noqa: S311 - noise that is the same every time
    corners = [(rng.random(), rng.random(), rng.random() / 30, rng.random() / 60) for _ in range(count)]
    return [word("x9", x, y, x + wide, y + high) for x, y, wide, high in corners]


def paired_words(count: int) -> list[Word]:
    rows = count // 2
    return [
        word("k:", 0.1 + 0.5 * side + 0.02 * (n % 7), n / rows, 0.14 + 0.5 * side, (n + 0.4) / rows)
        for n in range(rows)
        for side in (0, 1)
    ]


def words_in_cells(count: int) -> list[Word]:
    side = int(count**0.5)
    return [word("7", c / side, r / side, (c + 0.4) / side, (r + 0.4) / side) for r in range(side) for c in range(side)]


SHAPES = (
    stacked_words,
    words_in_one_row,
    words_in_one_column,
    page_high_words,
    zero_size_words,
    scattered_words,
    paired_words,
    words_in_cells,
)


def calls_of(words: list[Word], marks: PageMarks) -> int:
    """Count the calls of the layout analysis."""
    layouts = []
    count = count_calls(lambda: layouts.append(analyze_layout(words, aspect=ASPECT, marks=marks)))
    assert len(layouts[0].words) == len(words)
    return count


@pytest.mark.parametrize("shape", SHAPES)
def test_analyze_layout_doubled_words_take_about_doubled_work(shape: Callable[[int], list[Word]]) -> None:
    marks = PageMarks()
    assert calls_of(shape(WHOLE), marks) <= MAX_GROWTH * calls_of(shape(HALF), marks)


@pytest.mark.parametrize("shape", SHAPES)
def test_analyze_layout_degenerate_page_keeps_every_word(shape: Callable[[int], list[Word]]) -> None:
    analyzed(shape(400))


def squares(count: int) -> PageMarks:
    boxes = [
        BoundingBox((n % 60) / 61, n / count * 0.9, (n % 60) / 61 + 0.01, n / count * 0.9 + 0.007) for n in range(count)
    ]
    return PageMarks(check_boxes=tuple(CheckBoxMark(box, checked=False) for box in boxes))


def rule_lattice(count: int) -> PageMarks:
    places = [n / count for n in range(count // 2)]
    return PageMarks(
        rulings=(*(BoundingBox(0.0, y, 1.0, y) for y in places), *(BoundingBox(x, 0.0, x, 1.0) for x in places))
    )


def pictures(count: int) -> PageMarks:
    boxes = [BoundingBox(n / count / 2, n / count / 2, n / count / 2 + 0.1, n / count / 2 + 0.1) for n in range(count)]
    return PageMarks(pictures=tuple(boxes), strokes=tuple(boxes), stamps=tuple(boxes))


@pytest.mark.parametrize("many", [squares, rule_lattice, pictures])
@pytest.mark.parametrize("shape", [stacked_words, scattered_words, words_in_cells])
def test_analyze_layout_many_marks_add_bounded_work(
    shape: Callable[[int], list[Word]], many: Callable[[int], PageMarks]
) -> None:
    words = shape(HALF)
    few = max(calls_of(words, many(count)) for count in (50, 350))
    assert calls_of(words, many(8000)) <= 3 * few


def test_analyze_layout_accepts_ten_thousand_words() -> None:
    words = place_lines([f"row {row} has some words on it and no more" for row in range(1000)], 0.01, 0.0, size=0.06)
    layout = analyzed([*words, *scattered_words(max(10_000 - len(words), 0))])
    assert len(layout.words) >= 10_000
