"""Conclusion of a blind audit: an approved document is confirmed, corrected, or returned to review."""

from collections.abc import Iterable

from django.db.models import F

from ingestion.domain.lifecycle import DocumentStatus, transition_document
from ingestion.models import Document
from ingestion.services.workflow_signals import START_TOPIC
from refinery.core.outbox.models import OutboxMessage
from refinery.core.outbox.services import withdraw
from refinery.core.tenancy.actor import Actor
from review.domain.corrections import Change
from review.domain.lifecycle import ReviewVerdict, TaskKind, TaskState
from review.models import ReviewTask
from review.services.grace import message_delay
from review.services.reopen import FurtherReview, return_to_review, start_correction
from review.services.workflow_signals import audit_workflow_id, review_workflow_id

FINDINGS = {
    ReviewVerdict.REJECT: "rejected in an audit",
    ReviewVerdict.NEEDS_SECOND_REVIEW: "second opinion asked for in an audit",
}


def conclude_audit(actor: Actor, document: Document, task: ReviewTask, changes: Iterable[Change]) -> None:
    """Apply the closed audit to its document.

    Approval leaves the document approved; corrected values are scored again and reported after the undo grace. With
    another verdict a person other than the auditor reviews the document.
    """
    verdict, delay = ReviewVerdict(task.verdict), message_delay()
    if verdict is not ReviewVerdict.APPROVE:
        reasons = (FINDINGS[verdict],)
        second = FurtherReview(TaskKind.SECOND, reasons, actor.user_id, keep_decision=True, delay_seconds=delay)
        return_to_review(actor, document, second)
    elif any(change.edited for change in changes):
        Document.objects.filter(pk=document.pk).update(version=F("version") + 1)
        start_correction(document, audit_workflow_id(task), delay)
    document.refresh_from_db(fields=["version", "status"])


def undo_audit(actor: Actor, document: Document, task: ReviewTask) -> bool:
    """Restore the approved document; return False if the audit has had an effect that cannot be undone."""
    if task.verdict == ReviewVerdict.APPROVE:
        return document.status == DocumentStatus.APPROVED and _withdraw_workflow(task, audit_workflow_id(task))
    seconds = ReviewTask.objects.visible_to(actor).filter(document=document, kind=TaskKind.SECOND, state=TaskState.OPEN)
    second = seconds.select_for_update().filter(excluded_id=actor.user_id).first()
    if second is None or not _withdraw_workflow(second, review_workflow_id(second.id)):
        return False
    second.state, second.excluded_id = TaskState.CANCELLED.value, None
    second.save(update_fields=["state", "excluded_id"])
    document.status = transition_document(DocumentStatus(document.status), DocumentStatus.APPROVED)
    document.stage, document.version = "decided", F("version") + 1
    document.save(update_fields=["status", "stage", "version", "updated_at"])
    return True


def _withdraw_workflow(task: ReviewTask, workflow_id: str) -> bool:
    """Withdraw the workflow's start; return False if it has left the outbox."""
    withdraw(task.tenant_id, START_TOPIC, workflow_id)
    return not OutboxMessage.objects.filter(tenant_id=task.tenant_id, topic=START_TOPIC, key=workflow_id).exists()
