"""Periodic maintenance activities: seal the audit logs and delete expired data."""

from datetime import timedelta
from typing import Final

import structlog
from django.db import connection
from django.utils import timezone
from temporalio import activity

from ingestion.services.regions import delete_expired_regions
from refinery.core.audit.anchors import anchor_seal, is_anchored
from refinery.core.audit.models import AuditSeal
from refinery.core.audit.sealing import last_seal, seal_events
from refinery.core.audit.tenants import tenants_with_log
from refinery.core.database.pruning import RULES, prune
from refinery.core.database.scope import tenant_scope
from refinery.core.types import TenantId

log = structlog.get_logger(__name__)
MOST_BATCHES: Final = 20
ANCHOR_AGAIN: Final = timedelta(hours=1)  # time in which a failed anchor is tried again


def seal_log(tenant_id: TenantId) -> AuditSeal | None:
    """Seal a tenant's log, after an outage in several batches, each in a separate transaction; return the last seal."""
    newest = None
    for _ in range(MOST_BATCHES):
        with tenant_scope(tenant_id):
            seal = seal_events(tenant_id)
        if seal is None:
            break
        newest = seal
    return newest


def anchor_log(tenant_id: TenantId, newest: AuditSeal | None) -> None:
    """Anchor a new seal, or a recent one whose anchor failed; the next run tries again what fails now."""
    with tenant_scope(tenant_id):
        head = newest or last_seal(tenant_id)
    if head is None or timezone.now() - head.sealed_at > ANCHOR_AGAIN:
        return
    try:
        if newest is not None or not is_anchored(head):
            anchor_seal(head)
    except Exception as reason:  # noqa: BLE001 - each storage has other errors, and sealing must go on
        log.warning("audit_anchor_failed", tenant=str(tenant_id), seal=head.number, reason=type(reason).__name__)


class UpkeepActivities:
    """Database maintenance, one tenant at a time."""

    @activity.defn(name="seal_logs")
    def seal_logs(self) -> int:
        """Seal the events written since the last run and anchor the newest seals; return the number of tenants."""
        seals = {tenant_id: seal_log(tenant_id) for tenant_id in tenants_with_log()}
        for tenant_id, newest in seals.items():
            anchor_log(tenant_id, newest)
        return len(seals)

    @activity.defn(name="forget_counters")
    def forget_counters(self) -> None:
        """Delete the request counters of expired time windows."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT platform_forget_requests()")

    @activity.defn(name="prune_rows")
    def prune_rows(self) -> int:
        """Delete expired rows of every kind and return their number."""
        counts = {rule.name: prune(rule, timezone.now()) for rule in RULES}
        log.info("rows_pruned", **counts)
        return sum(counts.values())

    @activity.defn(name="forget_regions")
    def forget_regions(self) -> int:
        """Delete the words of expired regions and return the number of regions."""
        gone = 0
        for tenant_id in tenants_with_log():
            with tenant_scope(tenant_id):
                gone += delete_expired_regions(tenant_id=tenant_id, at=timezone.now())
        return gone
