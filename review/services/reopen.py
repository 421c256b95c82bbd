"""Return of a decided document to review: by a manager, after a change of its values, or after an audit."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ingestion.domain.lifecycle import DECIDED, DocumentStatus, InvalidDocumentTransition, transition_document
from ingestion.models import Document
from ingestion.services.workflow_signals import START_TOPIC
from refinery.core.audit.services import record_event
from refinery.core.outbox.services import OutgoingMessage, enqueue
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.live_events import LiveEvent, announce, document_group, queue_group
from review.contracts import OpenedTask
from review.domain.lifecycle import UNFINISHED, TaskKind, TaskState
from review.models import ReviewTask
from review.services.tasks import TaskRequest, open_task
from review.services.workflow_signals import REOPENED_REASON, review_workflow_id


@dataclass(frozen=True, slots=True)
class FurtherReview:
    """New review of a decided document: its kind, the reasons shown, the user who is excluded.

    After an audit, `keep_decision` leaves the time of the earlier decision, so that an undo restores all of it.
    `delay_seconds` is the time in which an undo can withdraw the start of the workflow.
    """

    kind: TaskKind = TaskKind.REVIEW
    reasons: tuple[str, ...] = ()
    excluded_id: UUID | None = None
    keep_decision: bool = False
    delay_seconds: int = 0


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
        opened = return_to_review(actor, document, FurtherReview())
        record_event(
            actor.audit, "review.reopened", "document", document.id, task=str(opened.task_id), reason=reason[:80]
        )
    return opened


def return_to_review(actor: Actor, document: Document, further: FurtherReview) -> OpenedTask:
    """Put a decided document, which the caller has locked, into review again; cancel an open audit of its decision."""
    document.status = transition_document(DocumentStatus(document.status), DocumentStatus.IN_REVIEW)
    document.stage = "review"
    if not further.keep_decision:
        document.decided_at = document.decided_by_id = None
    document.version = F("version") + 1
    document.save(update_fields=["status", "stage", "decided_at", "decided_by_id", "version", "updated_at"])
    audits = ReviewTask.objects.visible_to(actor).filter(document=document, kind=TaskKind.AUDIT, state__in=UNFINISHED)
    audits.update(state=TaskState.CANCELLED, lease_token=None, lease_expires_at=None)
    request = TaskRequest(
        actor.tenant_id,
        document.id,
        document.run,
        document.schema_key,
        kind=further.kind,
        reasons=(REOPENED_REASON, *further.reasons),
        excluded_id=further.excluded_id,
    )
    opened = open_task(request, at=timezone.now())
    start_correction(document, review_workflow_id(opened.task_id), further.delay_seconds)
    event = LiveEvent("document.status", str(document.id), DocumentStatus.IN_REVIEW.value, "review", 0.9)
    announce(event, document_group(document.id), queue_group(actor.tenant_id))
    return opened


def start_correction(document: Document, workflow_id: str, delay_seconds: int = 0) -> None:
    """Start a workflow that waits until the document is decided, scores it again and reports the correction.

    The document's own workflow has ended.
    """
    payload = {
        "workflow": "review",
        "id": workflow_id,
        "tenant": str(document.tenant_id),
        "document": str(document.id),
        "run": document.run,
    }
    enqueue(OutgoingMessage(START_TOPIC, payload, document.tenant_id, delay_seconds), key=workflow_id)
