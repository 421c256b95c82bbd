"""Word confidence: the probability that a word is correct, from a forest over its evidence, fitted on real pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Protocol

from ingestion.domain.ocr.agreement import ComparedWord
from ingestion.domain.ocr.lexicon import Lexicon
from ingestion.domain.ocr.word_evidence import PageContext, word_features


class Forest(Protocol):
    """Forest of trees over named features, fitted and calibrated elsewhere."""

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Return the names of a row's features, in order."""
        ...

    def probabilities(self, rows: Sequence[Sequence[float]]) -> Sequence[float]:
        """Return the probability for each row, 0..1."""
        ...


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

        `compared` is ordered line by line, as read. Raises KeyError for an unknown basis or a missing feature.
        """
        if not compared:
            return ()
        forest = self.forests[basis]
        words = word_features(compared, page, self.lexicon)
        return tuple(forest.probabilities([[word[name] for name in forest.feature_names] for word in words]))


def unpack_lexicon(packed: Mapping[str, Sequence[int]]) -> Lexicon:
    """Read the known words from JSON: digests by the number of documents that contain them."""
    return Lexicon({int(digest): int(count) for count, found in packed.items() for digest in found})


def logistic(value: float) -> float:
    """Return 1 / (1 + e^-value) without overflow."""
    return 1 / (1 + exp(-value)) if value >= 0 else exp(value) / (1 + exp(value))
