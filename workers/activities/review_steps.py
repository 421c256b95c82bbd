"""The steps around people: what is waited for, reminding, escalating, passwords, and what follows a decision."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone
from temporalio import activity

from ingestion.contracts import RunRef
from ingestion.domain.lifecycle import DECIDED, DocumentStatus
from ingestion.models import Document
from ingestion.services.progress import StaleAttempt
from ingestion.services.reading import ask_for_password, resume_with_password
from quality.services.rescore import score_after_review
from quality.services.rule_set import Engine
from refinery.core.web.live_events import LiveEvent, announce, queue_group
from refinery.core.webhooks.services import Event, emit
from review.domain.lifecycle import TaskKind, TaskState
from review.models import ReviewTask
from review.services.tasks import TaskRequest, cancel_tasks, escalate_overdue, open_task, remind
from workers.activities.outcome_events import tell_of_end
from workers.activities.run_scope import run_scope
from workers.messages import Desk, DocumentOrder, PasswordWait, Reminder

REMIND_AT: Final = 0.75  # of the time that a task has
WAITING = (TaskState.OPEN, TaskState.CLAIMED, TaskState.POSTPONED)
OVER = (DocumentStatus.SPLIT, DocumentStatus.SUPERSEDED)  # its pages are in other documents
KINDS = (TaskKind.REVIEW, TaskKind.SECOND, TaskKind.CONFLICT, TaskKind.PASSWORD)


class DeskActivities:
    """Steps on the io queue, most of them local."""

    def __init__(self, engine: Engine) -> None:
        """Take what judging needs, for the scores after a decision."""
        self._engine = engine

    @activity.defn
    def look_at_desk(self, order: DocumentOrder) -> Desk:
        """Say what the document waits for, and for how long."""
        now = timezone.now()
        with run_scope(order) as ref:
            document = _document(ref)
            status = DocumentStatus(document.status)
            if status in OVER:
                return Desk(status.value, done=True)
            if status in DECIDED:
                left = _grace_left(document, now)
                return Desk(status.value, done=left <= 0, wait_seconds=left)
            task = (
                ReviewTask.objects.filter(
                    tenant_id=ref.tenant_id, document_id=ref.document_id, state__in=WAITING, kind__in=KINDS
                )
                .order_by("due_at")
                .first()
            )
            return _next_moment(status, task, now) if task else Desk(status.value)

    @activity.defn
    def press(self, reminder: Reminder) -> None:
        """Remind of a task, or raise it above the others because its time has run out."""
        now = timezone.now()
        with run_scope(reminder.order) as ref:
            task = ReviewTask.objects.get(tenant_id=ref.tenant_id, id=reminder.task)
            if reminder.step == "remind":
                changed = remind(ref.tenant_id, task.id, at=now)
            else:
                changed = escalate_overdue(ref.tenant_id, task.id, at=now)
                data = {"task": str(task.id), "document": str(ref.document_id), "due_at": task.due_at.isoformat()}
                emit(Event("review.sla_breached", ref.tenant_id, str(task.id), data))
            if changed:
                kind = "task.reminded" if reminder.step == "remind" else "task.sla_breached"
                announce(LiveEvent(kind, str(task.id), task.state), queue_group(ref.tenant_id))

    @activity.defn
    def ask_for_password(self, wait: PasswordWait) -> None:
        """Put the document aside and open a task for someone who knows its password."""
        with run_scope(wait.order) as ref:
            ask_for_password(ref, wrong=wait.wrong)
            document = _document(ref)
            reason = "wrong_password" if wait.wrong else "needs_password"
            request = TaskRequest(
                tenant_id=ref.tenant_id,
                document_id=ref.document_id,
                run=ref.run,
                schema_key=document.schema_key,
                kind=TaskKind.PASSWORD,
                reasons=(reason,),
                priority=document.priority,
            )
            open_task(request, at=timezone.now())

    @activity.defn
    def take_password(self, order: DocumentOrder) -> None:
        """Read on: a password was given, its task is over."""
        with run_scope(order) as ref:
            resume_with_password(ref)
            cancel_tasks(ref.tenant_id, ref.document_id)

    @activity.defn
    def settle(self, order: DocumentOrder) -> None:
        """After the grace: score once more what people changed, and tell the receivers."""
        with run_scope(order) as ref:
            document = _document(ref)
            if document.decided_by_id is not None:
                score_after_review(ref, self._engine)
            tell_of_end(ref)

    @activity.defn
    def settle_again(self, order: DocumentOrder) -> None:
        """The same for a document that was completed before: its receivers are told of a correction."""
        with run_scope(order) as ref:
            score_after_review(ref, self._engine)
            tell_of_end(ref, "document.corrected")


def _document(ref: RunRef) -> Document:
    """Give the run's document; raises StaleAttempt when it was erased or is read again."""
    found = Document.objects.filter(tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run).first()
    if found is None:
        raise StaleAttempt
    return found


def _grace_left(document: Document, now: datetime) -> float:
    """Seconds in which its reviewer can still take the decision back; nobody undoes the router's own."""
    if document.decided_by_id is None or document.decided_at is None:
        return 0.0
    return (document.decided_at + timedelta(seconds=settings.UNDO_GRACE_SECONDS) - now).total_seconds()


def _next_moment(status: DocumentStatus, task: ReviewTask, now: datetime) -> Desk:
    remind_at = task.opened_at + REMIND_AT * (task.due_at - task.opened_at)
    moments = [("remind", remind_at, task.reminded_at), ("escalate", task.due_at, task.escalated_at)]
    for step, moment, done in moments:
        if done is None:
            left = max(0.0, (moment - now).total_seconds())
            return Desk(status.value, task=str(task.id), step=step, wait_seconds=left)
    return Desk(status.value, task=str(task.id))
