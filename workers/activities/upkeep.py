"""Periodic maintenance activities: seal the audit logs and delete expired data."""

from django.db import connection
from django.utils import timezone
from temporalio import activity

from ingestion.services.regions import delete_expired_regions
from refinery.core.audit.sealing import seal_events
from refinery.core.audit.tenants import tenants_with_log
from refinery.core.database.scope import tenant_scope


class UpkeepActivities:
    """Database maintenance, one tenant at a time."""

    @activity.defn(name="seal_logs")
    def seal_logs(self) -> int:
        """Seal the events written since the last run; return the number of tenants checked."""
        tenants = tenants_with_log()
        for tenant_id in tenants:
            with tenant_scope(tenant_id):
                seal_events(tenant_id)
        return len(tenants)

    @activity.defn(name="forget_counters")
    def forget_counters(self) -> None:
        """Delete the request counters of expired time windows."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT platform_forget_requests()")

    @activity.defn(name="forget_regions")
    def forget_regions(self) -> int:
        """Delete the words of expired regions and return the number of regions."""
        gone = 0
        for tenant_id in tenants_with_log():
            with tenant_scope(tenant_id):
                gone += delete_expired_regions(tenant_id=tenant_id, at=timezone.now())
        return gone
