"""Labels as training data: a value that a human confirmed or corrected, with what the model knew of it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from quality.domain.pools import Pool


class LabelKind(StrEnum):
    """What a human made of the model's value."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class FieldCase:
    """What the field-confidence model sees of one field: where it stands, and named numbers about its reading."""

    schema: str
    field: str
    confidence: float
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class TrainingExample:
    """One field as the model read it and as an expert left it. `confidence` is what was claimed then."""

    id: str
    kind: LabelKind
    document: str
    schema: str
    field: str
    model_prediction: str
    expert_correction: str
    confidence: float
    features: Mapping[str, float]
    model_version: str
    reviewer_role: str
    pool: Pool
    family: str
    created_at: datetime

    @property
    def right(self) -> bool:
        """Whether the model's value was right: the label."""
        return self.kind is LabelKind.CONFIRMED

    @property
    def case(self) -> FieldCase:
        """What a model is shown of it: everything but the label."""
        return FieldCase(self.schema, self.field, self.confidence, self.features)


@dataclass(frozen=True, slots=True)
class Dataset:
    """Examples by pool, each field of a document once; `sha256` names exactly this data."""

    train: tuple[TrainingExample, ...]
    calibrate: tuple[TrainingExample, ...]
    audit: tuple[TrainingExample, ...]
    sha256: str

    def __len__(self) -> int:
        """Count all examples."""
        return len(self.train) + len(self.calibrate) + len(self.audit)


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """How a candidate is trained; the same data, seed and machine give the same weights."""

    seed: int = 20_250_630
    hidden: int = 16
    width: int = 4
    epochs: int = 400
    patience: int = 40
    learning_rate: float = 0.02
    weight_decay: float = 0.02
    device: str = "auto"


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """A candidate: its weights as JSON bytes (see confidence.ConfidenceModel), and how the training went."""

    weights: bytes
    sha256: str
    device: str
    metrics: Mapping[str, float] = field(default_factory=dict)


class TooFewExamples(ValueError):
    """Not enough labels of both kinds to learn anything."""


def build_dataset(examples: Iterable[TrainingExample]) -> Dataset:
    """Sort examples into pools; the latest word on a field of a document counts, whoever spoke before."""
    latest: dict[tuple[str, str], TrainingExample] = {}
    for example in sorted(examples, key=lambda example: (example.created_at, example.id)):
        latest[(example.document, example.field)] = example
    kept = sorted(latest.values(), key=lambda example: example.id)
    train, calibrate, audit = (tuple(each for each in kept if each.pool is pool) for pool in Pool)
    return Dataset(train, calibrate, audit, _digest(kept))


def ensure_trainable(dataset: Dataset, least: int = 10, least_wrong: int = 1) -> None:
    """Raise TooFewExamples unless the training pool holds enough labels, and enough of each kind."""
    wrong = sum(not example.right for example in dataset.train)
    if len(dataset.train) < least or not least_wrong <= wrong <= len(dataset.train) - least_wrong:
        message = (
            f"{len(dataset.train)} labels to learn from, {wrong} of them corrections: "
            f"at least {least} are needed, and {least_wrong} of each kind"
        )
        raise TooFewExamples(message)


def _digest(examples: Sequence[TrainingExample]) -> str:
    """Hash what the model learns from; not texts, which are the customer's and teach it nothing."""
    rows = [
        [each.id, each.kind, each.pool, each.schema, each.field, each.confidence, sorted(each.features.items())]
        for each in examples
    ]
    return sha256(json.dumps(rows).encode()).hexdigest()
