"""The chance that a word is right: a small logistic function of what the engines said, fitted on real pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log

from ingestion.domain.agreement import Judged
from ingestion.domain.shapes import shape_of

_NEAR = 0.001
_LONG = 12
_MANY = 8  # words on a line


@dataclass(frozen=True, slots=True)
class WordConfidence:
    """Coefficients by feature name, one set for each basis: `rapidocr`, `tesseract`, or `both`.

    `version` names the fit.
    """

    version: str
    coefficients: Mapping[str, Mapping[str, float]]

    def estimate(self, judged: Judged, basis: str) -> float:
        """Give the calibrated probability, 0..1, that the word's text is what the page shows."""
        values = word_features(judged)
        return logistic(sum(weight * values[name] for name, weight in self.coefficients[basis].items()))


def word_features(judged: Judged) -> dict[str, float]:
    """Give the numbers that the chance is computed from, by name."""
    word = judged.word
    least, shape = _logit(word.least), shape_of(word.text)
    heard = judged.heard != ""
    alike = heard and judged.likeness >= 1
    return shape | {
        "one": 1.0,
        "mean": _logit(word.mean),
        "least": least,
        "least_squared": least * least / 10,
        "least_digits": least * shape["digits"],
        "length": min(len(word.text), _LONG) / _LONG,
        "long": max(len(word.text) - _LONG, 0) / _LONG,
        "rival": float(word.rival != ""),
        "company": _logit(word.trace.company),
        "line": min(word.trace.line, _MANY) / _MANY,
        "apart": min(word.trace.left, word.trace.right),
        "heard": float(heard),
        "alike": float(alike),
        "same": float(judged.heard == word.text),
        "same_folded": float(judged.heard.casefold() == word.text.casefold()),
        "likeness": judged.likeness,
        "sure_alike": judged.sure if alike else 0.0,
        "sure_unlike": judged.sure if heard and not alike else 0.0,
        "least_unlike": 0.0 if alike else least,
        "page": judged.page,
        "doubt": _logit(judged.doubt),
    }


def _logit(chance: float) -> float:
    inside = min(max(chance, _NEAR), 1 - _NEAR)
    return log(inside / (1 - inside))


def logistic(value: float) -> float:
    """Give 1 / (1 + e^-value) without overflow."""
    return 1 / (1 + exp(-value)) if value >= 0 else exp(value) / (1 + exp(value))
