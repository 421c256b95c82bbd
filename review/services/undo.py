"""Undo of a decision by its reviewer within the grace period."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ingestion.domain.lifecycle import DECIDED, DocumentStatus, transition_document
from ingestion.models import Document, Field
from quality.models import Issue
from quality.services.training_examples import withdraw_examples
from refinery.core.audit.services import record_event
from refinery.core.database.clock import database_now
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.webhooks.services import withdraw_event
from review.contracts import ClaimedTask
from review.domain.lease_errors import MAX_LIVE_LEASES
from review.domain.lifecycle import ReviewVerdict, TaskKind, TaskState, transition
from review.models import Correction, Draft, ReviewTask
from review.services.audits import undo_audit
from review.services.claims import claim_task
from review.services.grace import undo_period
from review.services.submit import RESTORABLE_COLUMNS, submitted_event
from review.services.workflow_signals import signal_task_workflows

DRAFT_IN_FLIGHT = timedelta(seconds=2)
"""Time after a decision in which a draft from the deciding tab itself may still arrive."""


class UndoExpired(Exception):
    """The grace period is over, another user made the decision, or the document has moved on."""


def undo_review(*, actor: Actor, task_id: UUID) -> ClaimedTask:
    """Reopen the actor's decision and claim its task; raises ReviewTask.DoesNotExist, UndoExpired."""
    actor.require(Permission.REVIEW_WORK)
    with transaction.atomic():
        task = ReviewTask.objects.select_for_update().get_permitted(actor, Permission.REVIEW_WORK, pk=task_id)
        if task.assignee_id != actor.user_id or task.state != TaskState.SUBMITTED:
            raise UndoExpired
        document = Document.objects.visible_to(actor).select_for_update().get(pk=task.document_id)
        if not _within_grace(document, task):
            raise UndoExpired
        _reopen_document(actor, document, task)
        withdraw_event(submitted_event(task))
        _restore_fields(actor, task)
        withdraw_examples(tenant_id=actor.tenant_id, document_id=document.id, task_id=task.id)
        task.state = transition(TaskState.SUBMITTED, TaskState.OPEN)
        task.verdict, task.reason, task.submitted_at, task.assignee_id = "", "", None, None
        task.save()
        record_event(actor.audit, "review.undone", "document", document.id, task=str(task.id))
        signal_task_workflows(document, task, "undone")
        _release_newest_lease(actor)
        return claim_task(actor=actor, task_id=task.id)


def _within_grace(document: Document, task: ReviewTask) -> bool:
    """Return whether the decision can still be undone; the caller has locked the document.

    The time is read after the lock, and a decision that receivers have been told about is final, however the clocks
    differ.
    """
    announced = document.status in DECIDED and document.announced_decision == document.decided_at is not None
    if task.submitted_at is None or (announced and task.kind != TaskKind.AUDIT):
        return False
    return database_now() - task.submitted_at <= undo_period()


def _release_newest_lease(actor: Actor) -> None:
    """Release the newer of two live leases: the reopened task has precedence over one claimed ahead."""
    live = ReviewTask.objects.visible_to(actor).claimed().filter(assignee_id=actor.user_id)
    live_task_ids = list(live.order_by("-claimed_at").values_list("id", flat=True))
    if len(live_task_ids) >= MAX_LIVE_LEASES:
        ReviewTask.objects.visible_to(actor).filter(pk=live_task_ids[0]).update(
            state=TaskState.OPEN, assignee_id=None, lease_token=None, lease_expires_at=None
        )


def _reopen_document(actor: Actor, document: Document, task: ReviewTask) -> None:
    if task.kind == TaskKind.AUDIT:
        if not undo_audit(actor, document, task):
            raise UndoExpired
        return
    if task.verdict == ReviewVerdict.NEEDS_SECOND_REVIEW:
        second = ReviewTask.objects.visible_to(actor).filter(document=document, kind=TaskKind.SECOND)
        # The second review was never requested, so it excludes no user: a later split of the file reads `excluded_id`.
        taken_back = second.filter(state=TaskState.OPEN).update(state=TaskState.CANCELLED, excluded_id=None)
        if not taken_back:
            raise UndoExpired
        return
    if document.status not in DECIDED:  # its file was split differently meanwhile
        raise UndoExpired
    locked = task.kind == TaskKind.PASSWORD
    target = DocumentStatus.NEEDS_PASSWORD if locked else DocumentStatus.IN_REVIEW
    document.status = transition_document(DocumentStatus(document.status), target)
    document.stage, document.decided_at, document.decided_by_id = "review", None, None
    if locked:
        document.stage = "waiting_for_password"
    document.version = F("version") + 1
    document.save(update_fields=["status", "stage", "decided_at", "decided_by_id", "version", "updated_at"])


def _restore_fields(actor: Actor, task: ReviewTask) -> None:
    """Restore the previous field values; the draft keeps the typed ones, and what another tab saved since."""
    corrections = list(Correction.objects.visible_to(actor).filter(task=task, undone_at=None))
    rows = {row.name: row for row in Field.objects.visible_to(actor).filter(document_id=task.document_id, run=task.run)}
    typed = {}
    touched = []
    for correction in corrections:
        row = rows[correction.field]
        place = {"page": correction.page, "bbox": correction.bbox} if correction.bbox else {}
        typed[row.name] = {"value": correction.after, **place}
        for name, value in correction.restore.items():
            setattr(row, name, value)
        row.version += 1
        touched.append(row)
    Field.objects.bulk_update(touched, [*RESTORABLE_COLUMNS, "version"])
    Issue.objects.visible_to(actor).filter(document_id=task.document_id, run=task.run).update(
        overturned=None, accepted_by_id=None
    )
    Correction.objects.visible_to(actor).filter(task=task, undone_at=None).update(undone_at=timezone.now())
    draft, _ = Draft.objects.get_or_create(tenant_id=actor.tenant_id, task=task, user_id=actor.user_id)
    later = task.submitted_at is not None and draft.updated_at > task.submitted_at + DRAFT_IN_FLIGHT
    draft.values = {**typed, **draft.values} if later else {**draft.values, **typed}
    draft.revision += 1
    draft.save()
