"""Evaluation of predicted probabilities on held-out labels: Brier, log loss, calibration error, ranking."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import log
from operator import itemgetter
from random import Random

from quality.domain.bounds import ConfidenceInterval

BINS = 10
RESAMPLES = 400
SEED = 7
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class ModelEvaluation:
    """Metrics of one model on one set.

    `base_rate` is the share of right values, `brier_prior` the Brier score of always predicting that share. `auroc`
    measures how well right is separated from wrong: 0.5 is chance; None if only one kind occurs.
    """

    examples: int
    wrong: int
    base_rate: float
    brier: float
    brier_prior: float
    log_loss: float
    ece: float
    auroc: ConfidenceInterval | None


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """One bin of the reliability plot: the predicted and the actual share of right values."""

    claimed: float
    true: float
    examples: int


def evaluate_model(probabilities: Sequence[float], right: Sequence[bool]) -> ModelEvaluation:
    """Evaluate P(right) against the labels. Raises ValueError for no example."""
    if not right or len(right) != len(probabilities):
        message = f"{len(probabilities)} probabilities for {len(right)} labels"
        raise ValueError(message)
    count, share = len(right), sum(right) / len(right)
    return ModelEvaluation(
        examples=count,
        wrong=count - sum(right),
        base_rate=share,
        brier=sum((p - r) ** 2 for p, r in zip(probabilities, right, strict=True)) / count,
        brier_prior=share * (1 - share),
        log_loss=sum(losses(probabilities, right)) / count,
        ece=sum(abs(each.claimed - each.true) * each.examples for each in reliability(probabilities, right)) / count,
        auroc=auroc(probabilities, right),
    )


def losses(probabilities: Sequence[float], right: Sequence[bool]) -> list[float]:
    """Return the log loss of each example."""
    kept = (min(1 - _LEAST, max(_LEAST, p)) for p in probabilities)
    return [-log(p if r else 1 - p) for p, r in zip(kept, right, strict=True)]


def reliability(probabilities: Sequence[float], right: Sequence[bool], bins: int = BINS) -> tuple[ReliabilityBin, ...]:
    """Sort by prediction into bins of equal size, so that none is too small; ties stay together."""
    pairs = sorted(zip(probabilities, right, strict=True), key=itemgetter(0))
    made: list[ReliabilityBin] = []
    waiting: list[tuple[float, bool]] = []
    seen = 0
    for _, tied in groupby(pairs, key=itemgetter(0)):
        waiting.extend(tied)
        full = seen + len(waiting) >= len(pairs) * (len(made) + 1) / bins
        if full:
            made.append(_bin(waiting))
            seen += len(waiting)
            waiting = []
    return tuple([*made, _bin(waiting)] if waiting else made)


def _bin(part: Sequence[tuple[float, bool]]) -> ReliabilityBin:
    size = len(part)
    return ReliabilityBin(sum(claim for claim, _ in part) / size, sum(is_right for _, is_right in part) / size, size)


def auroc(probabilities: Sequence[float], right: Sequence[bool], seed: int = SEED) -> ConfidenceInterval | None:
    """Return P(a right value is ranked above a wrong one), ties half, with a bootstrap interval of 95 %."""
    pairs = sorted(zip(probabilities, right, strict=True))
    value = _ranked(pairs, [1] * len(pairs))
    if value is None:
        return None
    rng, size = Random(seed), len(pairs)  # noqa: S311 - resampling, no secret
    found = []
    for _ in range(RESAMPLES):
        weights = [0] * size
        for drawn in rng.choices(range(size), k=size):
            weights[drawn] += 1
        again = _ranked(pairs, weights)
        if again is not None:
            found.append(again)
    return ConfidenceInterval(value, *_middle(found, 0.95))


def _ranked(pairs: Sequence[tuple[float, bool]], weights: Sequence[int]) -> float | None:
    """Count, over pairs sorted by prediction, how many wrong ones are below each right one."""
    below = tied_right = tied_wrong = wins = 0.0
    before: float | None = None
    for (claim, is_right), weight in zip(pairs, weights, strict=True):
        if claim != before:
            wins += tied_right * (below + tied_wrong / 2)
            below += tied_wrong
            tied_right = tied_wrong = 0.0
            before = claim
        if is_right:
            tied_right += weight
        else:
            tied_wrong += weight
    wins += tied_right * (below + tied_wrong / 2)
    rights = sum(weight for (_, is_right), weight in zip(pairs, weights, strict=True) if is_right)
    wrongs = sum(weights) - rights
    return wins / (rights * wrongs) if rights and wrongs else None


def paired_gain(
    candidate: Sequence[float], champion: Sequence[float], right: Sequence[bool], families: Sequence[str] | None = None
) -> ConfidenceInterval:
    """Return how much log loss the candidate saves per example, with a bootstrap interval of 95 %.

    Pairing makes the test sensitive; resampling whole families (where passed) keeps it unbiased, since a sender's
    documents are right and wrong together.
    """
    by_family: dict[str, list[float]] = defaultdict(list)
    pairs = zip(losses(candidate, right), losses(champion, right), strict=True)
    for at, (new, old) in enumerate(pairs):
        by_family[families[at] if families else str(at)].append(old - new)
    groups = [(sum(saved), len(saved)) for saved in by_family.values()]
    if not groups:
        return ConfidenceInterval(0.0, float("-inf"), float("inf"))
    rng = Random(SEED)  # noqa: S311 - resampling, no secret
    means = [_mean(rng.choices(groups, k=len(groups))) for _ in range(RESAMPLES)]
    return ConfidenceInterval(_mean(groups), *_middle(means, 0.95))


def _mean(groups: Sequence[tuple[float, int]]) -> float:
    return sum(total for total, _ in groups) / sum(count for _, count in groups)


def _middle(values: Sequence[float], share: float) -> tuple[float, float]:
    ordered = sorted(values)
    side = (1 - share) / 2
    last = len(ordered) - 1
    return ordered[round(side * last)], ordered[round((1 - side) * last)]
