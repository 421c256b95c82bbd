"""What must be done again and again: seal the audit logs, forget what nobody asks for any more."""

from django.db import connection
from django.utils import timezone
from temporalio import activity

from ingestion.services.regions import forget_regions
from refinery.core.audit.sealing import seal_events
from refinery.core.audit.tenants import tenants_with_log
from refinery.core.database.scope import tenant_scope


class UpkeepActivities:
    """Upkeep of the database, a tenant at a time."""

    @activity.defn(name="seal_logs")
    def seal_logs(self) -> int:
        """Seal what was written since the last time; gives the number of tenants looked at."""
        tenants = tenants_with_log()
        for tenant_id in tenants:
            with tenant_scope(tenant_id):
                seal_events(tenant_id)
        return len(tenants)

    @activity.defn(name="forget_counters")
    def forget_counters(self) -> None:
        """Drop the request counters of windows that are over."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT platform_forget_requests()")

    @activity.defn(name="forget_regions")
    def forget_regions(self) -> int:
        """Drop the words of regions that were read for someone a while ago; gives how many regions."""
        gone = 0
        for tenant_id in tenants_with_log():
            with tenant_scope(tenant_id):
                gone += forget_regions(tenant_id=tenant_id, at=timezone.now())
        return gone
