"""Reopening of a decided document by a manager, at any time."""

from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ingestion.domain.lifecycle import DECIDED, DocumentStatus, InvalidDocumentTransition, transition_document
from ingestion.models import Document
from refinery.core.audit.services import record_event
from refinery.core.outbox.services import OutgoingMessage, enqueue
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.live_events import LiveEvent, announce, document_group, queue_group
from review.contracts import OpenedTask
from review.models import ReviewTask
from review.services.tasks import TaskRequest, open_task
from review.services.workflow_signals import REOPENED_REASON, review_workflow_id


def reopen_document(*, actor: Actor, document_id: UUID, reason: str) -> OpenedTask:
    """Return a decided document to review, with a new task and a separate workflow that watches its due time.

    Raises Document.DoesNotExist, InvalidDocumentTransition for an undecided document. The fields keep human values;
    webhook receivers get a correction event once the document is decided again.
    """
    actor.require(Permission.REVIEW_REOPEN)
    with transaction.atomic():
        document = Document.objects.visible_to(actor).select_for_update().get(pk=document_id)
        if document.status not in DECIDED:
            message = f"a document that is {document.status} was not decided"
            raise InvalidDocumentTransition(message)
        document.status = transition_document(DocumentStatus(document.status), DocumentStatus.IN_REVIEW)
        document.stage, document.decided_at, document.decided_by_id = "review", None, None
        document.version = F("version") + 1
        document.save(update_fields=["status", "stage", "decided_at", "decided_by_id", "version", "updated_at"])
        request = TaskRequest(
            actor.tenant_id, document.id, document.run, document.schema_key, reasons=(REOPENED_REASON,)
        )
        opened = open_task(request, at=timezone.now())
        _start_review_workflow(actor, document, opened)
        record_event(
            actor.audit, "review.reopened", "document", document.id, task=str(opened.task_id), reason=reason[:80]
        )
        event = LiveEvent("document.status", str(document.id), DocumentStatus.IN_REVIEW.value, "review", 0.9)
        announce(event, document_group(document.id), queue_group(actor.tenant_id))
    return opened


def _start_review_workflow(actor: Actor, document: Document, opened: OpenedTask) -> None:
    """Start the workflow `review/<task id>`, because the document's workflow has ended."""
    workflow_id = review_workflow_id(ReviewTask(id=opened.task_id))
    payload = {
        "workflow": "review",
        "id": workflow_id,
        "tenant": str(actor.tenant_id),
        "document": str(document.id),
        "run": document.run,
    }
    enqueue(OutgoingMessage("workflow.start", payload, actor.tenant_id), key=workflow_id)
