"""Labels as training data: values confirmed or corrected by people, with the model's inputs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from quality.domain.pools import Pool


class LabelKind(StrEnum):
    """Decision of a person on the model's value."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class FieldCase:
    """Input of the field-confidence model: the schema, the field, and named features of its reading."""

    schema: str
    field: str
    confidence: float
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class LabelledExample:
    """One field as read by the model and as left by an expert. `confidence` is that of the reading."""

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
        """The model's input: everything but the label."""
        return FieldCase(self.schema, self.field, self.confidence, self.features)


@dataclass(frozen=True, slots=True)
class Dataset:
    """Examples by pool, each field of a document once; `sha256` identifies exactly this data."""

    train: tuple[LabelledExample, ...]
    calibrate: tuple[LabelledExample, ...]
    audit: tuple[LabelledExample, ...]
    sha256: str

    def __len__(self) -> int:
        """Return the number of all examples."""
        return len(self.train) + len(self.calibrate) + len(self.audit)


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """Training parameters; the same data, seed and machine produce the same weights."""

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
    """Candidate with its weights as JSON bytes (see confidence.ConfidenceModel) and training metrics."""

    weights: bytes
    sha256: str
    device: str
    metrics: Mapping[str, float] = field(default_factory=dict)


class TooFewExamples(ValueError):
    """Not enough labels of both kinds to learn from."""


def build_dataset(examples: Iterable[LabelledExample]) -> Dataset:
    """Sort examples into pools; the latest label of a document's field counts, regardless of its reviewer."""
    latest: dict[tuple[str, str], LabelledExample] = {}
    for example in sorted(examples, key=lambda example: (example.created_at, example.id)):
        latest[(example.document, example.field)] = example
    kept = sorted(latest.values(), key=lambda example: example.id)
    train, calibrate, audit = (tuple(each for each in kept if each.pool is pool) for pool in Pool)
    return Dataset(train, calibrate, audit, _digest(kept))


def ensure_trainable(dataset: Dataset, least: int = 10, least_wrong: int = 1) -> None:
    """Raise TooFewExamples unless the training pool has enough labels, and enough of each kind."""
    wrong = sum(not example.right for example in dataset.train)
    if len(dataset.train) < least or not least_wrong <= wrong <= len(dataset.train) - least_wrong:
        message = (
            f"{len(dataset.train)} labels to learn from, {wrong} of them corrections: "
            f"at least {least} are needed, and {least_wrong} of each kind"
        )
        raise TooFewExamples(message)


def _digest(examples: Sequence[LabelledExample]) -> str:
    """Hash the data that the model learns from; not texts, which belong to the customer and are not learnt."""
    rows = [
        [each.id, each.kind, each.pool, each.schema, each.field, each.confidence, sorted(each.features.items())]
        for each in examples
    ]
    return sha256(json.dumps(rows).encode()).hexdigest()
