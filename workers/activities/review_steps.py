"""Activities around human tasks: waiting, reminders, escalation, passwords, and steps after a decision."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from temporalio import activity

from ingestion.contracts import RunRef
from ingestion.domain.lifecycle import DECIDED, FINAL, DocumentStatus
from ingestion.models import Document
from ingestion.services.progress import StaleAttempt
from ingestion.services.reading import request_password, resume_with_password
from quality.services.rescore import score_after_review
from quality.services.rule_set import AssessmentConfig
from refinery.core.database.clock import database_now
from refinery.core.tenancy.compiled_queries import compiled_query
from refinery.core.web.live_events import LiveEvent, announce, queue_group
from refinery.core.webhooks.services import WebhookEvent, emit
from review.domain.lifecycle import TaskKind, TaskState
from review.models import ReviewTask
from review.services.tasks import TaskRequest, cancel_tasks, escalate_overdue, open_task, remind
from workers.activities.outcome_events import emit_run_completed
from workers.activities.run_scope import run_scope
from workers.messages import DocumentInput, HumanWaitState, PasswordWaitInput, ReminderInput

REMIND_AT_SHARE: Final = 0.75  # share of the time between opening and due date
WAITING_STATES = (TaskState.OPEN, TaskState.CLAIMED, TaskState.POSTPONED)
MOVED_STATUSES = (DocumentStatus.SPLIT, DocumentStatus.SUPERSEDED)  # its pages belong to other documents
AWAITED_KINDS = (TaskKind.REVIEW, TaskKind.SECOND, TaskKind.CONFLICT, TaskKind.PASSWORD)


class HumanTaskActivities:
    """Activities on the io queue, most of them called as local activities."""

    def __init__(self, config: AssessmentConfig) -> None:
        """Store the assessment configuration, for the scores after a decision."""
        self._config = config

    @activity.defn
    def load_wait_state(self, document_input: DocumentInput) -> HumanWaitState:
        """Return the state that the document waits in, and for how long."""
        with run_scope(document_input) as ref:
            now, document = database_now(), _document(ref)
            status = DocumentStatus(document.status)
            if status in MOVED_STATUSES:
                return HumanWaitState(status.value, done=True)
            if status in DECIDED:
                left = _grace_left(document, now)
                return HumanWaitState(status.value, done=left <= 0, wait_seconds=left)
            task = _awaited_tasks.first(ref.tenant_id, ref.document_id)
            return _next_deadline(status, task, now) if task else HumanWaitState(status.value)

    @activity.defn
    def remind_or_escalate(self, reminder_input: ReminderInput) -> None:
        """Send a reminder for a task, or escalate it because it is overdue."""
        now = timezone.now()
        with run_scope(reminder_input.document_input) as ref:
            task = ReviewTask.objects.get(tenant_id=ref.tenant_id, id=reminder_input.task_id)
            if reminder_input.step == "remind":
                changed = remind(ref.tenant_id, task.id, at=now)
            else:
                changed = escalate_overdue(ref.tenant_id, task.id, at=now)
                data = {"task": str(task.id), "document": str(ref.document_id), "due_at": task.due_at.isoformat()}
                emit(WebhookEvent("review.sla_breached", ref.tenant_id, str(task.id), data))
            if changed:
                kind = "task.reminded" if reminder_input.step == "remind" else "task.sla_breached"
                announce(LiveEvent(kind, str(task.id), task.state), queue_group(ref.tenant_id))

    @activity.defn
    def request_password(self, wait_input: PasswordWaitInput) -> None:
        """Suspend the document and open a task to enter its password."""
        with run_scope(wait_input.document_input) as ref:
            request_password(ref, wrong=wait_input.wrong)
            document = _document(ref)
            reason = "wrong_password" if wait_input.wrong else "needs_password"
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
    def continue_with_password(self, document_input: DocumentInput) -> None:
        """Resume reading with the entered password and close its task."""
        with run_scope(document_input) as ref:
            resume_with_password(ref)
            cancel_tasks(ref.tenant_id, ref.document_id)

    @activity.defn
    def finalize(self, document_input: DocumentInput) -> bool | None:
        """Rescore what people changed once the grace period has passed, and notify the receivers.

        Return False if the decision was undone meanwhile, so that the workflow goes on waiting.
        """
        with run_scope(document_input) as ref:
            document = _announce_decision(ref)
            if document is None:
                return False
            if document.decided_by_id is not None:
                score_after_review(ref, self._config)
            emit_run_completed(ref)
        return True

    @activity.defn
    def finalize_correction(self, document_input: DocumentInput) -> bool | None:
        """Rescore a document that was completed before, and notify its receivers of the correction.

        Return False if the decision was undone meanwhile.
        """
        with run_scope(document_input) as ref:
            if _announce_decision(ref) is None:
                return False
            score_after_review(ref, self._config)
            emit_run_completed(ref, "document.corrected")
        return True


def _document(ref: RunRef, *, lock: bool = False) -> Document:
    """Return the run's document; raises StaleAttempt if it was erased or has a newer run."""
    find = _documents_to_lock if lock else _documents
    found = find.first(ref.tenant_id, ref.document_id, ref.run)
    if found is None:
        raise StaleAttempt
    return found


@compiled_query
def _documents(tenant_id: UUID, document_id: UUID, run: int) -> "QuerySet[Document]":
    return Document.objects.filter(tenant_id=tenant_id, id=document_id, run=run)


@compiled_query
def _documents_to_lock(tenant_id: UUID, document_id: UUID, run: int) -> "QuerySet[Document]":
    return Document.objects.select_for_update().filter(tenant_id=tenant_id, id=document_id, run=run)


@compiled_query
def _awaited_tasks(tenant_id: UUID, document_id: UUID) -> "QuerySet[ReviewTask]":
    rows = ReviewTask.objects.filter(tenant_id=tenant_id, document_id=document_id)
    return rows.filter(state__in=WAITING_STATES, kind__in=AWAITED_KINDS).order_by("due_at")[:1]


def _announce_decision(ref: RunRef) -> Document | None:
    """Lock the document and make its decision final; None if it was undone meanwhile.

    An undo locks the document too: either it comes first and nothing is announced, or it is refused.
    """
    document = _document(ref, lock=True)
    if document.status not in FINAL:
        return None
    Document.objects.filter(pk=document.pk).update(announced_decision=document.decided_at)
    return document


def _grace_left(document: Document, now: datetime) -> float:
    """Return the seconds left to undo the decision; a decision of the router cannot be undone."""
    if document.decided_by_id is None or document.decided_at is None:
        return 0.0
    return (document.decided_at + timedelta(seconds=settings.UNDO_GRACE_SECONDS) - now).total_seconds()


def _next_deadline(status: DocumentStatus, task: ReviewTask, now: datetime) -> HumanWaitState:
    remind_at = task.opened_at + REMIND_AT_SHARE * (task.due_at - task.opened_at)
    moments = [("remind", remind_at, task.reminded_at), ("escalate", task.due_at, task.escalated_at)]
    for step, moment, done in moments:
        if done is None:
            left = max(0.0, (moment - now).total_seconds())
            return HumanWaitState(status.value, task_id=str(task.id), next_step=step, wait_seconds=left)
    return HumanWaitState(status.value, task_id=str(task.id))
