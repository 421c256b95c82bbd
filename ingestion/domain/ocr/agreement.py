"""Comparison of two engines on one page: which words correspond, and how far the readings agree."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingestion.domain.ocr.line_words import EMPTY_TRACE, RecognitionTrace
from ingestion.domain.page.similarity import similarity
from refinery.core.types import BoundingBox

_OVERLAP_FROM = 0.5


@dataclass(frozen=True, slots=True)
class OcrWord:
    """Word as one engine read it; the confidences are those of its characters, 0..1, uncalibrated."""

    text: str
    bbox: BoundingBox
    mean_confidence: float
    min_confidence: float
    runner_up: str = ""
    trace: RecognitionTrace = EMPTY_TRACE


@dataclass(frozen=True, slots=True)
class ComparedWord:
    """Word and what the second engine read at the same place.

    `second_text` is the second engine's text there, its words joined by a blank; "" if it found nothing. `likeness`
    is 1 if both read the same characters (ignoring blanks), 0 if they share none. `second_confidence` is the second
    engine's mean confidence. `page_agreement` is the share of the page's words that both read alike,
    `page_min_confidence` the mean of the words' `min_confidence`: scan quality affects the whole page.
    """

    word: OcrWord
    second_text: str = ""
    likeness: float = 0.0
    second_confidence: float = 0.0
    page_agreement: float = 0.0
    page_min_confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class EngineAgreement:
    """Compared words, in the input order, and the words that only the second engine found."""

    words: tuple[ComparedWord, ...]
    unmatched: tuple[OcrWord, ...]


def compare_readings(primary: Sequence[OcrWord], secondary: Sequence[OcrWord]) -> EngineAgreement:
    """Compare each word with the second engine's words at the same place.

    Words are matched by geometry, in groups where one engine split what the other joined. A group is compared
    as a whole, so that "TOTAL 12.50" and "TOTAL12.50" agree.
    """
    groups = _groups(primary, secondary)
    compared = [ComparedWord(word) for word in primary]
    matched: set[int] = set()
    for ours, theirs in groups:
        matched.update(theirs)
        for index in ours:
            compared[index] = _compare(index, ours, theirs, primary, secondary)
    alike = sum(each.likeness >= 1 for each in compared) / max(len(compared), 1)
    doubt = sum(word.min_confidence for word in primary) / max(len(primary), 1)
    return EngineAgreement(
        tuple(replace(each, page_agreement=alike, page_min_confidence=doubt) for each in compared),
        tuple(word for i, word in enumerate(secondary) if i not in matched),
    )


def _compare(
    index: int, ours: list[int], theirs: list[int], primary: Sequence[OcrWord], secondary: Sequence[OcrWord]
) -> ComparedWord:
    near = [i for i in theirs if same_place(primary[index].bbox, secondary[i].bbox)]
    second_confidence = sum(secondary[i].mean_confidence for i in near) / len(near)
    second_text = " ".join(secondary[i].text for i in near)
    whole = "".join(primary[i].text for i in ours), "".join(secondary[i].text for i in theirs)
    if whole[0] == whole[1]:
        return ComparedWord(
            primary[index], second_text if len(ours) == 1 else primary[index].text, 1.0, second_confidence
        )
    alone = similarity(primary[index].text, second_text.replace(" ", ""))
    return ComparedWord(
        primary[index], second_text, max(alone, similarity(*whole) if len(ours) > 1 else 0.0), second_confidence
    )


def same_place(a: BoundingBox, b: BoundingBox) -> bool:
    """Return whether two boxes hold the same print: the overlap in each direction is half of the smaller one."""
    return _overlap(a.x0, a.x1, b.x0, b.x1) >= _OVERLAP_FROM and _overlap(a.y0, a.y1, b.y0, b.y1) >= _OVERLAP_FROM


def _overlap(a0: float, a1: float, b0: float, b1: float) -> float:
    shorter = min(a1 - a0, b1 - b0)
    return (min(a1, b1) - max(a0, b0)) / shorter if shorter > 0 else 0.0


def _groups(primary: Sequence[OcrWord], secondary: Sequence[OcrWord]) -> list[tuple[list[int], list[int]]]:
    """Return connected groups of (ours, theirs), each from left to right."""
    by_top = sorted(range(len(secondary)), key=lambda i: secondary[i].bbox.y0)
    tops = [secondary[i].bbox.y0 for i in by_top]
    tallest = max((word.bbox.height for word in secondary), default=0.0)
    owner: dict[int, int] = {}
    groups: dict[int, tuple[list[int], list[int]]] = {}
    for index, word in enumerate(primary):
        first = bisect_left(tops, word.bbox.y0 - tallest)
        last = bisect_left(tops, word.bbox.y1)
        near = [i for i in by_top[first:last] if same_place(word.bbox, secondary[i].bbox)]
        if near:
            _join(index, near, owner, groups)
    return [_left_to_right(group, primary, secondary) for group in groups.values()]


def _join(index: int, near: list[int], owner: dict[int, int], groups: dict[int, tuple[list[int], list[int]]]) -> None:
    ours, theirs = [index], [i for i in near if i not in owner]
    for key in {owner[i] for i in near if i in owner}:
        before = groups.pop(key)
        ours += before[0]
        theirs += before[1]
    groups[index] = (ours, theirs)
    owner.update(dict.fromkeys(theirs, index))


def _left_to_right(
    group: tuple[list[int], list[int]], primary: Sequence[OcrWord], secondary: Sequence[OcrWord]
) -> tuple[list[int], list[int]]:
    ours, theirs = group
    return sorted(ours, key=lambda i: primary[i].bbox.x0), sorted(theirs, key=lambda i: secondary[i].bbox.x0)
