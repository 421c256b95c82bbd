"""Named features of a field as a vector: a model stores its own names, means and scales.

So a reader may provide more or fewer features than a model was trained on: unknown ones are ignored, missing ones
count as average.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, log, sqrt
from zlib import crc32

LEAST, MOST = 0.002, 0.998
"""Confidences are clipped to these before their logit is taken: an engine's 1.0 is not certain."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """Scaling of a model's features; `names` fixes their order."""

    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]

    def vector(self, features: Mapping[str, float]) -> list[float]:
        """Scale the requested features, to 8 deviations at most; a missing or invalid one becomes 0, the average."""
        scaled = []
        for name, mean, scale in zip(self.names, self.means, self.scales, strict=True):
            value = features.get(name)
            known = value is not None and isfinite(value)
            scaled.append(max(-8.0, min(8.0, (value - mean) / scale)) if known and value is not None else 0.0)
        return scaled


def fit_scaling(rows: Sequence[Mapping[str, float]]) -> Scaling:
    """Compute mean and deviation of every feature that occurs; a constant one is left out."""
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
    """Return the log odds of a probability, clipped to LEAST..MOST."""
    kept = min(MOST, max(LEAST, probability))
    return log(kept / (1 - kept))


def bucket(parts: Iterable[str], buckets: int) -> int:
    """Hash names into buckets, equally in every process: schemas are data, so no list of names is known."""
    return crc32("/".join(parts).encode()) % buckets
