"""Ports of quality, as protocols. Code tables: see reference."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from quality.domain.training import Dataset, FieldCase, TrainedModel, TrainingConfig


@dataclass(frozen=True, slots=True)
class Device:
    """Device for models: `kind` is cpu, cuda or mps; `name` is for people; `memory_bytes` is 0 for a CPU."""

    kind: str
    name: str
    memory_bytes: int = 0
    runtime: str = ""


class ModelRuntime(Protocol):
    """Trains field-confidence models and runs them over many cases at once."""

    def device(self) -> Device:
        """Return the device that models run on."""
        ...

    def train(self, dataset: Dataset, config: TrainingConfig) -> TrainedModel:
        """Train a candidate. Raises TooFewExamples."""
        ...

    def predict(self, weights: bytes, cases: Sequence[FieldCase]) -> list[float]:
        """Return P(right) for each case. Raises UnknownWeights."""
        ...
