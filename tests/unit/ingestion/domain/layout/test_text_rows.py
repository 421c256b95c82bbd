"""Rows of text: the same as from comparing every word with every row, in work that grows with the words only."""

import random
from collections.abc import Callable

import pytest

from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.page.elements import PageReading, Word, WordSource
from refinery.core.types import BoundingBox
from tests.support.call_counts import count_calls
from tests.unit.ingestion.domain.layout.test_complexity import HALF, MAX_GROWTH, SHAPES, WHOLE

WIDTH, HEIGHT = 1000, 1400


def page_of(words: list[Word]) -> PageReading:
    """Return a page without skew, so that words keep their places."""
    return PageReading(1, WIDTH, HEIGHT, WordSource.NATIVE, 1.0, tuple(words))


def compared_with_every_row(words: list[Word]) -> set[tuple[str, ...]]:
    """Return the texts of rows, by the definition: a word joins the nearest row whose last word it continues."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda each: (each.bbox.x0 * WIDTH, each.bbox.y0 * HEIGHT)):
        fitting = [row for row in rows if continues(row[-1].bbox, word.bbox)]
        if fitting:
            min(fitting, key=lambda row: abs(centre(row[-1].bbox) - centre(word.bbox))).append(word)
        else:
            rows.append([word])
    return {tuple(word.text for word in row) for row in rows}


def centre(box: BoundingBox) -> float:
    """Return the vertical centre in pixels."""
    return (box.y0 * HEIGHT + box.y1 * HEIGHT) / 2


def continues(left: BoundingBox, right: BoundingBox) -> bool:
    """Return whether half of the smaller height is shared, and the right word begins behind the left one's middle."""
    shared = min(left.y1, right.y1) * HEIGHT - max(left.y0, right.y0) * HEIGHT
    smaller = min((left.y1 - left.y0) * HEIGHT, (right.y1 - right.y0) * HEIGHT)
    return shared >= 0.5 * smaller and right.x0 * WIDTH > left.x0 * WIDTH + (left.x1 - left.x0) * WIDTH / 2


@pytest.mark.parametrize("seed", range(12))
def test_rows_are_those_of_comparing_every_word_with_every_row(seed: int) -> None:
    """Scattered words of very different heights."""
    rng = random.Random(seed)  # noqa: S311 - noise that is the same every time
    words = []
    for number in range(rng.choice((5, 60, 250))):
        x0, y0, high = rng.random() * 0.9, rng.random() * 0.8, rng.choice((0.004, 0.01, 0.012, 0.2)) * rng.random()
        box = BoundingBox(x0, y0, x0 + 0.02 + rng.random() / 20, y0 + high)
        words.append(Word(f"w{number}", box, 0.5, WordSource.NATIVE, number))
    rows = build_document_rows([page_of(words)]).rows
    assert {tuple(word.text for word in row.words) for row in rows} == compared_with_every_row(words)


@pytest.mark.parametrize("shape", SHAPES)
def test_doubled_words_take_about_doubled_work(shape: Callable[[int], list[Word]]) -> None:
    def work(count: int) -> int:
        return count_calls(lambda: build_document_rows([page_of(shape(count))]))

    assert work(WHOLE) <= MAX_GROWTH * work(HALF)
