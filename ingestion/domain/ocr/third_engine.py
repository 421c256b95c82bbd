"""Third engine: it reads the lines that two engines left in doubt; it breaks a tie but never outvotes both.

If its reading is requested explicitly, it reads every line and its text is used. A differing text of the other
engines is kept as an alternative and reduces the confidence by as much as they were certain.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import reduce

from ingestion.domain.page.elements import Word, WordSource
from refinery.core.types import BoundingBox

THIRD_ENGINE_BELOW = 0.8
MAX_DOUBTED_LINES = 60  # of a page: one read worse than that has more than a few doubtful lines
_CONFIDENT_FROM = 0.5
_AGREEMENT_ODDS = 3.0  # factor of a word's odds when the third engine agrees; not fitted, and kept small
_DISAGREEMENT_ODDS = 1 / 3
_CEILING = 0.97
_READ_BY_OCR = frozenset({WordSource.RAPIDOCR, WordSource.TESSERACT})


@dataclass(frozen=True, slots=True)
class LineRegion:
    """Line to read again: its number on the page and its box."""

    line: int
    bbox: BoundingBox


@dataclass(frozen=True, slots=True)
class LineReading:
    """Line as the third engine reads it, with its uncalibrated confidence (0..1)."""

    line: int
    text: str
    confidence: float


def doubted_lines(words: Sequence[Word]) -> tuple[LineRegion, ...]:
    """Return the lines with a doubted word, the most doubtful first; only lines that were read by OCR."""
    lines = _lines(words)
    doubted = [(min(w.confidence for w in row), number) for number, row in lines.items()]
    chosen = [number for least, number in sorted(doubted) if least < THIRD_ENGINE_BELOW][:MAX_DOUBTED_LINES]
    return tuple(_line(number, lines[number]) for number in chosen)


def all_ocr_lines(words: Sequence[Word]) -> tuple[LineRegion, ...]:
    """Return all lines that were read by OCR, from the first to the last."""
    return tuple(_line(number, row) for number, row in sorted(_lines(words).items()))


def _lines(words: Sequence[Word]) -> dict[int, list[Word]]:
    lines: dict[int, list[Word]] = {}
    for word in words:
        if word.source in _READ_BY_OCR:
            lines.setdefault(word.line, []).append(word)
    return lines


def _line(number: int, row: Sequence[Word]) -> LineRegion:
    return LineRegion(number, reduce(BoundingBox.union, (word.bbox for word in row)))


def apply_third_engine(words: Sequence[Word], readings: Sequence[LineReading]) -> tuple[Word, ...]:
    """Return the words after the third reading, the same number at the same places as before.

    A word with which it agrees gains confidence. One with which it disagrees loses confidence and keeps its text,
    unless the second engine had read the same as the third: then the word changes by two to one. The previous text
    is kept as an alternative.
    """
    return _merge_third_engine(words, readings, lambda word, text, _: _reweighted(word, text))


def replace_with_third_engine(words: Sequence[Word], readings: Sequence[LineReading]) -> tuple[Word, ...]:
    """Return the third engine's reading, the same number of words as before; where it has none, the word stays."""
    return _merge_third_engine(words, readings, _replaced)


def _merge_third_engine(
    words: Sequence[Word], readings: Sequence[LineReading], weigh: Callable[[Word, str, float], Word]
) -> tuple[Word, ...]:
    changed = list(words)
    for reading in readings:
        places = [at for at, word in enumerate(words) if word.line == reading.line and word.source in _READ_BY_OCR]
        if reading.confidence < _CONFIDENT_FROM or not places:
            continue
        for at, text in zip(places, _aligned([words[at].text for at in places], reading.text.split()), strict=True):
            changed[at] = weigh(words[at], text, reading.confidence)
    return tuple(changed)


def _aligned(ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """Return the other reading's text for each of our words, "" where it has none."""
    other = [""] * len(ours)
    steps = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    for kind, start, stop, first, last in steps:
        if kind == "equal" or (kind == "replace" and stop - start == last - first):
            other[start:stop] = theirs[first:last]
    return other


def _reweighted(word: Word, text: str) -> Word:
    if not text:
        return word
    if text == word.text:
        return replace(word, confidence=max(word.confidence, min(_odds(word.confidence, _AGREEMENT_ODDS), _CEILING)))
    if text in word.alternatives:
        rest = tuple(other for other in word.alternatives if other != text)
        least = max(1 - word.confidence, 0.5)
        return replace(word, text=text, confidence=min(least, _CEILING), alternatives=(word.text, *rest))
    return replace(word, confidence=_odds(word.confidence, _DISAGREEMENT_ODDS), alternatives=(*word.alternatives, text))


def _replaced(word: Word, text: str, confidence: float) -> Word:
    if not text or text == word.text:
        return _reweighted(word, text)
    rest = tuple(other for other in word.alternatives if other != text)
    least = min(1 - word.confidence, confidence, _CEILING)
    return replace(
        word, text=text, confidence=max(least, 0.0), source=WordSource.TROCR, alternatives=(word.text, *rest)
    )


def _odds(chance: float, factor: float) -> float:
    return factor * chance / (factor * chance + 1 - chance)
