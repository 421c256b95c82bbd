"""Fixed-sequence testing keeps the promised error rate where the naive threshold choice breaks it."""

# ruff: noqa: S311 - seeded draws, no secrets

from collections.abc import Callable
from random import Random

import pytest

from quality.domain.bounds import upper_bound
from quality.domain.calibration import THRESHOLDS, LabelledRisk, calibrate


def _true_rate(threshold: float) -> float:
    """Return the true error rate of documents whose risk is uniform on 0..0.5 and stated at half: overconfident."""
    return threshold


def _labels(rng: Random, count: int = 1500) -> list[LabelledRisk]:
    risks = [rng.random() * 0.5 for _ in range(count)]
    return [LabelledRisk(risk, rng.random() < min(1.0, 2 * risk)) for risk in risks]


def _naive(labels: list[LabelledRisk], promise: float) -> float | None:
    """Return the loosest threshold whose observed error rate is below the promise."""
    fine = [
        threshold
        for threshold in THRESHOLDS
        if (accepted := [label for label in labels if label.p_error <= threshold])
        and sum(label.had_error for label in accepted) / len(accepted) <= promise
    ]
    return max(fine, default=None)


def _fixed_sequence(labels: list[LabelledRisk], promise: float) -> float | None:
    passed = calibrate(labels, promise).best_step
    return passed.threshold if passed else None


def _broken_promises(choose: Callable[[list[LabelledRisk], float], float | None], promise: float, runs: int) -> float:
    """Count the runs in which the true error rate of the chosen threshold is above the promise."""
    rng = Random(11)
    chosen = [choose(_labels(rng), promise) for _ in range(runs)]
    return sum(threshold is not None and _true_rate(threshold) > promise for threshold in chosen) / runs


def test_fixed_sequence_keeps_promise_in_simulation_while_naive_choice_breaks_it() -> None:
    runs = 300
    broken = _broken_promises(_fixed_sequence, 0.05, runs)
    assert upper_bound(round(broken * runs), runs) < 0.10  # 5 % are allowed; the bound leaves room for chance
    assert broken <= 0.05
    assert _broken_promises(_naive, 0.05, runs) > 0.2


def test_calibrate_finds_useful_threshold_when_one_exists() -> None:
    rng = Random(3)
    labels = [LabelledRisk(rng.random() * 0.02, had_error=False) for _ in range(400)]
    labels += [LabelledRisk(0.3 + rng.random() * 0.2, had_error=True) for _ in range(100)]
    result = calibrate(labels, 0.01)
    assert result.best_step is not None
    assert result.best_step.accepted == 400
    assert result.best_step.threshold < 0.3
    assert result.steps[-1].upper_bound > 0.01  # the sequence ended at the first failure


def test_calibrate_too_few_labels_passes_nothing() -> None:
    labels = [LabelledRisk(0.001, had_error=False)] * 298
    assert calibrate(labels, 0.01).best_step is None
    assert calibrate([*labels, LabelledRisk(0.001, had_error=False)], 0.01).best_step is not None


def test_calibrate_stops_at_first_failure_even_if_later_threshold_passes() -> None:
    strict = [LabelledRisk(0.001, had_error=index < 10) for index in range(60)]
    loose = [LabelledRisk(0.45, had_error=False)] * 5000
    assert calibrate([*strict, *loose], 0.05).best_step is None


@pytest.mark.parametrize("promise", [0.1, 0.05])
def test_calibrate_larger_promise_never_accepts_less(promise: float) -> None:
    labels = _labels(Random(5), 4000)
    tight, wide = _fixed_sequence(labels, promise), _fixed_sequence(labels, promise * 2)
    assert wide is not None
    assert tight is None or tight <= wide
