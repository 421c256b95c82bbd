"""Fixed-sequence testing keeps its promise where the tempting shortcut breaks it."""

# ruff: noqa: S311 - seeded draws, no secrets

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from quality.domain.bounds import upper_bound
from quality.domain.calibration import (
    GRID,
    CertificateState,
    LabelledRisk,
    calibrate,
    certify,
)

NOW = datetime(2025, 6, 30, tzinfo=UTC)
VERSIONS = frozenset({"engine/3", "model/7", "rules/2"})


def _true_rate(threshold: float) -> float:
    """Errors among documents whose risk is uniform on 0..0.5 and stated at half its size: overconfident."""
    return threshold


def _labels(rng: Random, count: int = 1500) -> list[LabelledRisk]:
    risks = [rng.random() * 0.5 for _ in range(count)]
    return [LabelledRisk(risk, rng.random() < min(1.0, 2 * risk)) for risk in risks]


def _naive(labels: list[LabelledRisk], promise: float) -> float | None:
    """Take the loosest threshold whose observed error rate looks fine."""
    fine = [
        threshold
        for threshold in GRID
        if (accepted := [label for label in labels if label.p_error <= threshold])
        and sum(label.wrong for label in accepted) / len(accepted) <= promise
    ]
    return max(fine, default=None)


def _walked(labels: list[LabelledRisk], promise: float) -> float | None:
    passed = calibrate(labels, promise).passed
    return passed.threshold if passed else None


def _broken(choose: Callable[[list[LabelledRisk], float], float | None], promise: float, runs: int) -> float:
    """Count the runs in which the chosen threshold's true error rate is above the promise."""
    rng = Random(11)
    chosen = [choose(_labels(rng), promise) for _ in range(runs)]
    return sum(threshold is not None and _true_rate(threshold) > promise for threshold in chosen) / runs


def test_the_walk_keeps_its_promise_in_simulation_and_the_shortcut_does_not() -> None:
    runs = 300
    broken = _broken(_walked, 0.05, runs)
    assert upper_bound(round(broken * runs), runs) < 0.10  # 5 % are allowed; the bound leaves room for chance
    assert broken <= 0.05
    assert _broken(_naive, 0.05, runs) > 0.2


def test_the_walk_finds_a_useful_threshold_where_there_is_one() -> None:
    rng = Random(3)
    labels = [LabelledRisk(rng.random() * 0.02, wrong=False) for _ in range(400)]
    labels += [LabelledRisk(0.3 + rng.random() * 0.2, wrong=True) for _ in range(100)]
    result = calibrate(labels, 0.01)
    assert result.passed is not None
    assert result.passed.accepted == 400
    assert result.passed.threshold < 0.3
    assert result.steps[-1].upper_bound > 0.01  # the walk went on to the first failure, and stopped there


def test_too_few_labels_prove_nothing() -> None:
    labels = [LabelledRisk(0.001, wrong=False)] * 298
    assert calibrate(labels, 0.01).passed is None
    assert calibrate([*labels, LabelledRisk(0.001, wrong=False)], 0.01).passed is not None


def test_the_walk_stops_at_the_first_failure_even_when_a_later_one_would_pass() -> None:
    strict = [LabelledRisk(0.001, wrong=index < 10) for index in range(60)]
    loose = [LabelledRisk(0.45, wrong=False)] * 5000
    assert calibrate([*strict, *loose], 0.05).passed is None


def test_a_certificate_is_worth_nothing_suspended_void_or_under_other_versions() -> None:
    proven = calibrate([LabelledRisk(0.001, wrong=False)] * 300, 0.01)
    certificate = certify(proven, VERSIONS, NOW)
    assert certificate is not None
    assert certificate.refusal(VERSIONS) == ""
    assert "model/8" in certificate.refusal(VERSIONS - {"model/7"} | {"model/8"})
    for state in (CertificateState.SUSPENDED, CertificateState.VOID):
        assert replace(certificate, state=state).refusal(VERSIONS)
    assert certify(calibrate([], 0.01), VERSIONS, NOW) is None


@pytest.mark.parametrize("promise", [0.1, 0.05])
def test_a_larger_promise_never_accepts_less(promise: float) -> None:
    labels = _labels(Random(5), 4000)
    tight, wide = _walked(labels, promise), _walked(labels, promise * 2)
    assert wide is not None
    assert tight is None or tight <= wide
