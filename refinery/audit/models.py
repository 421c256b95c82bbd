"""The audit log: append only, sealed in batches under a Merkle root for each tenant.

Rows are written in the transaction of what they record and sealed later, because chaining row by row inside the
request makes a hot tenant wait on itself.
"""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from refinery.database.models import TenantRow


class AuditEvent(TenantRow):
    """One thing that someone did: ids and codes only, never a document's text."""

    at = models.DateTimeField(auto_now_add=True)
    actor_id = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=12)  # user | service | system
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=32)
    object_id = models.UUIDField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "audit_event"
        indexes = [
            models.Index(fields=["tenant_id", "object_id", "at"], name="audit_object"),
            models.Index(fields=["tenant_id", "at"], name="audit_time"),
            BrinIndex(fields=["at"], name="audit_at_brin"),
        ]

    def __str__(self) -> str:
        """Name the action and its object."""
        return f"{self.action} {self.object_type} {self.object_id}"


class AuditSeal(TenantRow):
    """A batch of events under one Merkle root (RFC 6962 shape), chained to the seal before it."""

    number = models.PositiveBigIntegerField()
    first_event = models.UUIDField()
    last_event = models.UUIDField()
    events = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "audit_seal"
        constraints = [models.UniqueConstraint(fields=["tenant_id", "number"], name="audit_seal_number")]

    def __str__(self) -> str:
        """Name the seal's number."""
        return f"seal {self.number}"
