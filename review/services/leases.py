"""Ways to end the lease of a claimed task: release, skip, postpone, escalate."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from refinery.core.audit.services import record_event
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.compiled_queries import compiled_query
from refinery.core.tenancy.roles import Permission
from refinery.core.web.live_events import LiveEvent, announce, queue_group
from review.domain.lease_errors import LeaseLost
from review.domain.lifecycle import TaskState, transition
from review.models import Comment, ReviewTask, TaskSkip

ESCALATED_PRIORITY = 50  # below the priority of a breached SLA, above the maximum for uploaders


def leased_task(actor: Actor, task_id: UUID, token: UUID) -> ReviewTask:
    """Lock the task whose lease the actor holds; raises ReviewTask.DoesNotExist, LeaseLost."""
    actor.require(Permission.REVIEW_WORK)
    task = _locked_task.first(actor, task_id)
    if task is None:  # this raises
        task = ReviewTask.objects.get_permitted(actor, Permission.REVIEW_WORK, pk=task_id)
    if task.state != TaskState.CLAIMED or task.lease_token != token or task.assignee_id != actor.user_id:
        raise LeaseLost
    return task


@compiled_query
def _locked_task(actor: Actor, task_id: UUID) -> "QuerySet[ReviewTask]":
    return ReviewTask.objects.select_for_update().permitted(actor, Permission.REVIEW_WORK).filter(pk=task_id)


def _release_lease(task: ReviewTask, state: TaskState) -> None:
    task.state = transition(TaskState(task.state), state)
    task.lease_token = None
    task.lease_expires_at = None
    if state is TaskState.OPEN:
        task.assignee_id = None
    task.save()
    announce(LiveEvent(f"task.{state.value.lower()}", str(task.id)), queue_group(task.tenant_id))


def release_task(*, actor: Actor, task_id: UUID, token: UUID) -> None:
    """Return the task to its queue."""
    with transaction.atomic():
        _release_lease(leased_task(actor, task_id, token), TaskState.OPEN)
        record_event(actor.audit, "task.released", "task", task_id)


def give_back_task(*, actor: Actor, task_id: UUID) -> None:
    """Return a task that the actor holds to its queue, without its token; raises ReviewTask.DoesNotExist, LeaseLost."""
    with transaction.atomic():
        task = ReviewTask.objects.select_for_update().get_permitted(actor, Permission.REVIEW_WORK, pk=task_id)
        if task.lease_token is None:
            raise LeaseLost
        _release_lease(leased_task(actor, task_id, task.lease_token), TaskState.OPEN)
        record_event(actor.audit, "task.released", "task", task_id)


def skip_task(*, actor: Actor, task_id: UUID, token: UUID) -> None:
    """Return the task to its queue and never offer it to this user again."""
    with transaction.atomic():
        task = leased_task(actor, task_id, token)
        TaskSkip.objects.get_or_create(tenant_id=actor.tenant_id, task=task, user_id=actor.user_id)
        _release_lease(task, TaskState.OPEN)
        record_event(actor.audit, "task.skipped", "task", task_id)


def postpone_task(*, actor: Actor, task_id: UUID, token: UUID, until: datetime) -> None:
    """Postpone the task: it returns to the same user at `until`."""
    with transaction.atomic():
        task = leased_task(actor, task_id, token)
        task.postponed_until = until
        _release_lease(task, TaskState.POSTPONED)
        record_event(actor.audit, "task.postponed", "task", task_id)


def escalate_task(*, actor: Actor, task_id: UUID, token: UUID, reason: str) -> None:
    """Hand the task to the people who may decide it, with a note that is also a comment on the document.

    It returns to its queue with a higher priority and is no longer offered to this user, nor to others who may not
    decide it.
    """
    with transaction.atomic():
        task = leased_task(actor, task_id, token)
        task.raised_by_id, task.raised_at = actor.user_id, timezone.now()
        task.priority = max(task.priority, ESCALATED_PRIORITY)
        task.reasons = [*(one for one in task.reasons if one != "escalated"), "escalated"]
        task.reason = reason
        TaskSkip.objects.get_or_create(tenant_id=actor.tenant_id, task=task, user_id=actor.user_id)
        _release_lease(task, TaskState.OPEN)
        comment = Comment.objects.create(
            tenant_id=actor.tenant_id, document_id=task.document_id, author_id=actor.user_id, text=reason
        )
        record_event(actor.audit, "task.escalated", "task", task_id, comment=str(comment.id))
