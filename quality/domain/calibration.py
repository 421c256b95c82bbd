"""From labelled documents to a promise: fixed-sequence testing (Learn then Test, arXiv 2110.01052).

A tempting shortcut, taking the loosest threshold whose bound looks fine, breaks its promise in a third of
runs. Here thresholds are walked from strict to loose and the walk ends at the first one that fails.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from quality.domain.bounds import required_trials, upper_bound

CONFIDENCE = 0.95
LADDER = (0.10, 0.05, 0.02, 0.01)
"""Promises a tenant can earn, the easiest first."""
GRID = (0.002, 0.004, 0.006, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.08, 0.12, 0.16, 0.24, 0.32, 0.5)
"""Thresholds of P(error), strict to loose: fixed before any calibration label is seen."""


@dataclass(frozen=True, slots=True)
class LabelledRisk:
    """One reviewed document of the calibration pool: the risk it was given, and whether it was wrong."""

    p_error: float
    wrong: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One threshold of the walk, with what was seen there."""

    threshold: float
    accepted: int
    errors: int
    upper_bound: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The outcome of a walk; `passed` is the loosest threshold that holds, None when none does."""

    promise: float
    confidence: float
    steps: tuple[Step, ...]
    passed: Step | None


def calibrate(
    labels: Sequence[LabelledRisk],
    promise: float,
    *,
    confidence: float = CONFIDENCE,
    grid: Sequence[float] = GRID,
) -> Calibration:
    """Walk the grid while the exact bound of errors among the accepted stays at or below the promise.

    Thresholds that accept too few documents to prove anything are passed over. That looks at the risks, never
    at the labels, so the order of tests stays fixed in advance and the promise holds.
    """
    needed = required_trials(promise, 0, confidence)
    steps: list[Step] = []
    passed = None
    for threshold in sorted(grid):
        accepted = [label for label in labels if label.p_error <= threshold]
        if len(accepted) < needed:
            continue
        errors = sum(label.wrong for label in accepted)
        step = Step(threshold, len(accepted), errors, upper_bound(errors, len(accepted), confidence))
        steps.append(step)
        if step.upper_bound > promise:
            break
        passed = step
    return Calibration(promise, confidence, tuple(steps), passed)


class CertificateState(StrEnum):
    """VALID lets documents pass; SUSPENDED (drift, a bad audit) can recover; VOID has to be earned again."""

    VALID = "valid"
    SUSPENDED = "suspended"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A proven promise for one kind of document, under the versions it was proven with."""

    promise: float
    confidence: float
    threshold: float
    accepted: int
    errors: int
    upper_bound: float
    issued_at: datetime
    versions: frozenset[str]
    state: CertificateState = CertificateState.VALID
    state_reason: str = ""

    def refusal(self, versions: frozenset[str]) -> str:
        """Say why this certificate lets nothing pass under these versions; empty when it does."""
        if self.state is CertificateState.SUSPENDED:
            return f"The promise is suspended: {self.state_reason or 'its assumptions may no longer hold'}"
        if self.state is CertificateState.VOID:
            return f"The promise is void: {self.state_reason or 'it has to be proven again'}"
        changed = sorted(versions ^ self.versions)
        return f"The promise was proven with other versions: {', '.join(changed)}" if changed else ""


def certify(calibration: Calibration, versions: frozenset[str], issued_at: datetime) -> Certificate | None:
    """Issue a certificate from a walk that passed; None otherwise."""
    step = calibration.passed
    if step is None:
        return None
    return Certificate(
        promise=calibration.promise,
        confidence=calibration.confidence,
        threshold=step.threshold,
        accepted=step.accepted,
        errors=step.errors,
        upper_bound=step.upper_bound,
        issued_at=issued_at,
        versions=versions,
    )
