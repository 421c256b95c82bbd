"""Open a decided document again: a manager's word, at any time."""

from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ingestion.domain.lifecycle import DECIDED, DocumentStatus, InvalidMove, move
from ingestion.models import Document
from refinery.core.audit.services import record
from refinery.core.outbox.services import Message, enqueue
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.web.live_events import LiveEvent, announce, document_group, queue_group
from review.contracts import OpenedTask
from review.models import ReviewTask
from review.services.tasks import TaskRequest, open_task
from review.services.workflow_signals import REOPENED, watch_id


def reopen_document(*, actor: Actor, document_id: UUID, reason: str) -> OpenedTask:
    """Put a decided document back into review, with a task and a workflow of its own that watches its time.

    Raises Document.DoesNotExist, InvalidMove for a document that nobody has decided. The fields keep what humans
    made of them; receivers hear of a correction once it is decided again.
    """
    actor.require(Verb.REVIEW_REOPEN)
    with transaction.atomic():
        document = Document.objects.visible_to(actor).select_for_update().get(pk=document_id)
        if document.status not in DECIDED:
            message = f"a document that is {document.status} was not decided"
            raise InvalidMove(message)
        document.status = move(DocumentStatus(document.status), DocumentStatus.IN_REVIEW)
        document.stage, document.decided_at, document.decided_by_id = "review", None, None
        document.version = F("version") + 1
        document.save(update_fields=["status", "stage", "decided_at", "decided_by_id", "version", "updated_at"])
        request = TaskRequest(actor.tenant_id, document.id, document.run, document.schema_key, reasons=(REOPENED,))
        opened = open_task(request, at=timezone.now())
        _watch(actor, document, opened)
        record(
            actor.audit, "review.reopened", "document", document.id, task=str(opened.task_id), reason=reason[:80]
        )
        event = LiveEvent("document.status", str(document.id), DocumentStatus.IN_REVIEW.value, "review", 0.9)
        announce(event, document_group(document.id), queue_group(actor.tenant_id))
    return opened


def _watch(actor: Actor, document: Document, opened: OpenedTask) -> None:
    """Start the workflow `review/<task id>`: the document's own has come to its end."""
    workflow_id = watch_id(ReviewTask(id=opened.task_id))
    payload = {
        "workflow": "review",
        "id": workflow_id,
        "tenant": str(actor.tenant_id),
        "document": str(document.id),
        "run": document.run,
    }
    enqueue(Message("workflow.start", payload, actor.tenant_id), key=workflow_id)
