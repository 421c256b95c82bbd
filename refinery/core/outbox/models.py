"""The outbox: what must leave the database is written in the same transaction as what it tells of."""

from django.db import models
from django.db.models import Q

from refinery.core.database.models import TenantRow


class OutboxMessage(TenantRow):
    """A message to the engine or to a webhook; the relay sends it at least once, `key` makes it count once."""

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
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "topic", "key"], name="outbox_key_once"),
        ]
        indexes = [
            models.Index(fields=["available_at", "id"], name="outbox_waiting", condition=Q(sent_at__isnull=True)),
        ]

    def __str__(self) -> str:
        """Name topic and key."""
        return f"{self.topic} {self.key}"
