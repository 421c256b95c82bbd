"""Recording of events, in the transaction of the action."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from refinery.core.audit.models import AuditEvent


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
    return AuditEvent.objects.create(
        tenant_id=actor.tenant_id,
        actor_id=actor.actor_id,
        actor_kind=actor.kind,
        action=action,
        object_type=object_type,
        object_id=object_id,
        request_id=actor.request_id,
        detail=detail,
    )
