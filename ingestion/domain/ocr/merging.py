"""Merging of two readings: each word with its calibrated probability and its alternatives."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingestion.domain.ocr.agreement import ComparedWord, EngineAgreement, OcrWord, compare_readings
from ingestion.domain.ocr.page_confidence import PageConfidenceModel
from ingestion.domain.ocr.word_confidence import WordConfidenceModel
from ingestion.domain.ocr.word_evidence import PageContext, page_context
from ingestion.domain.page.elements import Word, WordSource
from refinery.core.types import BoundingBox

_UNMATCHED_CONFIDENCE_FROM = 0.85
_UNMATCHED_LETTERS_FROM = 2
_RANGE = re.compile(r"\d\S* [-\u2013] \S*\d\S*")


@dataclass(frozen=True, slots=True)
class WordMerger:
    """Merges readings with the fitted confidence models of words and pages."""

    word_confidence: WordConfidenceModel
    page_confidence: PageConfidenceModel

    def context_of(self, words: Sequence[OcrWord]) -> PageContext:
        """Return the context of a page from all words that one engine read on it."""
        return page_context(words, self.word_confidence.lexicon)

    def single_engine_words(
        self, words: Sequence[OcrWord], basis: str, page: PageContext | None = None
    ) -> tuple[Word, ...]:
        """Return one engine's words, grouped by line: `basis` is the engine's name, `page` their page context."""
        return self._words([ComparedWord(word) for word in words], basis, page or self.context_of(words))

    def page_confidence_of(self, words: Sequence[Word], page: PageContext) -> float:
        """Return the expected share of the page that was read correctly, 0..1; 1 without any word."""
        engine = words[0].source.value if words else ""
        return self.page_confidence.estimate([word.confidence for word in words], page, engine)

    def merge_pages(
        self, primary: Sequence[OcrWord], secondary: Sequence[OcrWord], page: PageContext | None = None
    ) -> tuple[Word, ...]:
        """Return the words of a page, compared with a second engine's reading, and the words that only it found."""
        agreement = compare_readings(primary, secondary)
        merged = self._words(tuple(_split_number_ranges(agreement.words)), "both", page or self.context_of(primary))
        return (*merged, *self._words(_only_secondary(agreement), "tesseract", self.context_of(secondary)))

    def merge_lines(
        self, primary: Sequence[OcrWord], secondary: Sequence[OcrWord], page: PageContext | None = None
    ) -> tuple[Word, ...]:
        """Return the words of doubted lines, compared with a second engine that read only those lines."""
        return self._words(
            tuple(_split_number_ranges(compare_readings(primary, secondary).words)),
            "lines",
            page or self.context_of(primary),
        )

    def _words(self, compared: Sequence[ComparedWord], basis: str, page: PageContext) -> tuple[Word, ...]:
        source = WordSource.TESSERACT if basis == "tesseract" else WordSource.RAPIDOCR
        return tuple(
            Word(each.word.text, each.word.bbox, chance, source, 0, _alternatives(each))
            for each, chance in zip(compared, self.word_confidence.estimate(compared, basis, page), strict=True)
        )


def _only_secondary(agreement: EngineAgreement) -> tuple[ComparedWord, ...]:
    """Return confident words that only the second engine found: lines that the first one's detector missed."""
    return tuple(
        ComparedWord(word)
        for word in agreement.unmatched
        if word.mean_confidence >= _UNMATCHED_CONFIDENCE_FROM
        and sum(c.isalnum() for c in word.text) >= _UNMATCHED_LETTERS_FROM
    )


def _alternatives(compared: ComparedWord) -> tuple[str, ...]:
    word = compared.word
    second_text = compared.second_text if compared.likeness < 1 or " " in compared.second_text else ""
    others = (second_text, word.runner_up, word.trace.with_missed_spaces)
    return tuple(dict.fromkeys(other for other in others if other and other != word.text))


def _split_number_ranges(compared: Sequence[ComparedWord]) -> Iterator[ComparedWord]:
    """Split a word of the first engine where the second engine read a range of numbers: "3.5 - 5.1"."""
    for each in compared:
        if each.likeness < 1 or not _RANGE.fullmatch(each.second_text):
            yield each
            continue
        at, letters = 0, len(each.word.text)
        for text in each.second_text.split():
            box = _share(each.word.bbox, at / letters, (at + len(text)) / letters)
            yield replace(each, word=replace(each.word, text=text, bbox=box, runner_up=""), second_text=text)
            at += len(text)


def _share(box: BoundingBox, start: float, stop: float) -> BoundingBox:
    return BoundingBox.clipped(box.x0 + start * box.width, box.y0, box.x0 + min(stop, 1.0) * box.width, box.y1)
