"""The chance that a word is right: what a forest makes of the evidence, fitted on real pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Any

from ingestion.domain.ocr.agreement import Judged
from ingestion.domain.ocr.forest import Forest, unpack_forest
from ingestion.domain.ocr.lexicon import Lexicon
from ingestion.domain.ocr.word_evidence import Surroundings, evidence


@dataclass(frozen=True, slots=True)
class WordConfidence:
    """A forest for each basis: `rapidocr` or `tesseract` alone, `lines` that both saw, `both` over the whole page.

    `version` names the fit.
    """

    version: str
    forests: Mapping[str, Forest]
    lexicon: Lexicon

    def estimate(self, judged: Sequence[Judged], basis: str, page: Surroundings) -> tuple[float, ...]:
        """Give the calibrated probability of each word, 0..1, that its text is what the page shows.

        `judged` stand line by line, as they were read.
        """
        if not judged:
            return ()
        forest = self.forests[basis]
        return tuple(logistic(forest.value(values)) for values in evidence(judged, page, self.lexicon))


def unpack_confidence(packed: Mapping[str, Any]) -> WordConfidence:
    """Read a fit back from JSON."""
    forests = {basis: unpack_forest(forest) for basis, forest in packed["forests"].items()}
    papers = {int(digest): int(count) for count, found in packed["lexicon"].items() for digest in found}
    return WordConfidence(packed["version"], forests, Lexicon(papers))


def logistic(value: float) -> float:
    """Give 1 / (1 + e^-value) without overflow."""
    return 1 / (1 + exp(-value)) if value >= 0 else exp(value) / (1 + exp(value))
