"""Recording of events, in the transaction of the action."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from refinery.core.audit.canonical import EVENT_SALT, compute_mac, event_bytes
from refinery.core.audit.models import AuditEvent

_INSERT_ONCE: Final = """
    INSERT INTO audit_event (id, tenant_id, at, actor_id, actor_kind, action, object_type, object_id, request_id,
                             detail, mac)
    SELECT %(id)s, %(tenant_id)s, %(at)s, %(actor_id)s, %(actor_kind)s, %(action)s, %(object_type)s, %(object_id)s,
           %(request_id)s, %(detail)s, %(mac)s
    WHERE NOT EXISTS (
      SELECT FROM audit_event e
      WHERE e.tenant_id = %(tenant_id)s AND e.object_id = %(object_id)s AND e.at > %(since)s
        AND e.action = %(action)s AND e.actor_id IS NOT DISTINCT FROM %(actor_id)s)
"""


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
    event.save()
    return event


def record_event_once(
    actor: AuditActor, action: str, object_type: str, object_id: UUID, *, within: timedelta, **detail: Any
) -> None:
    """Append an event in one statement, unless the actor has one of this action and object within the time.

    Reading a document takes many requests: without this, each page image would add an event.
    """
    event = _event(actor, action, object_type, object_id, detail)
    names = [field.attname for field in AuditEvent._meta.concrete_fields]  # noqa: SLF001 - Django's documented way
    values = {name: getattr(event, name) for name in names}
    values |= {"detail": Jsonb(event.detail), "mac": compute_mac(event_bytes(event), EVENT_SALT)}
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_ONCE, {**values, "since": event.at - within})


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
