"""Recording of events, in the transaction of the action."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from refinery.core.audit.models import AuditEvent
from refinery.core.database.bulk_rows import insert_rows, insert_sql, rows_as_json
from refinery.core.database.prepared import prepared_cursor

_INSERT_ONCE: Final = f"""
    {insert_sql(AuditEvent)}
    WHERE NOT EXISTS (
      SELECT FROM audit_event e
      WHERE e.tenant_id = %s AND e.object_id = %s AND e.at > %s AND e.action = %s::text
        AND e.actor_id IS NOT DISTINCT FROM %s::uuid)
"""  # noqa: S608 - our own statement, no value is put in


@dataclass(frozen=True, slots=True)
class AuditActor:
    """Actor of an event: only ids, so that the audit log does not depend on tenancy."""

    tenant_id: UUID
    actor_id: UUID | None
    kind: str  # user | service | system
    request_id: str = ""


def record_event(
    actor: AuditActor, action: str, object_type: str, object_id: UUID | None = None, **detail: Any
) -> AuditEvent:
    """Append an event. `detail` contains ids, codes and numbers; never text of a document or a token."""
    event = _event(actor, action, object_type, object_id, detail)
    event.sign()
    insert_rows([event])
    return event


def record_event_once(
    actor: AuditActor, action: str, object_type: str, object_id: UUID, *, within: timedelta, **detail: Any
) -> None:
    """Append an event in one statement, unless the actor has one of this action and object within the time.

    Reading a document takes many requests: without this, each page image would add an event.
    """
    event = _event(actor, action, object_type, object_id, detail)
    event.sign()
    earlier = (actor.tenant_id, object_id, event.at - within, action, actor.actor_id)
    with prepared_cursor() as cursor:
        cursor.execute(_INSERT_ONCE, [rows_as_json([event]), *earlier])


def _event(
    actor: AuditActor, action: str, object_type: str, object_id: UUID | None, detail: dict[str, Any]
) -> AuditEvent:
    return AuditEvent(
        tenant_id=actor.tenant_id,
        actor_id=actor.actor_id,
        actor_kind=actor.kind,
        action=action,
        object_type=object_type,
        object_id=object_id,
        request_id=actor.request_id,
        detail=detail,
    )
