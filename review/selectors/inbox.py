"""Inbox of the people who may decide escalated tasks: each with its note and who wrote it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.member_names import names_of
from review.domain.lifecycle import UNFINISHED, TaskState
from review.models import ReviewTask
from review.querysets import DECIDES_ESCALATIONS

MOST = 20


@dataclass(frozen=True, slots=True)
class EscalationLine:
    """Escalated task; `holder` is who has claimed it."""

    id: UUID
    title: str
    note: str
    who: str
    at: datetime
    holder: str


def inbox_of(actor: Actor) -> tuple[EscalationLine, ...]:
    """Return the escalated tasks that the actor may decide, the oldest first, in two queries; not their own."""
    if not actor.can(DECIDES_ESCALATIONS):
        return ()
    waiting = ReviewTask.objects.visible_to(actor).filter(raised_at__isnull=False, state__in=UNFINISHED)
    rows = waiting.decidable_by(actor).exclude(raised_by_id=actor.user_id).order_by("raised_at", "id")
    found = list(rows.select_related("document")[:MOST])
    names = names_of(actor, [person for task in found for person in (task.raised_by_id, task.assignee_id)])
    return tuple(_line(task, names) for task in found)


def _line(task: ReviewTask, names: dict[UUID, str]) -> EscalationLine:
    holder = names.get(task.assignee_id, "") if task.assignee_id and task.state == TaskState.CLAIMED else ""
    who = names.get(task.raised_by_id, "") if task.raised_by_id else ""
    at = task.raised_at or task.opened_at
    return EscalationLine(task.id, task.document.filename, task.reason, who, at, holder)
