"""Prior estimate of a field's confidence, until a model trained on reviewers' corrections replaces it.

A logistic curve over the features. Coefficients were set by hand, then adjusted by a ridge fit (strength 12 around
the hand-set ones) on 780 fields: half `tune` of 150 SROIE receipts and 60 scanned samples of the project's own.
On the other half, e-invoices and other samples (1,828 fields) it separates right from wrong with an AUROC of .88 and
a calibration error of .005; on the receipts only it is overconfident by four points. `typed_form` and `disagrees`
are set by hand: the fit had too few such fields.
"""

from collections.abc import Mapping
from math import exp

from ingestion.domain.schemas.kinds import value_type

INTERCEPT = -2.3
COEFFICIENTS: Mapping[str, float] = {
    "ocr_min": 1.5,
    "ocr_mean": 1.2,
    "page_confidence": 0.15,
    "native": 0.5,
    "label_score": 0.7,
    "label_priority": -0.1,
    "label_beside": -0.3,
    "label_below": 0.1,
    "candidates": -0.4,
    "margin": 1.0,
    "score": 1.75,
    "validator_ok": 0.5,
    "proven": 2.0,
    "arithmetic": 0.6,
    "ambiguous": -1.0,
    "typed_form": 0.8,
    "digit_share": -0.2,
    "source_pattern": 0.15,
    "disagrees": -1.5,
}
# Not found: how often the document truly has none. A required field is usually present and was missed. Of the
# optional ones not found in 35 e-invoices and 210 of the project's own samples, 13 of 14 were truly absent where
# nothing suggested a value (see suggestions), 14 of 30 where something did; they were tuned on these documents.
ABSENT_UNSUGGESTED = 0.9
ABSENT_OPTIONAL = 0.5
ABSENT_REQUIRED = 0.2


def confidence_of(kind: str, features: Mapping[str, float]) -> float:
    """Estimate the probability that the normalised value is right, or that a field not found is truly absent."""
    if not features["found"]:
        absent = ABSENT_OPTIONAL if features["suggested"] else ABSENT_UNSUGGESTED
        return ABSENT_REQUIRED if features["required"] else absent
    exponent = INTERCEPT + value_type(kind).confidence_offset
    exponent += sum(weight * features[name] for name, weight in COEFFICIENTS.items())
    return round(1 / (1 + exp(-exponent)), 4)
