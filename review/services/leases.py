"""Let go of a claimed task: release, skip, postpone, escalate."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from refinery.core.audit.services import record
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.web.live_events import LiveEvent, announce, queue_group
from review.domain.lease_errors import LeaseLost
from review.domain.lifecycle import TaskState, transition
from review.models import ReviewTask, TaskSkip

RAISED = 50  # below what a breached SLA gives, above what uploaders may ask for


def held_task(actor: Actor, task_id: UUID, token: UUID) -> ReviewTask:
    """Lock the task whose lease the actor holds; raises ReviewTask.DoesNotExist, LeaseLost."""
    actor.require(Verb.REVIEW_WORK)
    task = ReviewTask.objects.visible_to(actor).select_for_update().get(pk=task_id)
    if task.state != TaskState.CLAIMED or task.lease_token != token or task.assignee_id != actor.user_id:
        raise LeaseLost
    return task


def _let_go(task: ReviewTask, state: TaskState) -> None:
    task.state = transition(TaskState(task.state), state)
    task.lease_token = None
    task.lease_expires_at = None
    if state is TaskState.OPEN:
        task.assignee_id = None
    task.save()
    announce(LiveEvent(f"task.{state.value.lower()}", str(task.id)), queue_group(task.tenant_id))


def release_task(*, actor: Actor, task_id: UUID, token: UUID) -> None:
    """Give the task back to its queue."""
    with transaction.atomic():
        _let_go(held_task(actor, task_id, token), TaskState.OPEN)
        record(actor.audit, "task.released", "task", task_id)


def skip_task(*, actor: Actor, task_id: UUID, token: UUID) -> None:
    """Give the task back and never be offered it again."""
    with transaction.atomic():
        task = held_task(actor, task_id, token)
        TaskSkip.objects.get_or_create(tenant_id=actor.tenant_id, task=task, user_id=actor.user_id)
        _let_go(task, TaskState.OPEN)
        record(actor.audit, "task.skipped", "task", task_id)


def postpone_task(*, actor: Actor, task_id: UUID, token: UUID, until: datetime) -> None:
    """Put the task aside: it comes back to the same person at `until`."""
    with transaction.atomic():
        task = held_task(actor, task_id, token)
        task.postponed_until = until
        _let_go(task, TaskState.POSTPONED)
        record(actor.audit, "task.postponed", "task", task_id)


def escalate_task(*, actor: Actor, task_id: UUID, token: UUID, reason: str) -> None:
    """Give the task to someone else, ahead of others; the one who escalates is not offered it again."""
    with transaction.atomic():
        task = held_task(actor, task_id, token)
        task.priority = max(task.priority, RAISED)
        task.reasons = [*task.reasons, "escalated"]
        task.reason = reason
        TaskSkip.objects.get_or_create(tenant_id=actor.tenant_id, task=task, user_id=actor.user_id)
        _let_go(task, TaskState.OPEN)
        record(actor.audit, "task.escalated", "task", task_id)
