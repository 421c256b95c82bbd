"""Two readings become one: each word with its calibrated chance, and with what else may stand there."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingestion.domain.agreement import Judged, OcrWord, Verdict, judge
from ingestion.domain.confidence import WordConfidence
from ingestion.domain.layout import Word, WordSource
from refinery.types import BoundingBox

_UNSEEN_SURE = 0.85
_UNSEEN_LETTERS = 2
_RANGE = re.compile(r"\d\S* [-\u2013] \S*\d\S*")


@dataclass(frozen=True, slots=True)
class Merging:
    """Merges readings, by the coefficients that were fitted for them."""

    chance: WordConfidence

    def alone(self, words: Sequence[OcrWord], basis: str) -> tuple[Word, ...]:
        """Give one engine's words: `basis` is its name."""
        return tuple(self._word(Judged(word), basis) for word in words)

    def together(self, read: Sequence[OcrWord], heard: Sequence[OcrWord]) -> tuple[Word, ...]:
        """Give the words read of a page, judged by a witness that read the same page, and what it alone saw."""
        verdict = judge(read, heard)
        return (*(self._word(judged, "both") for judged in _parted(verdict.judged)), *self._only_heard(verdict))

    def lines(self, read: Sequence[OcrWord], heard: Sequence[OcrWord]) -> tuple[Word, ...]:
        """Give the words of doubted lines, judged by a witness that was shown those lines alone."""
        return tuple(self._word(judged, "lines") for judged in _parted(judge(read, heard).judged))

    def _only_heard(self, verdict: Verdict) -> tuple[Word, ...]:
        """Keep what the witness alone saw where it is sure: a line that the other's detector missed."""
        return tuple(
            self._word(Judged(word), "tesseract")
            for word in verdict.unseen
            if word.mean >= _UNSEEN_SURE and sum(c.isalnum() for c in word.text) >= _UNSEEN_LETTERS
        )

    def _word(self, judged: Judged, basis: str) -> Word:
        word = judged.word
        others = (judged.heard if judged.likeness < 1 or " " in judged.heard else "", word.rival)
        alternatives = tuple(dict.fromkeys(other for other in others if other and other != word.text))
        source = WordSource.TESSERACT if basis == "tesseract" else WordSource.RAPIDOCR
        return Word(word.text, word.bbox, self.chance.estimate(judged, basis), source, 0, alternatives)


def _parted(judged: Sequence[Judged]) -> Iterator[Judged]:
    """Part what the first engine read as one where the witness heard a range of numbers: "3.5 - 5.1"."""
    for each in judged:
        if each.likeness < 1 or not _RANGE.fullmatch(each.heard):
            yield each
            continue
        at, letters = 0, len(each.word.text)
        for text in each.heard.split():
            box = _share(each.word.bbox, at / letters, (at + len(text)) / letters)
            yield replace(each, word=replace(each.word, text=text, bbox=box, rival=""), heard=text)
            at += len(text)


def _share(box: BoundingBox, start: float, stop: float) -> BoundingBox:
    return BoundingBox.clipped(box.x0 + start * box.width, box.y0, box.x0 + min(stop, 1.0) * box.width, box.y1)
