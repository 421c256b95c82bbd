"""Fit the weights of `ingestion.domain.splitting.boundaries`: `python -m benchmarks.splitting_fit`.

Logistic regression over the signs, on generated stacks and ordinary documents of seeds that `benchmarks.splitting`
never reports on. A ridge keeps each weight near the value that was set by hand: a sign that is rare in the stacks
keeps its manual weight, and no sign changes direction. The output is advice: the frequency of boundaries is that of
the stacks, not of real input.
"""

import argparse
import sys
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.stack_pages import examples, read_ordinary, read_stacks
from ingestion.adapters.reader.page_reader import SandboxedPageReader

SEED = 11
RIDGE = 2.0
STEPS = 50
PRIOR_WEIGHTS = {
    "intercept": -2.6,
    "counter_restarts": 4.6,
    "counter_ended": 1.6,
    "counter_goes_on": -6.0,
    "counter_later": -3.5,
    "other_number": 3.4,
    "same_number": -4.6,
    "title": 2.4,
    "title_repeated": -1.2,
    "other_kind": 2.4,
    "letterhead": 1.5,
    "same_head": -1.6,
    "blank_before": 0.7,
    "other_size": 1.6,
    "closed": 0.8,
    "carried": -3.0,
    "sentence_goes_on": -2.2,
}
Floats = npt.NDArray[np.float64]


def fit(found: Sequence[tuple[frozenset[str], bool]], *, ridge: float = RIDGE) -> dict[str, float]:
    """Return the maximum-likelihood weights, each shrunk towards its manual value, by Newton's method."""
    names = list(PRIOR_WEIGHTS)
    features = np.array([[name == "intercept" or name in signs for name in names] for signs, _ in found], dtype=float)
    right = np.array([label for _, label in found], dtype=float)
    prior = np.array([PRIOR_WEIGHTS[name] for name in names])
    weights = prior.copy()
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (right - chance) - ridge * (weights - prior)
        curve = (features * (chance * (1 - chance))[:, None]).T @ features + ridge * np.eye(len(names))
        step = np.linalg.solve(curve, slope)
        weights += step
        if float(np.abs(step).max()) < 1e-9:
            break
    return dict(zip(names, _same_side(weights, prior).round(2).tolist(), strict=True))


def _same_side(weights: Floats, prior: Floats) -> Floats:
    return np.where(np.sign(weights) == np.sign(prior), weights, 0.0)


def main() -> int:
    """Read, fit and print."""
    parser = argparse.ArgumentParser(description="Fit the weights of the signs between two pages.")
    parser.add_argument("--stacks", type=int, default=120, help="born digital (120)")
    parser.add_argument("--scans", type=int, default=12, help="scanned (12)")
    parser.add_argument("--ordinary", type=int, default=60, help="documents that are one document (60)")
    options = parser.parse_args()
    reader = SandboxedPageReader()
    read = [
        *read_stacks(reader, SEED, options.stacks),
        *read_stacks(reader, SEED + 1, options.scans, scan=True),
        *read_ordinary(reader, SEED + 2, options.ordinary),
    ]
    reader.close()
    found = list(examples(read))
    weights = fit(found)
    starts = sum(label for _, label in found)
    sys.stdout.write(f"{len(found)} pages that follow another one, {starts} of them begin a document\n")
    for name, by_hand in PRIOR_WEIGHTS.items():
        shown = sum(name in signs for signs, _ in found)
        began = sum(name in signs and label for signs, label in found)
        sys.stdout.write(f"{name:18} {weights[name]:6.2f}   by hand {by_hand:5.1f}   shown {shown:4} began {began:4}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
