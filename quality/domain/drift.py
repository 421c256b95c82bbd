"""Drift of the document stream: PSI against a threshold determined by the sample size.

A fixed limit fails in both directions: PSI above 0.1 is mostly noise at a hundred documents, and PSI below it can be
a real shift at two thousand. So a permutation test shuffles the two samples repeatedly, and only a PSI that shuffling
rarely reaches counts; with a floor on the effect, and a correction for testing many features.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from random import Random

BINS = 10
SHUFFLES = 999
ENOUGH_EXCEEDANCES = 20
"""Shuffles that reach the observed PSI after which it is clearly chance (Besag and Clifford 1991)."""


@dataclass(frozen=True, slots=True)
class FeatureDrift:
    """Shift of one feature: `psi` observed, `p_value` by shuffling, `alarm` after floor and correction.

    `impact` is the estimated change of the promised risk; it ranks alarms.
    """

    feature: str
    psi: float
    p_value: float
    alarm: bool
    impact: float = 0.0


def psi(reference: Sequence[int], current: Sequence[int]) -> float:
    """Return the population stability index of two histograms with equal bins (half a count added to each)."""
    bins = len(reference)
    ours, theirs = sum(reference) + bins / 2, sum(current) + bins / 2
    total = 0.0
    for expected, actual in zip(reference, current, strict=True):
        a, b = (actual + 0.5) / theirs, (expected + 0.5) / ours
        total += (a - b) * log(a / b)
    return total


def p_value(reference: Sequence[float], current: Sequence[float], seed: int = 1) -> tuple[float, float]:
    """Return the PSI of two samples, and how often shuffling them reaches it.

    Shuffling stops early once it has reached the PSI often enough to be chance: the p-value stays exact.
    """
    cuts = _cuts(reference, current)
    pooled = [bisect_right(cuts, value) for value in (*reference, *current)]
    bins, size = len(cuts) + 1, len(reference)
    totals = _histogram(pooled, bins)
    observed = psi(_histogram(pooled[:size], bins), _histogram(pooled[size:], bins))
    rng, reached = Random(seed), 0  # noqa: S311 - resampling, no secret
    smaller = min(size, len(current))
    for tried in range(1, SHUFFLES + 1):
        drawn = _histogram(rng.sample(pooled, smaller), bins)
        rest = [whole - part for whole, part in zip(totals, drawn, strict=True)]
        pair = (drawn, rest) if smaller == size else (rest, drawn)
        reached += psi(*pair) >= observed
        if reached >= ENOUGH_EXCEEDANCES:
            return observed, reached / tried
    return observed, (reached + 1) / (SHUFFLES + 1)


# Not used yet: for certificates of automatic approval.
def find_drift(
    reference: Mapping[str, Sequence[float]],
    current: Mapping[str, Sequence[float]],
    *,
    impacts: Mapping[str, float] | None = None,
    level: float = 0.05,
    floor: float = 0.02,
) -> tuple[FeatureDrift, ...]:
    """Test every feature that both samples have; return alarms first, ordered by impact on the promised risk.

    `level` is the chance of any false alarm at all (Holm's correction); `floor` is the least PSI to report.
    """
    names = sorted(name for name in reference if reference[name] and current.get(name))
    measured = {name: p_value(reference[name], current[name], seed) for seed, name in enumerate(names)}
    alarmed = _holm({name: p for name, (_, p) in measured.items()}, level)
    found = [
        FeatureDrift(name, effect, p, name in alarmed and effect >= floor, (impacts or {}).get(name, 0.0))
        for name, (effect, p) in measured.items()
    ]
    return tuple(sorted(found, key=lambda drift: (not drift.alarm, -abs(drift.impact), -drift.psi)))


def _holm(p_values: Mapping[str, float], level: float) -> set[str]:
    rejected: set[str] = set()
    for rank, name in enumerate(sorted(p_values, key=lambda name: p_values[name])):
        if p_values[name] > level / (len(p_values) - rank):
            break
        rejected.add(name)
    return rejected


def _cuts(reference: Sequence[float], current: Sequence[float]) -> list[float]:
    """Cut both samples together into bins of equal size: using both keeps the permutation test fair."""
    pooled = sorted((*reference, *current))
    return sorted({pooled[len(pooled) * step // BINS] for step in range(1, BINS)})


def _histogram(places: Sequence[int], bins: int) -> list[int]:
    counts = [0] * bins
    for place in places:
        counts[place] += 1
    return counts
