"""The numbers that tell how far a field can be trusted: a fixed list, for the prior and the model that follows."""

from collections.abc import Mapping, Sequence
from math import exp, tanh
from statistics import fmean

from ingestion.domain.extraction.candidates import Candidate
from ingestion.domain.schemas.fields import FieldSpec, Validation

# All lie in 0..1 but `margin`, in -1..1. Order is part of the contract: append, never reorder.
FEATURE_NAMES: tuple[str, ...] = (
    "found",  # 1 when there is a value
    "ocr_min",  # lowest confidence among the value's words
    "ocr_mean",  # mean confidence of the value's words
    "page_confidence",  # expected share of right words on the value's page
    "native",  # 1 when the words are the file's own text, not read from pixels
    "label_score",  # how well the announcing label was read; 0 without a label
    "label_telling",  # how telling that label is among the field's labels
    "label_beside",  # 1 when the value stands to the right of its label
    "label_below",  # 1 when it stands below
    "label_distance",  # 0 beside, growing with gaps and rows, cut at 3, divided by 3
    "rival_label",  # 1 when another label stands nearer
    "candidates",  # number of different candidates, cut at 10, divided by 10
    "margin",  # lead of the score over the second candidate: tanh of half the difference
    "score",  # the winner's own score through a logistic curve
    "pattern_ok",  # 1 when the field's pattern fits, 0.5 without a pattern
    "validator_ok",  # 1 when all validations pass, 0.5 without any
    "proven",  # 1 when a check digit proves the value
    "arithmetic",  # 1 when other amounts add up to it, or it takes part in such a sum
    "repeated",  # how often the same value is printed: 0 once, 1 five times
    "ambiguous",  # 1 when a date can be read in two ways
    "typed_form",  # 1 when the value was printed in the kind's full form (cents, four-digit year)
    "vertical",  # where on the page, 0 top to 1 bottom
    "expected_place",  # 1 in the part of the page the schema names, 0.5 when it names none
    "length",  # characters, cut at 80, divided by 80
    "digit_share",  # share of digits among letters and digits
    "source_label",
    "source_pattern",
    "source_layout",
    "source_mrz",
    "required",
    "disagrees",  # 1 when a machine readable zone says otherwise
    "suggested",  # 1 when something on the pages is, or may be, a value; 0 only for a field not found
)

_SUMS = ("paid_less_change", "net_plus_tax", "rounded", "adds_up", "column_sum")


def _place(spec: FieldSpec, height: float) -> float:
    if spec.position == "any":
        return 0.5
    return float(height < 0.5) if spec.position == "top" else float(height >= 0.5)


def _of_words(candidate: Candidate) -> dict[str, float]:
    words = [word for span in candidate.spans for word in span.words]
    confidences = [word.confidence for word in words] or [0.0]
    return {
        "ocr_min": min(confidences),
        "ocr_mean": fmean(confidences),
        "native": float(bool(words) and all(word.source == "native" for word in words)),
    }


def _of_signals(signals: Mapping[str, float]) -> dict[str, float]:
    return {
        "label_score": signals.get("label", 0.0),
        "label_telling": signals.get("telling", 0.0),
        "label_beside": signals.get("right", 0.0),
        "label_below": signals.get("below", 0.0),
        "label_distance": min(signals.get("distance", 0.0), 3.0) / 3,
        "rival_label": signals.get("rival", 0.0),
        "proven": max(signals.get("proven", 0.0), signals.get("agreed", 0.0)),
        "arithmetic": max(signals.get(name, 0.0) for name in _SUMS),
        "repeated": signals.get("repeated", 0.0),
        "ambiguous": signals.get("ambiguous", 0.0),
        "typed_form": signals.get("exact", 1.0 - max(signals.get("impossible", 0.0), signals.get("slipped", 0.0))),
        "disagrees": signals.get("disagrees", 0.0),
    }


def _of_text(text: str) -> dict[str, float]:
    digits = sum(character.isdigit() for character in text)
    alphanumeric = sum(character.isalnum() for character in text)
    return {"length": min(len(text), 80) / 80, "digit_share": digits / alphanumeric if alphanumeric else 0.0}


def absent_features(spec: FieldSpec, page_confidence: float, *, suggested: bool) -> dict[str, float]:
    """Give the features of a field that was not found; `suggested` as in hints."""
    known = {
        "page_confidence": page_confidence,
        "required": float(spec.required),
        "suggested": float(suggested),
    }
    return {name: known.get(name, 0.0) for name in FEATURE_NAMES}


def features_of(
    spec: FieldSpec, ranked: Sequence[Candidate], validations: Sequence[Validation], page_confidence: float
) -> dict[str, float]:
    """Give the features of the first of `ranked` candidates, in the order of FEATURE_NAMES."""
    winner = ranked[0]
    height = winner.spans[0].row.relative_y if winner.spans else 0.0
    lead = winner.score - ranked[1].score if len(ranked) > 1 else 6.0
    patterns = [verdict.ok for verdict in validations if verdict.code == "pattern"]
    known = {
        "found": 1.0,
        **_of_words(winner),
        "page_confidence": page_confidence,
        **_of_signals(winner.signals),
        "candidates": min(len(ranked), 10) / 10,
        "margin": tanh(lead / 2),
        "score": 1 / (1 + exp(-(winner.score - 4) / 2)),
        "pattern_ok": float(all(patterns)) if patterns else 0.5,
        "validator_ok": float(all(verdict.ok for verdict in validations)) if validations else 0.5,
        "vertical": height,
        "expected_place": _place(spec, height),
        **_of_text(winner.value),
        f"source_{winner.source}": 1.0,
        "required": float(spec.required),
        "suggested": 1.0,
    }
    return {name: float(known.get(name, 0.0)) for name in FEATURE_NAMES}
