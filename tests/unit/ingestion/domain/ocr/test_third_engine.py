"""Third engine on uncertain lines: it breaks ties, adjusts confidences slightly, and never outvotes the other two."""

import pytest

from ingestion.domain.ocr.third_engine import (
    MAX_DOUBTED_LINES,
    LineReading,
    LineRegion,
    all_ocr_lines,
    apply_third_engine,
    doubted_lines,
    replace_with_third_engine,
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


def test_doubted_lines_are_ordered_worst_first() -> None:
    words = [
        word("sure", 0, 0.99),
        word("Tota1", 1, 0.7),
        word("12.50", 1, 0.98, at=0.5),
        word("l0st", 2, 0.2),
        word("native", 3, 0.1, source=WordSource.NATIVE),
        word("typed", 4, 0.1, source=WordSource.HUMAN),
    ]
    worst, other = doubted_lines(words)
    assert (worst.line, other) == (2, LineRegion(1, BoundingBox(0.1, 1 / 200, 0.6, 1 / 200 + 0.004)))


def test_doubted_lines_are_limited_per_page() -> None:
    assert len(doubted_lines([word("x", line, 0.1) for line in range(100)])) == MAX_DOUBTED_LINES


def test_third_engine_agreement_raises_and_difference_lowers_confidence() -> None:
    words = (word("Total", 0, 0.6), word("12.50", 0, 0.6, at=0.5))
    alike, otherwise = apply_third_engine(words, [LineReading(0, "Total 12.80", 0.9)])
    assert (alike.text, alike.alternatives) == ("Total", ())
    assert alike.confidence == pytest.approx(0.818, abs=0.001)
    assert (otherwise.text, otherwise.alternatives) == ("12.50", ("12.80",))
    assert otherwise.confidence == pytest.approx(1 / 3, abs=0.001)


def test_third_engine_majority_changes_word_and_keeps_alternative() -> None:
    (changed,) = apply_third_engine((word("12.5O", 0, 0.3, others=("12.50", "125O")),), [LineReading(0, "12.50", 0.9)])
    assert (changed.text, changed.alternatives) == ("12.50", ("12.5O", "125O"))
    assert changed.confidence == pytest.approx(0.7)


def test_third_engine_unaligned_or_unsure_text_changes_nothing() -> None:
    words = (word("Net", 0, 0.5), word("amount", 0, 0.9, at=0.5), word("other", 1, 0.9))
    assert apply_third_engine(words, [LineReading(0, "something else altogether", 0.9)]) == words
    assert apply_third_engine(words, [LineReading(0, "Nat amount", 0.3), LineReading(7, "nothing", 0.9)]) == words


def test_third_engine_confidence_stays_below_calibrated_limit() -> None:
    (word_after,) = apply_third_engine((word("Total", 0, 0.96),), [LineReading(0, "Total", 1.0)])
    assert word_after.confidence == 0.97
    (already,) = apply_third_engine((word("Total", 0, 0.99),), [LineReading(0, "Total", 1.0)])
    assert already.confidence == 0.99


def test_every_line_includes_each_ocr_line() -> None:
    native = word("native", 99, 0.1, source=WordSource.NATIVE)
    assert [line.line for line in all_ocr_lines([*(word("x", line, 0.99) for line in range(90, 0, -1)), native])] == [
        *range(1, 91)
    ]


def test_read_by_third_takes_confidence_from_other_engines() -> None:
    words = (word("Total", 0, 0.9), word("12.5O", 0, 0.7, at=0.5, others=("12.50", "125O")))
    alike, other = replace_with_third_engine(words, [LineReading(0, "Total 12.50", 0.9)])
    assert (alike.text, alike.source) == ("Total", WordSource.RAPIDOCR)
    assert alike.confidence > 0.9
    assert (other.text, other.source, other.alternatives) == ("12.50", WordSource.TROCR, ("12.5O", "125O"))
    assert other.confidence == pytest.approx(0.3)
    assert (other.bbox, other.line) == (words[1].bbox, 0)


def test_read_by_third_without_counterpart_keeps_word() -> None:
    words = (word("Net", 0, 0.5), word("amount", 0, 0.9, at=0.5))
    assert replace_with_third_engine(words, [LineReading(0, "something else altogether", 0.9)]) == words
    assert replace_with_third_engine(words, [LineReading(0, "Nat amount", 0.3)]) == words
