"""Page confidence: the share of a page's words that was read correctly, estimated from the words read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from ingestion.domain.ocr.word_confidence import logistic
from ingestion.domain.ocr.word_evidence import PageContext, logit

_LIKELY_WRONG = 0.5


@dataclass(frozen=True, slots=True)
class PageConfidenceModel:
    """Coefficients by feature for each engine whose words a page has; `version` identifies the fit."""

    version: str
    coefficients: Mapping[str, Mapping[str, float]]

    def estimate(self, chances: Sequence[float], page: PageContext, engine: str) -> float:
        """Return the expected share, 0..1, of the page's text that was read correctly; 1 without any word.

        `chances` are those of the words read; missed text counts through the traces that it left in them.
        """
        if not chances:
            return 1.0
        values = page_features(chances, page)
        return logistic(sum(weight * values[name] for name, weight in self.coefficients[engine].items()))


def page_features(chances: Sequence[float], page: PageContext) -> dict[str, float]:
    """Return the features that a page's confidence is computed from, by name.

    Words that are likely wrong are more informative than the mean: a page that is hard to read has many of them,
    while on one printed in an unknown style all words are a little doubtful.
    """
    return {
        "one": 1.0,
        "mean": logit(fmean(chances)),
        "low": fmean(chance < _LIKELY_WRONG for chance in chances),
        "space": page.missed_space,
        "tight": page.tight_share,
        "lost": page.missed_character,
        "even": page.line_confidence,
        "joined": page.looks_joined_share,
        "split": page.known_in_two_share,
    }


def unpack_page_confidence(packed: Mapping[str, Any]) -> PageConfidenceModel:
    """Read a fit from JSON."""
    return PageConfidenceModel(packed["version"], packed["coefficients"])
