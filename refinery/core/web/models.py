"""Counters of requests: rows that may be lost in a crash (the table is unlogged, see migration 0002)."""

from django.db import models

from refinery.core.database.models import TenantRow


class RequestCount(TenantRow):
    """Requests of one caller in one window."""

    caller_id = models.UUIDField()
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "request_count"
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "caller_id", "window"], name="request_count_once")
        ]

    def __str__(self) -> str:
        """Name the window."""
        return f"{self.caller_id} {self.window}"
