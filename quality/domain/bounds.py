"""Exact binomial bounds (Clopper-Pearson), without scipy, as the web process needs them too."""

from dataclasses import dataclass
from math import exp, lgamma, log, log1p

_TINY = 1e-300
_STEPS = 400


@dataclass(frozen=True, slots=True)
class ConfidenceInterval:
    """Share with its two-sided interval, all 0..1."""

    value: float
    low: float
    high: float


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b), a and b > 0 (DLMF 8.17.22)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1.0 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """Evaluate the continued fraction by Lentz's method."""
    c, d = 1.0, 1.0 / _away_from_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1.0 / _away_from_zero(1 + term * d)
            c = _away_from_zero(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def upper_bound(errors: int, trials: int, confidence: float = 0.95) -> float:
    """Return the one-sided upper bound of an error rate: with a higher rate, so few errors would be too rare."""
    if not 0 <= errors <= trials:
        message = f"errors must lie between 0 and {trials}, got {errors}"
        raise ValueError(message)
    if errors == trials:
        return 1.0
    return _quantile(confidence, errors + 1, trials - errors)


def lower_bound(errors: int, trials: int, confidence: float = 0.95) -> float:
    """Return the one-sided lower bound of an error rate."""
    return 1.0 - upper_bound(trials - errors, trials, confidence)


def interval(successes: int, trials: int, confidence: float = 0.95) -> ConfidenceInterval:
    """Return a share with its exact two-sided interval; without trials the interval is 0..1."""
    if trials == 0:
        return ConfidenceInterval(0.0, 0.0, 1.0)
    side = 1 - (1 - confidence) / 2
    low, high = lower_bound(successes, trials, side), upper_bound(successes, trials, side)
    return ConfidenceInterval(successes / trials, low, high)


def required_trials(promise: float, errors: int = 0, confidence: float = 0.95) -> int:
    """Return the fewest audited documents with this many errors that prove a promise: 299 for 1 % and none."""
    low, high = errors + 1, errors + 2
    while upper_bound(errors, high, confidence) > promise:
        low, high = high, high * 2
    while low < high:
        middle = (low + high) // 2
        if upper_bound(errors, middle, confidence) <= promise:
            high = middle
        else:
            low = middle + 1
    return low


def _quantile(p: float, a: float, b: float) -> float:
    """Invert beta_cdf by bisection: 60 halvings reach the last significant bit."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if beta_cdf(middle, a, b) < p:
            low = middle
        else:
            high = middle
    return high
