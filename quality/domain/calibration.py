"""Calibration of a promise from labelled documents: fixed-sequence testing (Learn then Test, arXiv 2110.01052).

Choosing the loosest threshold whose bound holds would break the promise in a third of runs. Instead, thresholds
are tested from strict to loose, and the test stops at the first one that fails.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from quality.domain.bounds import required_trials, upper_bound

CONFIDENCE = 0.95
THRESHOLDS = (0.002, 0.004, 0.006, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.08, 0.12, 0.16, 0.24, 0.32, 0.5)
"""Thresholds of P(error), strict to loose: fixed before any calibration label is seen."""


@dataclass(frozen=True, slots=True)
class LabelledRisk:
    """One reviewed document of the calibration pool: its predicted risk, and whether it had an error."""

    p_error: float
    had_error: bool


@dataclass(frozen=True, slots=True)
class CalibrationStep:
    """One tested threshold, with its counts."""

    threshold: float
    accepted: int
    errors: int
    upper_bound: float


@dataclass(frozen=True, slots=True)
class CalibrationRun:
    """Result of a calibration; `best_step` is the loosest threshold that holds, None when none does."""

    promise: float
    confidence: float
    steps: tuple[CalibrationStep, ...]
    best_step: CalibrationStep | None


# Not used yet: for certificates of automatic approval.
def calibrate(
    labels: Sequence[LabelledRisk],
    promise: float,
    *,
    confidence: float = CONFIDENCE,
    grid: Sequence[float] = THRESHOLDS,
) -> CalibrationRun:
    """Test thresholds while the exact bound of errors among the accepted stays at or below the promise.

    Thresholds that accept too few documents to prove anything are skipped. This depends on the risks, never on the
    labels, so the order of tests is fixed in advance and the promise holds.
    """
    needed = required_trials(promise, 0, confidence)
    steps: list[CalibrationStep] = []
    passed = None
    for threshold in sorted(grid):
        accepted = [label for label in labels if label.p_error <= threshold]
        if len(accepted) < needed:
            continue
        errors = sum(label.had_error for label in accepted)
        step = CalibrationStep(threshold, len(accepted), errors, upper_bound(errors, len(accepted), confidence))
        steps.append(step)
        if step.upper_bound > promise:
            break
        passed = step
    return CalibrationRun(promise, confidence, tuple(steps), passed)
