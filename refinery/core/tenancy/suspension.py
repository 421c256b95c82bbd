"""Suspension of a tenant: its users and programs are rejected; its data stays and its documents are still processed."""

from refinery.core.audit.services import AuditActor, record_event
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import system_actor
from refinery.core.tenancy.models import Tenant, TenantStatus
from refinery.core.types import TenantId


def suspend_tenant(*, tenant_id: TenantId, by: AuditActor | None = None) -> bool:
    """Reject the tenant's sessions, tokens and keys from their next request on; False if it was suspended before.

    Each request reads the actor's membership again, so nothing needs to be revoked, and all of it works again after
    resume_tenant. Open sockets close at their next check. Without `by`, the event is one of the system.
    """
    return _change_status(tenant_id, TenantStatus.ACTIVE, TenantStatus.SUSPENDED, "tenant.suspended", by)


def resume_tenant(*, tenant_id: TenantId, by: AuditActor | None = None) -> bool:
    """Resume the tenant; False if it was not suspended."""
    return _change_status(tenant_id, TenantStatus.SUSPENDED, TenantStatus.ACTIVE, "tenant.resumed", by)


def _change_status(
    tenant_id: TenantId, before: TenantStatus, after: TenantStatus, action: str, by: AuditActor | None
) -> bool:
    with tenant_scope(tenant_id):
        moved = Tenant.objects.filter(pk=tenant_id, status=before).update(status=after)
        if moved:
            record_event(by or system_actor(tenant_id), action, "tenant", tenant_id)
    return bool(moved)
