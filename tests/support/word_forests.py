"""Forests of word confidence for tests, which need no fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class WeightedFeatures:
    """Forest whose probability is a constant plus a weighted sum of features."""

    weights: Mapping[str, float] = field(default_factory=dict)
    constant: float = 0.0

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Return the names of the weights."""
        return tuple(self.weights)

    def probabilities(self, rows: Sequence[Sequence[float]]) -> tuple[float, ...]:
        """Return a value for each row."""
        weights = self.weights.values()
        return tuple(self.constant + sum(a * b for a, b in zip(weights, row, strict=True)) for row in rows)
