"""Open a task for a document, and remind of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from ingestion.models import Document
from refinery.core.audit.services import record
from refinery.core.tenancy.actor import system
from refinery.core.tenancy.models import Tenant
from refinery.core.types import TenantId
from review.contracts import OpenedTask
from review.domain.lifecycle import UNFINISHED, TaskKind, TaskState
from review.models import ReviewTask
from review.services.queues import queue_for

ESCALATED = 100  # a priority above what uploaders may give (-10 to 10)


@dataclass(frozen=True, slots=True)
class TaskRequest:
    """Why a human is asked: `reasons` are the router's, `excluded_id` may not do it."""

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
    """Open a task, or give the one that is open already for this document and kind."""
    with transaction.atomic():
        open_now = ReviewTask.objects.filter(
            tenant_id=request.tenant_id,
            document_id=request.document_id,
            kind=request.kind,
            state__in=UNFINISHED,
        ).first()
        task = open_now or _create(request, at)
    return OpenedTask(task.id, task.due_at)


def _create(request: TaskRequest, at: datetime) -> ReviewTask:
    queue = queue_for(request.tenant_id, request.schema_key)
    tenant = Tenant.objects.only("sla_seconds").get(pk=request.tenant_id)
    task = ReviewTask.objects.create(
        tenant_id=request.tenant_id,
        document_id=request.document_id,
        run=request.run,
        queue=queue,
        kind=request.kind,
        schema_key=request.schema_key,
        priority=request.priority,
        risk=request.risk,
        reasons=list(request.reasons),
        due_at=at + timedelta(seconds=queue.sla_seconds or tenant.sla_seconds),
        excluded_id=request.excluded_id,
    )
    record(system(request.tenant_id), "task.opened", "task", task.id, kind=request.kind.value)
    return task


def cancel_tasks(tenant_id: TenantId, document_id: UUID) -> int:
    """Cancel a document's unfinished tasks: its run has ended another way. Gives how many."""
    return ReviewTask.objects.filter(
        tenant_id=tenant_id,
        document_id=document_id,
        state__in=UNFINISHED,
    ).update(state=TaskState.CANCELLED, lease_token=None, lease_expires_at=None)


def excluded_before(tenant_id: TenantId, document_id: UUID) -> UUID | None:
    """Give who may not decide a part: a second reviewer was asked for before its file was parted anew."""
    part = Document.objects.only("parent_id", "parent_pages").get(tenant_id=tenant_id, id=document_id)
    if part.parent_pages is None or part.parent_id is None:
        return None
    asked = ReviewTask.objects.filter(
        Q(document_id=part.parent_id) | Q(document__parent_id=part.parent_id),
        tenant_id=tenant_id,
        kind=TaskKind.SECOND,
        state=TaskState.CANCELLED,
        excluded_id__isnull=False,
    )
    return asked.order_by("-opened_at").values_list("excluded_id", flat=True).first()


def remind(tenant_id: TenantId, task_id: UUID, *, at: datetime) -> bool:
    """Mark that a task's time runs out; True when it still waits."""
    waiting = ReviewTask.objects.filter(tenant_id=tenant_id, id=task_id, reminded_at=None)
    waiting = waiting.exclude(state__in=[TaskState.SUBMITTED, TaskState.CANCELLED])
    if not waiting.update(reminded_at=at):
        return False
    record(system(tenant_id), "task.reminded", "task", task_id)
    return True


def escalate_overdue(tenant_id: TenantId, task_id: UUID, *, at: datetime) -> bool:
    """Raise a task whose time has run out to the top of its queue; True when it still waited."""
    waiting = ReviewTask.objects.filter(tenant_id=tenant_id, id=task_id, escalated_at=None)
    waiting = waiting.exclude(state__in=[TaskState.SUBMITTED, TaskState.CANCELLED])
    if not waiting.update(escalated_at=at, priority=ESCALATED):
        return False
    record(system(tenant_id), "task.sla_breached", "task", task_id)
    return True
