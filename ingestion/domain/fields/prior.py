"""A first estimate of a field's confidence, until a model trained on reviewers' corrections takes over."""

from collections.abc import Mapping
from math import exp

from ingestion.domain.extraction import FieldKind

INTERCEPT = -3.0
COEFFICIENTS: Mapping[str, float] = {
    "ocr_min": 1.0,
    "ocr_mean": 1.0,
    "label_score": 1.0,
    "margin": 1.0,
    "score": 2.0,
    "validator_ok": 0.5,
    "proven": 2.0,
    "arithmetic": 1.0,
    "ambiguous": -1.0,
    "native": 0.5,
}
BY_KIND: Mapping[FieldKind, float] = {FieldKind.ADDRESS: -1.0, FieldKind.PARTY: -0.5}
ABSENT_OPTIONAL = 0.8
ABSENT_REQUIRED = 0.1


def confidence_of(kind: FieldKind, features: Mapping[str, float]) -> float:
    """Estimate the probability that the normalised value is right, or that a field not found is truly absent."""
    if not features["found"]:
        return ABSENT_REQUIRED if features["required"] else ABSENT_OPTIONAL
    exponent = INTERCEPT + BY_KIND.get(kind, 0.0)
    exponent += sum(weight * features[name] for name, weight in COEFFICIENTS.items())
    return round(1 / (1 + exp(-exponent)), 4)
