"""Metrics agree with scikit-learn's definitions; promotion and drift distinguish chance from change."""

# ruff: noqa: S311 - seeded draws, no secrets
from dataclasses import replace
from random import Random

import pytest
from scipy import stats

from quality.domain.bounds import ConfidenceInterval
from quality.domain.check_records import CheckRecord, proposed_live, proposed_shadow
from quality.domain.drift import find_drift, p_value, psi
from quality.domain.evaluation import auroc, evaluate_model, paired_gain, reliability
from quality.domain.promotion import Advice, PromotionPolicy, decide


def _random_records(count: int, seed: int = 5) -> tuple[list[float], list[bool]]:
    rng = Random(seed)
    claims = [round(rng.betavariate(4, 1.2), 2) for _ in range(count)]
    return claims, [rng.random() < claim for claim in claims]


def test_auroc_equals_mann_whitney_u() -> None:
    claims, right = _random_records(600)
    ours = auroc(claims, right)
    good = [claim for claim, is_right in zip(claims, right, strict=True) if is_right]
    bad = [claim for claim, is_right in zip(claims, right, strict=True) if not is_right]
    statistic = float(stats.mannwhitneyu(good, bad).statistic)
    assert ours is not None
    assert ours.value == pytest.approx(statistic / len(good) / len(bad))
    assert ours.low < ours.value < ours.high
    assert auroc([0.3, 0.4], [True, True]) is None


def test_ece_honest_claims_are_calibrated_and_overconfident_are_not() -> None:
    claims, right = _random_records(4000)
    honest = evaluate_model(claims, right)
    boasted = evaluate_model([1 - (1 - claim) / 4 for claim in claims], right)
    assert honest.ece < 0.03 < boasted.ece
    assert honest.log_loss < boasted.log_loss
    assert honest.brier < honest.brier_prior
    assert sum(each.examples for each in reliability(claims, right)) == 4000


def test_reliability_equal_claims_share_a_bin() -> None:
    right = [True] * 30 + [False] * 10
    assert evaluate_model([0.75] * 40, right).ece == 0
    assert len(reliability([0.75] * 40, right)) == 1


def test_log_loss_of_certain_wrong_claim_is_large_but_finite() -> None:
    assert 10 < evaluate_model([1.0], [False]).log_loss < 20
    with pytest.raises(ValueError, match="0 probabilities"):
        evaluate_model([], [])


def test_promotion_requires_labels_calibration_and_significant_gain() -> None:
    claims, right = _random_records(800)
    flat = [sum(right) / len(right)] * len(right)
    better, worse = evaluate_model(claims, right), evaluate_model(flat, right)
    gain = paired_gain(claims, flat, right)
    assert gain.low > 0
    assert decide(better, worse, gain).advice is Advice.PROMOTE
    assert decide(worse, better, paired_gain(flat, claims, right)).advice is Advice.KEEP
    assert decide(better, None).advice is Advice.PERSON
    assert decide(better, better, ConfidenceInterval(0.001, -0.01, 0.01)).advice is Advice.PERSON
    assert decide(replace(better, ece=0.3), worse, gain).advice is Advice.KEEP
    thin = decide(better, worse, gain, PromotionPolicy(examples_from=5000))
    assert thin.advice is Advice.KEEP
    assert "800" in thin.reasons[0]


def test_paired_gain_over_few_families_is_less_certain() -> None:
    claims, right = _random_records(400)
    flat = [sum(right) / len(right)] * len(right)
    alone = paired_gain(claims, flat, right)
    grouped = paired_gain(claims, flat, right, [f"sender-{at % 4}" for at in range(400)])
    assert alone.value == pytest.approx(grouped.value)
    assert len({round(alone.low, 9), round(grouped.low, 9)}) == 2


def test_drift_is_not_reported_on_random_variation() -> None:
    rng = Random(4)
    alarms = large = 0
    for run in range(60):
        reference = [rng.gauss(0, 1) for _ in range(500)]
        current = [rng.gauss(0, 1) for _ in range(100)]
        found = find_drift({"x": reference}, {"x": current})[0]
        alarms += found.alarm
        large += found.psi > 0.1
        assert found.p_value > 0, run
    assert large > 10  # a fixed limit of 0.1 would have raised this many false alarms
    assert alarms <= 8


def test_drift_finds_small_shift_and_ranks_by_impact() -> None:
    rng = Random(9)
    reference = {name: [rng.gauss(0, 1) for _ in range(2000)] for name in ("steady", "moved", "grave")}
    current = {name: [rng.gauss(0, 1) for _ in range(2000)] for name in ("steady",)}
    current |= {name: [rng.gauss(0.2, 1) for _ in range(2000)] for name in ("moved", "grave")}
    found = find_drift(reference, current, impacts={"grave": 0.004})
    assert [each.feature for each in found if each.alarm] == ["grave", "moved"]
    assert max(each.psi for each in found) < 0.1
    assert not next(each for each in found if each.feature == "steady").alarm


def test_psi_is_zero_for_equal_histograms_and_grows_with_shift() -> None:
    assert psi([10, 20, 30], [10, 20, 30]) == 0
    assert psi([100, 100], [90, 110]) < psi([100, 100], [50, 150])
    assert p_value([0.0] * 50, [0.0] * 50)[1] == 1.0


def test_proposed_shadow_depends_on_record_of_check() -> None:
    noisy = CheckRecord("blurred", 1, fired=90, judged=60, overturned=50)
    assert proposed_shadow(noisy)
    assert not proposed_shadow(replace(noisy, judged=2, overturned=2))
    good = CheckRecord("totals_add_up", 1, fired=90, judged=60, overturned=3)
    assert proposed_live(good)
    assert not proposed_live(replace(good, judged=5, overturned=0))
    assert good.precision.low < good.precision.value < good.precision.high
