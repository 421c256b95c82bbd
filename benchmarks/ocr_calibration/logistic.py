"""Logistic regression with a small ridge, by Newton's method, and measures of calibration."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_STEPS = 30
_BINS = 10


def fit_logistic(features: Floats, right: Floats, *, ridge: float = 1.0) -> Floats:
    """Return the maximum-likelihood weights; the first column is the constant, and is not shrunk."""
    weights = np.zeros(features.shape[1])
    shrink = np.full(features.shape[1], ridge)
    shrink[0] = 1e-6
    for _ in range(_STEPS):
        chance = predict(features, weights)
        slope = features.T @ (right - chance) - shrink * weights
        curve = (features * (chance * (1 - chance))[:, None]).T @ features + np.diag(shrink)
        step = np.linalg.solve(curve, slope)
        weights += step
        if float(np.abs(step).max()) < 1e-8:
            break
    return weights


def predict(features: Floats, weights: Floats) -> Floats:
    """Return the probabilities."""
    return probabilities_of(features @ weights)


def probabilities_of(values: Floats) -> Floats:
    """Return the probabilities of log odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -35, 35))), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class ProbabilityMetrics:
    """Quality of probabilities: ranking (AUROC), squared error (Brier), calibration error (ECE)."""

    count: int
    share_right: float
    auroc: float
    brier: float
    ece: float


def measure_probabilities(chance: Floats, right: Floats) -> ProbabilityMetrics:
    """Evaluate probabilities against the outcomes."""
    return ProbabilityMetrics(
        count=len(right),
        share_right=round(float(right.mean()), 4),
        auroc=round(_auroc(chance, right), 4),
        brier=round(float(np.square(chance - right).mean()), 4),
        ece=round(_ece(chance, right), 4),
    )


def _auroc(chance: Floats, right: Floats) -> float:
    """Return the share of (right, wrong) pairs that are ranked correctly, ties counted half."""
    _, inverse, counts = np.unique(chance, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    positive = int(right.sum())
    negative = len(right) - positive
    if not positive or not negative:
        return float("nan")
    return float((ranks[right == 1].sum() - positive * (positive + 1) / 2) / (positive * negative))


def _ece(chance: Floats, right: Floats) -> float:
    """Compare predicted and actual shares in ten bins of equal size."""
    bins = np.array_split(np.argsort(chance, kind="stable"), _BINS)
    gaps = [len(part) * abs(float(chance[part].mean() - right[part].mean())) for part in bins if len(part)]
    return sum(gaps) / len(chance)
