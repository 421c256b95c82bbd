"""Record what happened, in the transaction in which it happens."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from refinery.core.audit.models import AuditEvent


@dataclass(frozen=True, slots=True)
class AuditActor:
    """Who did it: the audit log knows ids alone, so that it stands below tenancy."""

    tenant_id: UUID
    actor_id: UUID | None
    kind: str  # user | service | system
    request_id: str = ""


def record(
    by: AuditActor,
    action: str,
    object_type: str,
    object_id: UUID | None = None,
    **detail: Any,  # noqa: ANN401 - JSON values
) -> AuditEvent:
    """Append an event. `detail` holds ids, codes and numbers; never text of a document or a token."""
    return AuditEvent.objects.create(
        tenant_id=by.tenant_id,
        actor_id=by.actor_id,
        actor_kind=by.kind,
        action=action,
        object_type=object_type,
        object_id=object_id,
        request_id=by.request_id,
        detail=detail,
    )
