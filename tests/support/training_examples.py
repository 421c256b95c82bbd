"""Labels from a simulated reader: its confidence is informative, two features more so, and one field is difficult."""

# ruff: noqa: S311 - seeded draws, no secrets
from datetime import UTC, datetime
from math import exp
from random import Random

from quality.domain.pools import pool_of
from quality.domain.training import LabelKind, LabelledExample

FIELDS = ("total", "supplier", "invoice_date", "iban")


def _features(rng: Random) -> dict[str, float]:
    return {
        "ocr_min": rng.betavariate(6, 1.5),
        "label_score": rng.random(),
        "validator_ok": float(rng.random() < 0.8),
        "noise": rng.gauss(0, 1),
        "constant": 1.0,
    }


def true_probability(field: str, confidence: float, features: dict[str, float]) -> float:
    """Return the probability that the value is correct: the best prediction that a model can learn."""
    odds = 3.0 * (confidence - 0.6) + 2.4 * (features["validator_ok"] - 0.5) + 2.0 * (features["label_score"] - 0.4)
    odds += {"supplier": -1.6}.get(field, 0.9)
    return 1 / (1 + exp(-odds))


def make_examples(documents: int, seed: int = 1, *, senders: int = 60) -> list[LabelledExample]:
    """Create labels for `documents` documents of four fields each, from `senders` senders."""
    rng = Random(seed)
    made = []
    for document in range(documents):
        family = f"sender-{rng.randrange(senders)}"
        for field in FIELDS:
            features = _features(rng)
            confidence = 0.35 + 0.64 * rng.random()
            right = rng.random() < true_probability(field, confidence, features)
            made.append(_example(document, field, family, confidence, features, right=right))
    return made


def _example(
    document: int, field: str, family: str, confidence: float, features: dict[str, float], *, right: bool
) -> LabelledExample:
    return LabelledExample(
        id=f"{document:06d}-{field}",
        kind=LabelKind.CONFIRMED if right else LabelKind.CORRECTED,
        document=f"document-{document}",
        schema="invoice",
        field=field,
        model_prediction="1.00",
        expert_correction="1.00" if right else "7.00",
        confidence=confidence,
        features=features,
        model_version="prior/1",
        reviewer_role="reviewer",
        pool=pool_of(family),
        family=family,
        created_at=datetime(2025, 6, 1, tzinfo=UTC),
    )
