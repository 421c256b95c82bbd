"""The promise in force for a kind of document, as the router reads it."""

from quality.domain.bounds import upper_bound
from quality.domain.calibration import CONFIDENCE, Certificate, CertificateState
from quality.models import Certificate as CertificateRow
from refinery.core.types import TenantId


def certificate_for(tenant_id: TenantId, schema_key: str) -> Certificate | None:
    """Give the newest certificate that is valid or suspended; None before the first one, and after a void one."""
    rows = CertificateRow.objects.filter(
        tenant_id=tenant_id, schema_key=schema_key, state__in=["valid", "suspended"]
    )
    row = rows.order_by("-created_at").first()
    if row is None:
        return None
    return Certificate(
        promise=row.promise,
        confidence=row.evidence.get("confidence", CONFIDENCE),
        threshold=row.threshold,
        accepted=row.accepted,
        errors=row.errors,
        upper_bound=upper_bound(row.errors, row.accepted),
        issued_at=row.created_at,
        versions=frozenset(row.evidence.get("versions", [])),
        state=CertificateState(row.state),
        state_reason=row.evidence.get("state_reason", ""),
    )
