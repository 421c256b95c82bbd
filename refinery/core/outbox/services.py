"""Writing of messages to the outbox, in the caller's transaction."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from refinery.core.outbox.models import OutboxMessage

NOTIFY_CHANNEL: Final = "refinery_outbox"


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """Message to send: `topic` selects the sender, `payload` contains only ids."""

    topic: str
    payload: dict[str, Any]
    tenant_id: UUID
    delay_seconds: int = 0


def enqueue(message: OutgoingMessage, *, key: str) -> None:
    """Write `message` once for each (tenant, topic, key) and wake the relay when the transaction commits."""
    now = timezone.now()
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                tenant_id=message.tenant_id,
                topic=message.topic,
                key=key,
                payload=message.payload,
                available_at=now + timedelta(seconds=message.delay_seconds),
            )
        ],
        ignore_conflicts=True,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [NOTIFY_CHANNEL])


def withdraw(tenant_id: UUID, topic: str, key: str) -> bool:
    """Delete a message that has not been sent yet; True if it was still pending."""
    deleted, _ = OutboxMessage.objects.filter(tenant_id=tenant_id, topic=topic, key=key, sent_at=None).delete()
    return deleted > 0
