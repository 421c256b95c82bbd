"""Two readings become one: each word with its calibrated chance, and with what else may stand there."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.domain.agreement import Judged, OcrWord, Verdict, judge
from ingestion.domain.confidence import WordConfidence
from ingestion.domain.layout import Word, WordSource

_UNSEEN_SURE = 0.85
_UNSEEN_LETTERS = 2


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
        return (*(self._word(judged, "both") for judged in verdict.judged), *self._only_heard(verdict))

    def lines(self, read: Sequence[OcrWord], heard: Sequence[OcrWord]) -> tuple[Word, ...]:
        """Give the words of doubted lines, judged by a witness that was shown those lines alone."""
        return tuple(self._word(judged, "lines") for judged in judge(read, heard).judged)

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
