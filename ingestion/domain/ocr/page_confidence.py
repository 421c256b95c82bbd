"""How much of a page was read right: the share of its words that stand among those read, told by what was read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from ingestion.domain.ocr.word_confidence import logistic
from ingestion.domain.ocr.word_evidence import Surroundings, logit

_LIKELY_WRONG = 0.5


@dataclass(frozen=True, slots=True)
class PageConfidence:
    """Coefficients by feature for each engine whose words a page has; `version` names the fit."""

    version: str
    coefficients: Mapping[str, Mapping[str, float]]

    def estimate(self, chances: Sequence[float], page: Surroundings, engine: str) -> float:
        """Give the expected share, 0..1, of what stands on the page that was read right; 1 without any word.

        `chances` are those of the words read; what was passed over counts by the signs that it left in them.
        """
        if not chances:
            return 1.0
        values = page_features(chances, page)
        return logistic(sum(weight * values[name] for name, weight in self.coefficients[engine].items()))


def page_features(chances: Sequence[float], page: Surroundings) -> dict[str, float]:
    """Give the numbers that a page's confidence is computed from, by name.

    Words likely wrong tell more than the mean: on a page that is hard to read they are many, on one whose print is
    set in an unknown way all words are a little doubtful.
    """
    return {
        "one": 1.0,
        "mean": logit(fmean(chances)),
        "low": fmean(chance < _LIKELY_WRONG for chance in chances),
        "space": page.space,
        "tight": page.tight,
        "lost": page.lost,
        "even": page.even,
        "joined": page.joined,
        "parted": page.parted,
    }


def unpack_page_confidence(packed: Mapping[str, Any]) -> PageConfidence:
    """Read a fit back from JSON."""
    return PageConfidence(packed["version"], packed["coefficients"])
