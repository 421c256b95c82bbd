"""Features of a field's confidence: a fixed list of numbers, for the prior and the trained model."""

from collections.abc import Mapping, Sequence
from math import exp, tanh
from statistics import fmean

from ingestion.domain.extraction.candidates import FieldCandidate
from ingestion.domain.schemas.fields import FieldSpec, Validation

# All are in 0..1 except `margin`, in -1..1. The order is part of the contract: append, never reorder.
FEATURE_NAMES: tuple[str, ...] = tuple(
    (
        "found ocr_min ocr_mean page_confidence native label_score label_priority label_beside label_below "
        "label_distance rival_label candidates margin score pattern_ok validator_ok proven arithmetic repeated "
        "ambiguous typed_form vertical expected_place length digit_share source_label source_pattern source_layout "
        "source_mrz required disagrees suggested"
    ).split()
)

_SUM_SIGNALS = ("paid_less_change", "net_plus_tax", "rounded", "adds_up", "column_sum")


def _in_expected_part(spec: FieldSpec, height: float) -> float:
    if spec.position == "any":
        return 0.5
    return float(height < 0.5) if spec.position == "top" else float(height >= 0.5)


def _of_words(candidate: FieldCandidate) -> dict[str, float]:
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
        "label_priority": signals.get("label_priority", 0.0),
        "label_beside": signals.get("right", 0.0),
        "label_below": signals.get("below", 0.0),
        "label_distance": min(signals.get("distance", 0.0), 3.0) / 3,
        "rival_label": signals.get("rival", 0.0),
        "proven": max(signals.get("proven", 0.0), signals.get("agreed", 0.0)),
        "arithmetic": max(signals.get(name, 0.0) for name in _SUM_SIGNALS),
        "repeated": signals.get("repeated", 0.0),
        "ambiguous": signals.get("ambiguous", 0.0),
        "typed_form": signals.get("exact", 1.0 - max(signals.get("impossible", 0.0), signals.get("misread", 0.0))),
        "disagrees": signals.get("disagrees", 0.0),
    }


def _of_text(text: str) -> dict[str, float]:
    digits = sum(character.isdigit() for character in text)
    alphanumeric = sum(character.isalnum() for character in text)
    return {"length": min(len(text), 80) / 80, "digit_share": digits / alphanumeric if alphanumeric else 0.0}


def absent_features(spec: FieldSpec, page_confidence: float, *, suggested: bool) -> dict[str, float]:
    """Return the features of a field that was not found; `suggested` is the result of is_value_suggested."""
    known = {"page_confidence": page_confidence, "required": float(spec.required), "suggested": float(suggested)}
    return {name: known.get(name, 0.0) for name in FEATURE_NAMES}


def features_of(
    spec: FieldSpec, ranked: Sequence[FieldCandidate], validations: Sequence[Validation], page_confidence: float
) -> dict[str, float]:
    """Return the features of the first of `ranked` candidates, in the order of FEATURE_NAMES."""
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
        "expected_place": _in_expected_part(spec, height),
        **_of_text(winner.value),
        f"source_{winner.source}": 1.0,
        "required": float(spec.required),
        "suggested": 1.0,
    }
    return {name: float(known.get(name, 0.0)) for name in FEATURE_NAMES}
