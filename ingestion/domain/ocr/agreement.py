"""Two engines read the same page: which words are the same ones, and how far do the readings agree?"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingestion.domain.ocr.line_words import NO_TRACE, Trace, similarity
from refinery.core.types import BoundingBox

_OVERLAP_FROM = 0.5


@dataclass(frozen=True, slots=True)
class OcrWord:
    """A word as one engine read it; `mean` and `least` are its characters' confidences, 0..1, uncalibrated."""

    text: str
    bbox: BoundingBox
    mean: float
    least: float
    rival: str = ""
    trace: Trace = NO_TRACE


@dataclass(frozen=True, slots=True)
class Judged:
    """A word and what the witness made of the same place.

    `heard` is the witness's text there, its words joined by a blank; "" when it saw nothing. `likeness` is 1
    when both read the same characters (blanks aside), 0 when they share none. `sure` is the witness's mean
    confidence. `page` is the share of the page's words that both read alike, `doubt` the mean of their `least`: a
    bad scan is bad all over.
    """

    word: OcrWord
    heard: str = ""
    likeness: float = 0.0
    sure: float = 0.0
    page: float = 0.0
    doubt: float = 1.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The words with their judgement, in the order given, and the witness's words that nobody else saw."""

    judged: tuple[Judged, ...]
    unseen: tuple[OcrWord, ...]


def judge(read: Sequence[OcrWord], witness: Sequence[OcrWord]) -> Verdict:
    """Hold each word against the witness's words at the same place.

    Words are matched by geometry, in groups where one engine split what the other joined; a group is compared
    as a whole, so that "TOTAL 12.50" and "TOTAL12.50" agree.
    """
    groups = _groups(read, witness)
    judged = [Judged(word) for word in read]
    seen: set[int] = set()
    for ours, theirs in groups:
        seen.update(theirs)
        for index in ours:
            judged[index] = _compare(index, ours, theirs, read, witness)
    alike = sum(each.likeness >= 1 for each in judged) / max(len(judged), 1)
    doubt = sum(word.least for word in read) / max(len(read), 1)
    return Verdict(
        tuple(replace(each, page=alike, doubt=doubt) for each in judged),
        tuple(word for i, word in enumerate(witness) if i not in seen),
    )


def _compare(
    index: int, ours: list[int], theirs: list[int], read: Sequence[OcrWord], witness: Sequence[OcrWord]
) -> Judged:
    near = [i for i in theirs if same_place(read[index].bbox, witness[i].bbox)]
    sure = sum(witness[i].mean for i in near) / len(near)
    heard = " ".join(witness[i].text for i in near)
    whole = "".join(read[i].text for i in ours), "".join(witness[i].text for i in theirs)
    if whole[0] == whole[1]:
        return Judged(read[index], heard if len(ours) == 1 else read[index].text, 1.0, sure)
    alone = similarity(read[index].text, heard.replace(" ", ""))
    return Judged(read[index], heard, max(alone, similarity(*whole) if len(ours) > 1 else 0.0), sure)


def same_place(a: BoundingBox, b: BoundingBox) -> bool:
    """Tell whether two boxes hold the same print: each way they overlap by half of the smaller one."""
    return _overlap(a.x0, a.x1, b.x0, b.x1) >= _OVERLAP_FROM and _overlap(a.y0, a.y1, b.y0, b.y1) >= _OVERLAP_FROM


def _overlap(a0: float, a1: float, b0: float, b1: float) -> float:
    shorter = min(a1 - a0, b1 - b0)
    return (min(a1, b1) - max(a0, b0)) / shorter if shorter > 0 else 0.0


def _groups(read: Sequence[OcrWord], witness: Sequence[OcrWord]) -> list[tuple[list[int], list[int]]]:
    """Give connected groups of (ours, theirs), each from left to right."""
    by_top = sorted(range(len(witness)), key=lambda i: witness[i].bbox.y0)
    tops = [witness[i].bbox.y0 for i in by_top]
    tallest = max((word.bbox.height for word in witness), default=0.0)
    owner: dict[int, int] = {}
    groups: dict[int, tuple[list[int], list[int]]] = {}
    for index, word in enumerate(read):
        first = bisect_left(tops, word.bbox.y0 - tallest)
        last = bisect_left(tops, word.bbox.y1)
        near = [i for i in by_top[first:last] if same_place(word.bbox, witness[i].bbox)]
        if near:
            _join(index, near, owner, groups)
    return [_left_to_right(group, read, witness) for group in groups.values()]


def _join(
    index: int, near: list[int], owner: dict[int, int], groups: dict[int, tuple[list[int], list[int]]]
) -> None:
    ours, theirs = [index], [i for i in near if i not in owner]
    for key in {owner[i] for i in near if i in owner}:
        before = groups.pop(key)
        ours += before[0]
        theirs += before[1]
    groups[index] = (ours, theirs)
    owner.update(dict.fromkeys(theirs, index))


def _left_to_right(
    group: tuple[list[int], list[int]], read: Sequence[OcrWord], witness: Sequence[OcrWord]
) -> tuple[list[int], list[int]]:
    ours, theirs = group
    return sorted(ours, key=lambda i: read[i].bbox.x0), sorted(theirs, key=lambda i: witness[i].bbox.x0)
