"""A third engine on doubted lines: it breaks a tie, gives and takes a little, and never outvotes the other two."""

import pytest

from ingestion.domain.ocr.third_engine import (
    MOST_LINES,
    DoubtedLine,
    LineRead,
    doubted_lines,
    every_line,
    looked_again,
    read_by_third,
)
from ingestion.domain.page.elements import Word, WordSource
from refinery.core.types import BoundingBox


def word(
    text: str,
    line: int,
    confidence: float,
    *,
    at: float = 0.1,
    source: WordSource = WordSource.RAPIDOCR,
    others: tuple[str, ...] = (),
) -> Word:
    box = BoundingBox(at, line / 200, at + 0.1, line / 200 + 0.004)
    return Word(text, box, confidence, source, line, others)


def test_lines_with_a_doubted_word_are_chosen_worst_first() -> None:
    words = [
        word("sure", 0, 0.99),
        word("Tota1", 1, 0.7),
        word("12.50", 1, 0.98, at=0.5),
        word("l0st", 2, 0.2),
        word("native", 3, 0.1, source=WordSource.NATIVE),
        word("typed", 4, 0.1, source=WordSource.HUMAN),
    ]
    worst, other = doubted_lines(words)
    assert (worst.line, other) == (2, DoubtedLine(1, BoundingBox(0.1, 1 / 200, 0.6, 1 / 200 + 0.004)))


def test_a_page_that_is_read_badly_all_over_is_not_looked_at_without_end() -> None:
    assert len(doubted_lines([word("x", line, 0.1) for line in range(100)])) == MOST_LINES


def test_a_word_read_alike_gains_and_one_read_otherwise_loses_but_stays() -> None:
    words = (word("Total", 0, 0.6), word("12.50", 0, 0.6, at=0.5))
    alike, otherwise = looked_again(words, [LineRead(0, "Total 12.80", 0.9)])
    assert (alike.text, alike.alternatives) == ("Total", ())
    assert alike.confidence == pytest.approx(0.818, abs=0.001)
    assert (otherwise.text, otherwise.alternatives) == ("12.50", ("12.80",))
    assert otherwise.confidence == pytest.approx(1 / 3, abs=0.001)


def test_two_against_one_change_a_word_and_what_was_there_is_kept() -> None:
    (changed,) = looked_again((word("12.5O", 0, 0.3, others=("12.50", "125O")),), [LineRead(0, "12.50", 0.9)])
    assert (changed.text, changed.alternatives) == ("12.50", ("12.5O", "125O"))
    assert changed.confidence == pytest.approx(0.7)


def test_what_cannot_be_laid_side_by_side_or_is_not_sure_changes_nothing() -> None:
    words = (word("Net", 0, 0.5), word("amount", 0, 0.9, at=0.5), word("other", 1, 0.9))
    assert looked_again(words, [LineRead(0, "something else altogether", 0.9)]) == words
    assert looked_again(words, [LineRead(0, "Nat amount", 0.3), LineRead(7, "nothing", 0.9)]) == words


def test_no_word_comes_to_be_believed_more_than_calibration_allows() -> None:
    (word_after,) = looked_again((word("Total", 0, 0.96),), [LineRead(0, "Total", 1.0)])
    assert word_after.confidence == 0.97
    (already,) = looked_again((word("Total", 0, 0.99),), [LineRead(0, "Total", 1.0)])
    assert already.confidence == 0.99


def test_every_line_that_was_read_by_ocr_is_shown_for_a_reading_of_its_own() -> None:
    native = word("native", 99, 0.1, source=WordSource.NATIVE)
    assert [line.line for line in every_line([*(word("x", line, 0.99) for line in range(90, 0, -1)), native])] == [
        *range(1, 91)
    ]


def test_its_own_reading_stands_as_doubtful_as_the_others_were_sure() -> None:
    words = (word("Total", 0, 0.9), word("12.5O", 0, 0.7, at=0.5, others=("12.50", "125O")))
    alike, other = read_by_third(words, [LineRead(0, "Total 12.50", 0.9)])
    assert (alike.text, alike.source) == ("Total", WordSource.RAPIDOCR)
    assert alike.confidence > 0.9
    assert (other.text, other.source, other.alternatives) == ("12.50", WordSource.TROCR, ("12.5O", "125O"))
    assert other.confidence == pytest.approx(0.3)
    assert (other.bbox, other.line) == (words[1].bbox, 0)


def test_where_it_has_nothing_in_a_words_stead_that_stays() -> None:
    words = (word("Net", 0, 0.5), word("amount", 0, 0.9, at=0.5))
    assert read_by_third(words, [LineRead(0, "something else altogether", 0.9)]) == words
    assert read_by_third(words, [LineRead(0, "Nat amount", 0.3)]) == words
