"""Shut a tenant's people and programs out, and let them in again; its data stays, and its documents read on."""

from refinery.core.audit.services import record
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import system
from refinery.core.tenancy.models import Tenant, TenantStatus
from refinery.core.types import TenantId


def suspend_tenant(*, tenant_id: TenantId) -> bool:
    """Refuse its sessions, tokens and keys from their next request on; False when it was suspended before.

    Each request asks for its actor's place anew, so nothing needs to be revoked, and all of it works again after
    resume_tenant. Open sockets close when they next look.
    """
    return _move(tenant_id, TenantStatus.ACTIVE, TenantStatus.SUSPENDED, "tenant.suspended")


def resume_tenant(*, tenant_id: TenantId) -> bool:
    """Let it in again; False when it was not suspended."""
    return _move(tenant_id, TenantStatus.SUSPENDED, TenantStatus.ACTIVE, "tenant.resumed")


def _move(tenant_id: TenantId, before: TenantStatus, after: TenantStatus, action: str) -> bool:
    with tenant_scope(tenant_id):
        moved = Tenant.objects.filter(pk=tenant_id, status=before).update(status=after)
        if moved:
            record(system(tenant_id), action, "tenant", tenant_id)
    return bool(moved)
