"""The exact bounds agree with scipy and with the numbers on which the promise is based."""

import pytest
from scipy import stats

from quality.domain.bounds import beta_cdf, interval, lower_bound, required_trials, upper_bound


@pytest.mark.parametrize(("promise", "trials"), [(0.10, 29), (0.05, 59), (0.02, 149), (0.01, 299)])
def test_required_trials_without_errors_allow_promise(promise: float, trials: int) -> None:
    assert required_trials(promise) == trials
    assert upper_bound(0, trials) <= promise < upper_bound(0, trials - 1)


@pytest.mark.parametrize(("errors", "trials"), [(1, 473), (2, 628), (3, 773)])
def test_required_trials_grow_with_errors(errors: int, trials: int) -> None:
    assert required_trials(0.01, errors) == trials
    assert upper_bound(errors, trials) <= 0.01 < upper_bound(errors, trials - 1)


@pytest.mark.parametrize("a", [0.5, 1, 3, 40, 900])
@pytest.mark.parametrize("b", [0.5, 1, 7, 300, 5000])
@pytest.mark.parametrize("x", [0.0, 1e-6, 0.01, 0.3, 0.5, 0.97, 1.0])
def test_beta_cdf_equals_scipy(a: float, b: float, x: float) -> None:
    assert beta_cdf(x, a, b) == pytest.approx(float(stats.beta.cdf(x, a, b)), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("trials", [1, 10, 299, 4000])
@pytest.mark.parametrize("share", [0.0, 0.03, 0.5, 1.0])
def test_interval_equals_scipy_clopper_pearson(trials: int, share: float) -> None:
    errors = round(share * trials)
    exact = stats.binomtest(errors, trials).proportion_ci(confidence_level=0.95, method="exact")
    ours = interval(errors, trials)
    assert (ours.low, ours.high) == pytest.approx((exact.low, exact.high), abs=1e-9)
    assert lower_bound(errors, trials) <= errors / trials <= upper_bound(errors, trials)


def test_interval_without_trials_is_unbounded_and_impossible_counts_raise() -> None:
    assert (interval(0, 0).low, interval(0, 0).high) == (0.0, 1.0)
    with pytest.raises(ValueError, match="between"):
        upper_bound(3, 2)
