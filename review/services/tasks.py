"""Opening of tasks for documents, reminders and escalation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from refinery.core.audit.services import record_event
from refinery.core.database.bulk_rows import insert_rows
from refinery.core.tenancy.actor import system_actor
from refinery.core.tenancy.compiled_queries import compiled_query
from refinery.core.tenancy.models import Tenant
from refinery.core.types import TenantId
from review.contracts import OpenedTask
from review.domain.lifecycle import UNFINISHED, TaskKind, TaskState
from review.models import ReviewTask
from review.services.four_eyes import involved_people, origin_of
from review.services.queues import queue_for

OVERDUE_PRIORITY = 100  # above the maximum for uploaders (-10 to 10)


@dataclass(frozen=True, slots=True)
class TaskRequest:
    """Task to open: `reasons` come from the router, the user `excluded_id` may not review it."""

    tenant_id: TenantId
    document_id: UUID
    run: int
    schema_key: str = ""
    kind: TaskKind = TaskKind.REVIEW
    reasons: tuple[str, ...] = ()
    risk: float = 0.0
    priority: int = 0
    excluded_id: UUID | None = None


def open_task(request: TaskRequest, *, at: datetime) -> OpenedTask:
    """Open a task, or return the unfinished one of this document and kind."""
    with transaction.atomic(savepoint=False):
        open_now = _unfinished_tasks.first(request.tenant_id, request.document_id, request.kind.value)
        task = open_now or _create(request, at)
    return OpenedTask(task.id, task.due_at)


@compiled_query
def _unfinished_tasks(tenant_id: TenantId, document_id: UUID, kind: str) -> "QuerySet[ReviewTask]":
    rows = ReviewTask.objects.filter(tenant_id=tenant_id, document_id=document_id, kind=kind, state__in=UNFINISHED)
    return rows.order_by("id")[:1]


def _create(request: TaskRequest, at: datetime) -> ReviewTask:
    queue = queue_for(request.tenant_id, request.schema_key)
    task = ReviewTask(
        tenant_id=request.tenant_id,
        document_id=request.document_id,
        run=request.run,
        queue=queue,
        kind=request.kind,
        schema_key=request.schema_key,
        priority=request.priority,
        risk=request.risk,
        reasons=list(request.reasons),
        due_at=at + timedelta(seconds=queue.sla_seconds or _sla_seconds(request.tenant_id)[0]),
        excluded_id=request.excluded_id,
        involved_ids=involved_people(request.tenant_id, request.document_id, request.kind),
    )
    insert_rows([task])
    record_event(system_actor(request.tenant_id), "task.opened", "task", task.id, kind=request.kind.value)
    return task


@compiled_query
def _sla_seconds(tenant_id: TenantId) -> "QuerySet[Tenant, Any]":
    return Tenant.objects.filter(pk=tenant_id).values_list("sla_seconds", flat=True)


def cancel_tasks(tenant_id: TenantId, document_id: UUID) -> int:
    """Cancel a document's unfinished tasks, because its run ended another way; returns their number."""
    return ReviewTask.objects.filter(tenant_id=tenant_id, document_id=document_id, state__in=UNFINISHED).update(
        state=TaskState.CANCELLED, lease_token=None, lease_expires_at=None
    )


def previously_excluded_reviewer(tenant_id: TenantId, document_id: UUID) -> UUID | None:
    """Return the user who may not review a child document: a second review was requested before the file was split
    again.
    """
    origin = origin_of(tenant_id, document_id)
    if origin.parent_pages is None or origin.parent_id is None:
        return None
    asked = ReviewTask.objects.filter(
        Q(document_id=origin.parent_id) | Q(document__parent_id=origin.parent_id),
        tenant_id=tenant_id,
        kind=TaskKind.SECOND,
        state=TaskState.CANCELLED,
        excluded_id__isnull=False,
    )
    return asked.order_by("-opened_at").values_list("excluded_id", flat=True).first()


def remind(tenant_id: TenantId, task_id: UUID, *, at: datetime) -> bool:
    """Mark a task as reminded; returns whether it was still unfinished and not reminded before."""
    waiting = ReviewTask.objects.filter(tenant_id=tenant_id, id=task_id, reminded_at=None)
    waiting = waiting.exclude(state__in=[TaskState.SUBMITTED, TaskState.CANCELLED])
    if not waiting.update(reminded_at=at):
        return False
    record_event(system_actor(tenant_id), "task.reminded", "task", task_id)
    return True


def escalate_overdue(tenant_id: TenantId, task_id: UUID, *, at: datetime) -> bool:
    """Raise an overdue task to the top of its queue; returns whether it was unfinished and not yet escalated."""
    waiting = ReviewTask.objects.filter(tenant_id=tenant_id, id=task_id, escalated_at=None)
    waiting = waiting.exclude(state__in=[TaskState.SUBMITTED, TaskState.CANCELLED])
    if not waiting.update(escalated_at=at, priority=OVERDUE_PRIORITY):
        return False
    record_event(system_actor(tenant_id), "task.sla_breached", "task", task_id)
    return True
