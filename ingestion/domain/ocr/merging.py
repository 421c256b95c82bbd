"""Two readings become one: each word with its calibrated chance, and with what else may stand there."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingestion.domain.ocr.agreement import Judged, OcrWord, Verdict, judge
from ingestion.domain.ocr.page_confidence import PageConfidence
from ingestion.domain.ocr.word_confidence import WordConfidence
from ingestion.domain.ocr.word_evidence import Surroundings, surroundings
from ingestion.domain.page.elements import Word, WordSource
from refinery.core.types import BoundingBox

_UNSEEN_SURE = 0.85
_UNSEEN_LETTERS = 2
_RANGE = re.compile(r"\d\S* [-\u2013] \S*\d\S*")


@dataclass(frozen=True, slots=True)
class Merging:
    """Merges readings, by what was fitted for words and for pages."""

    chance: WordConfidence
    share: PageConfidence

    def page(self, words: Sequence[OcrWord]) -> Surroundings:
        """Look at all words that one engine read of a page."""
        return surroundings(words, self.chance.lexicon)

    def alone(self, words: Sequence[OcrWord], basis: str, page: Surroundings | None = None) -> tuple[Word, ...]:
        """Give one engine's words, those of a line together: `basis` is its name, `page` where they stand."""
        return self._words([Judged(word) for word in words], basis, page or self.page(words))

    def confidence(self, words: Sequence[Word], page: Surroundings) -> float:
        """Give the share of the page that was expectedly read right, 0..1; 1 without any word."""
        engine = words[0].source.value if words else ""
        return self.share.estimate([word.confidence for word in words], page, engine)

    def together(
        self, read: Sequence[OcrWord], heard: Sequence[OcrWord], page: Surroundings | None = None
    ) -> tuple[Word, ...]:
        """Give the words read of a page, judged by a witness that read the same page, and what it alone saw."""
        verdict = judge(read, heard)
        judged = self._words(tuple(_parted(verdict.judged)), "both", page or self.page(read))
        return (*judged, *self._words(_only_heard(verdict), "tesseract", self.page(heard)))

    def lines(
        self, read: Sequence[OcrWord], heard: Sequence[OcrWord], page: Surroundings | None = None
    ) -> tuple[Word, ...]:
        """Give the words of doubted lines, judged by a witness that was shown those lines alone."""
        return self._words(tuple(_parted(judge(read, heard).judged)), "lines", page or self.page(read))

    def _words(self, judged: Sequence[Judged], basis: str, page: Surroundings) -> tuple[Word, ...]:
        source = WordSource.TESSERACT if basis == "tesseract" else WordSource.RAPIDOCR
        return tuple(
            Word(each.word.text, each.word.bbox, chance, source, 0, _alternatives(each))
            for each, chance in zip(judged, self.chance.estimate(judged, basis, page), strict=True)
        )


def _only_heard(verdict: Verdict) -> tuple[Judged, ...]:
    """Keep what the witness alone saw where it is sure: a line that the other's detector missed."""
    return tuple(
        Judged(word)
        for word in verdict.unseen
        if word.mean >= _UNSEEN_SURE and sum(c.isalnum() for c in word.text) >= _UNSEEN_LETTERS
    )


def _alternatives(judged: Judged) -> tuple[str, ...]:
    word = judged.word
    heard = judged.heard if judged.likeness < 1 or " " in judged.heard else ""
    others = (heard, word.rival, word.trace.parted)
    return tuple(dict.fromkeys(other for other in others if other and other != word.text))


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
