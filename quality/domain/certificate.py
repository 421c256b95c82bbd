"""Certificate of a promise: the threshold that a calibration run proved for one kind of document.

Automatic approval requires a valid certificate whose versions match those in use.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from quality.domain.calibration import CalibrationRun


class CertificateState(StrEnum):
    """VALID allows automatic approval; SUSPENDED (drift, a bad audit) can recover; VOID must be proven again."""

    VALID = "valid"
    SUSPENDED = "suspended"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class PromiseCertificate:
    """Proven promise for one kind of document, with the versions that it was proven with."""

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
        """Return why this certificate allows no approval with these versions; empty if it does."""
        if self.state is CertificateState.SUSPENDED:
            return f"The certificate is suspended: {self.state_reason or 'its assumptions may no longer hold'}"
        if self.state is CertificateState.VOID:
            return f"The certificate is void: {self.state_reason or 'it has to be proven again'}"
        changed = sorted(versions ^ self.versions)
        return f"The certificate was issued for other versions: {', '.join(changed)}" if changed else ""


# Not used yet: for certificates of automatic approval.
def certify(calibration: CalibrationRun, versions: frozenset[str], issued_at: datetime) -> PromiseCertificate | None:
    """Issue a certificate from a successful calibration; None otherwise."""
    step = calibration.best_step
    if step is None:
        return None
    return PromiseCertificate(
        promise=calibration.promise,
        confidence=calibration.confidence,
        threshold=step.threshold,
        accepted=step.accepted,
        errors=step.errors,
        upper_bound=step.upper_bound,
        issued_at=issued_at,
        versions=versions,
    )
