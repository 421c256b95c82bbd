"""A third engine reads the lines that two have left in doubt: it breaks a tie, it never outvotes them both.

Where somebody asks for its own reading it reads every line, and its word stands; that the others read otherwise
is kept beside it, and makes it as doubtful as they were sure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import reduce

from ingestion.domain.page.elements import Word, WordSource
from refinery.core.types import BoundingBox

DOUBTED_BELOW = 0.8
MOST_LINES = 60  # of a page: one that is read worse than that is no matter of lines
_SURE_FROM = 0.5
_FOR = 3.0  # by how much a word gains in odds when the third engine reads it alike; not fitted, and kept small
_AGAINST = 1 / 3
_CEILING = 0.97
_READ_BY_OCR = frozenset({WordSource.RAPIDOCR, WordSource.TESSERACT})


@dataclass(frozen=True, slots=True)
class DoubtedLine:
    """A line to read again: its number on the page, and where it stands."""

    line: int
    bbox: BoundingBox


@dataclass(frozen=True, slots=True)
class LineRead:
    """A line as the third engine reads it, and how sure that is (0..1, its own word for it)."""

    line: int
    text: str
    sure: float


def doubted_lines(words: Sequence[Word]) -> tuple[DoubtedLine, ...]:
    """Give the lines that hold a doubted word, the most doubted first; none of what was not read by OCR."""
    lines = _lines(words)
    doubted = [(min(w.confidence for w in row), number) for number, row in lines.items()]
    chosen = [number for least, number in sorted(doubted) if least < DOUBTED_BELOW][:MOST_LINES]
    return tuple(_line(number, lines[number]) for number in chosen)


def every_line(words: Sequence[Word]) -> tuple[DoubtedLine, ...]:
    """Give all lines that were read by OCR, from the first to the last."""
    return tuple(_line(number, row) for number, row in sorted(_lines(words).items()))


def _lines(words: Sequence[Word]) -> dict[int, list[Word]]:
    lines: dict[int, list[Word]] = {}
    for word in words:
        if word.source in _READ_BY_OCR:
            lines.setdefault(word.line, []).append(word)
    return lines


def _line(number: int, row: Sequence[Word]) -> DoubtedLine:
    return DoubtedLine(number, reduce(BoundingBox.union, (word.bbox for word in row)))


def looked_again(words: Sequence[Word], readings: Sequence[LineRead]) -> tuple[Word, ...]:
    """Give the words after the third reading, as many and at the same places as before.

    A word that it reads alike gains, one that it reads otherwise loses and keeps its text, unless the witness had
    read the same as the third: then two stand against one, and the word changes. What was there is kept beside it.
    """
    return _with_third(words, readings, lambda word, text, _: _weighed(word, text))


def read_by_third(words: Sequence[Word], readings: Sequence[LineRead]) -> tuple[Word, ...]:
    """Give the third engine's own reading, as many words as before: where it has nothing for one, that stays."""
    return _with_third(words, readings, _replaced)


def _with_third(
    words: Sequence[Word], readings: Sequence[LineRead], weigh: Callable[[Word, str, float], Word]
) -> tuple[Word, ...]:
    changed = list(words)
    for reading in readings:
        places = [at for at, word in enumerate(words) if word.line == reading.line and word.source in _READ_BY_OCR]
        if reading.sure < _SURE_FROM or not places:
            continue
        for at, text in zip(
            places, _aligned([words[at].text for at in places], reading.text.split()), strict=True
        ):
            changed[at] = weigh(words[at], text, reading.sure)
    return tuple(changed)


def _aligned(ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """Give what the other reading has in each of our words' stead, "" where it has nothing."""
    other = [""] * len(ours)
    steps = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    for kind, start, stop, first, last in steps:
        if kind == "equal" or (kind == "replace" and stop - start == last - first):
            other[start:stop] = theirs[first:last]
    return other


def _weighed(word: Word, text: str) -> Word:
    if not text:
        return word
    if text == word.text:
        return replace(word, confidence=max(word.confidence, min(_odds(word.confidence, _FOR), _CEILING)))
    if text in word.alternatives:
        rest = tuple(other for other in word.alternatives if other != text)
        least = max(1 - word.confidence, 0.5)
        return replace(word, text=text, confidence=min(least, _CEILING), alternatives=(word.text, *rest))
    return replace(word, confidence=_odds(word.confidence, _AGAINST), alternatives=(*word.alternatives, text))


def _replaced(word: Word, text: str, sure: float) -> Word:
    if not text or text == word.text:
        return _weighed(word, text)
    rest = tuple(other for other in word.alternatives if other != text)
    least = min(1 - word.confidence, sure, _CEILING)
    return replace(
        word, text=text, confidence=max(least, 0.0), source=WordSource.TROCR, alternatives=(word.text, *rest)
    )


def _odds(chance: float, factor: float) -> float:
    return factor * chance / (factor * chance + 1 - chance)
