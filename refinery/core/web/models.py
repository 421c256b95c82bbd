"""Request counters (unlogged, so they may be lost in a crash) and stored responses of repeatable POSTs."""

from django.db import models

from refinery.core.database.models import TenantRow
from refinery.core.tenancy.querysets import SharedQuerySet


class RequestCount(TenantRow):
    """Requests of one client in one window."""

    caller_id = models.UUIDField()
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "request_count"
        constraints = [models.UniqueConstraint(fields=["tenant_id", "caller_id", "window"], name="request_count_once")]

    def __str__(self) -> str:
        """Return the client's id and the window."""
        return f"{self.caller_id} {self.window}"


class IdempotencyKey(TenantRow):
    """Response stored for a client that repeats its POST; the fingerprint detects another request with the same key."""

    key = models.CharField(max_length=120)
    actor_id = models.UUIDField()
    path = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    response = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SharedQuerySet["IdempotencyKey"].as_manager()

    class Meta:
        db_table = "idempotency_key"
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "actor_id", "path", "key"], name="idempotency_once")
        ]

    def __str__(self) -> str:
        """Return the path."""
        return self.path
