"""Named numbers about a field, as a vector: a model keeps its own names, means and scales, and asks by name.

So a reader may measure more, or less, than a model was trained on: unknown numbers are left aside, missing ones
count as average.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, log, sqrt
from zlib import crc32

LEAST, MOST = 0.002, 0.998
"""Confidences are cut here before their logit is taken: an engine's 1.0 is no certainty."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """How a model's features are scaled; `names` fixes their order."""

    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]

    def vector(self, features: Mapping[str, float]) -> list[float]:
        """Scale the features asked for, to 8 deviations at most; a missing or broken one gives 0, the average."""
        scaled = []
        for name, mean, scale in zip(self.names, self.means, self.scales, strict=True):
            value = features.get(name)
            known = value is not None and isfinite(value)
            scaled.append(max(-8.0, min(8.0, (value - mean) / scale)) if known and value is not None else 0.0)
        return scaled


def fit_scaling(rows: Sequence[Mapping[str, float]]) -> Scaling:
    """Measure mean and deviation of every feature that occurs; a constant one is left out."""
    names = sorted({name for row in rows for name in row})
    kept, means, scales = [], [], []
    for name in names:
        values = [row[name] for row in rows if name in row and isfinite(row[name])]
        mean, deviation = _moments(values)
        if deviation > 1e-9:
            kept.append(name)
            means.append(mean)
            scales.append(deviation)
    return Scaling(tuple(kept), tuple(means), tuple(scales))


def _moments(values: Sequence[float]) -> tuple[float, float]:
    if not values:
        return 0.0, 0.0
    mean = sum(values) / len(values)
    return mean, sqrt(sum((value - mean) ** 2 for value in values) / len(values))


def logit(probability: float) -> float:
    """Give the log odds of a probability, cut to LEAST..MOST."""
    kept = min(MOST, max(LEAST, probability))
    return log(kept / (1 - kept))


def bucket(parts: Iterable[str], buckets: int) -> int:
    """Hash names into one of so many buckets, alike in every process: schemas are data, so no list is known."""
    return crc32("/".join(parts).encode()) % buckets
