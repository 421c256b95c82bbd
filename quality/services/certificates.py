"""Current promise for a kind of document, as used by the router."""

from django.db.models import QuerySet

from quality.domain.bounds import upper_bound
from quality.domain.calibration import CONFIDENCE
from quality.domain.certificate import CertificateState, PromiseCertificate
from quality.models import Certificate as CertificateRow
from refinery.core.tenancy.compiled_queries import compiled_query
from refinery.core.types import TenantId


def certificate_for(tenant_id: TenantId, schema_key: str) -> PromiseCertificate | None:
    """Return the newest certificate that is valid or suspended; None if there is none."""
    row = _certificates.first(tenant_id, schema_key)
    if row is None:
        return None
    return PromiseCertificate(
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


@compiled_query
def _certificates(tenant_id: TenantId, schema_key: str) -> "QuerySet[CertificateRow]":
    rows = CertificateRow.objects.filter(tenant_id=tenant_id, schema_key=schema_key, state__in=["valid", "suspended"])
    return rows.order_by("-created_at")[:1]
