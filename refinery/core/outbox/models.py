"""Outbox: outgoing messages are written in the same transaction as the change they report."""

from django.db import models
from django.db.models import Q

from refinery.core.database.models import TenantRow


class OutboxMessage(TenantRow):
    """Message to Temporal or to a webhook; the relay sends it at least once, `key` makes it idempotent."""

    topic = models.CharField(max_length=48)  # workflow.start | workflow.signal | webhook.event
    key = models.CharField(max_length=200)
    payload = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    available_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "outbox_message"
        constraints = [models.UniqueConstraint(fields=["tenant_id", "topic", "key"], name="outbox_key_once")]
        indexes = [
            models.Index(fields=["available_at", "id"], name="outbox_waiting", condition=Q(sent_at__isnull=True))
        ]

    def __str__(self) -> str:
        """Return the topic and the key."""
        return f"{self.topic} {self.key}"
