"""Writing of messages to the outbox, in the caller's transaction."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from refinery.core.database.bulk_rows import insert_sql, rows_as_json
from refinery.core.database.prepared import prepared_cursor
from refinery.core.outbox.models import OutboxMessage

NOTIFY_CHANNEL: Final = "refinery_outbox"
_ENQUEUE_SQL: Final = f"WITH written AS ({insert_sql(OutboxMessage)} ON CONFLICT DO NOTHING) SELECT pg_notify(%s, '')"


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """Message to send: `topic` selects the sender, `payload` contains only ids."""

    topic: str
    payload: dict[str, Any]
    tenant_id: UUID
    delay_seconds: int = 0


def enqueue(message: OutgoingMessage, *, key: str) -> None:
    """Write `message` once for each (tenant, topic, key) and wake the relay when the transaction commits."""
    row = OutboxMessage(
        tenant_id=message.tenant_id,
        topic=message.topic,
        key=key,
        payload=message.payload,
        available_at=timezone.now() + timedelta(seconds=message.delay_seconds),
    )
    with prepared_cursor() as cursor:
        cursor.execute(_ENQUEUE_SQL, [rows_as_json([row]), NOTIFY_CHANNEL])


def withdraw(tenant_id: UUID, topic: str, key: str) -> bool:
    """Delete a message that has not been sent yet; True if it was still pending."""
    deleted, _ = OutboxMessage.objects.filter(tenant_id=tenant_id, topic=topic, key=key, sent_at=None).delete()
    return deleted > 0
