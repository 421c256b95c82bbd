"""Word confidence: the probability that a word is correct, from a forest over its evidence, fitted on real pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Any

from ingestion.domain.ocr.agreement import ComparedWord
from ingestion.domain.ocr.forest import Forest, unpack_forest
from ingestion.domain.ocr.lexicon import Lexicon
from ingestion.domain.ocr.word_evidence import PageContext, word_features


@dataclass(frozen=True, slots=True)
class WordConfidenceModel:
    """Forest for each basis: `rapidocr` or `tesseract` only, `lines` that both read, `both` for the whole page.

    `version` identifies the fit.
    """

    version: str
    forests: Mapping[str, Forest]
    lexicon: Lexicon

    def estimate(self, compared: Sequence[ComparedWord], basis: str, page: PageContext) -> tuple[float, ...]:
        """Return the calibrated probability of each word, 0..1, that its text is what the page shows.

        `compared` is ordered line by line, as read.
        """
        if not compared:
            return ()
        forest = self.forests[basis]
        return tuple(logistic(forest.value(values)) for values in word_features(compared, page, self.lexicon))


def unpack_word_confidence(packed: Mapping[str, Any]) -> WordConfidenceModel:
    """Read a fit from JSON."""
    forests = {basis: unpack_forest(forest) for basis, forest in packed["forests"].items()}
    document_counts = {int(digest): int(count) for count, found in packed["lexicon"].items() for digest in found}
    return WordConfidenceModel(packed["version"], forests, Lexicon(document_counts))


def logistic(value: float) -> float:
    """Return 1 / (1 + e^-value) without overflow."""
    return 1 / (1 + exp(-value)) if value >= 0 else exp(value) / (1 + exp(value))
