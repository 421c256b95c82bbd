"""Which pool a document family feeds: the same one for ever, so that no twin leaks from training to audit."""

from typing import Final

from quality.domain.routing import picked_for_audit

AUDIT_SHARE: Final = 0.2
CALIBRATE_SHARE: Final = 0.25  # of what is left


def pool_of_family(family: str) -> str:
    """Give train, calibrate or audit by a hash of the family."""
    if picked_for_audit(family, b"pool:audit", AUDIT_SHARE):
        return "audit"
    return "calibrate" if picked_for_audit(family, b"pool:calibrate", CALIBRATE_SHARE) else "train"
