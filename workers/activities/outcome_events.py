"""Events sent when a run has ended: `document.completed`, and `batch.completed` after the last document."""

from typing import Any
from uuid import UUID

from django.db import transaction

from ingestion.contracts import RunRef
from ingestion.domain.lifecycle import BatchStatus, DocumentStatus
from ingestion.models import Batch, Document
from quality.models import Assessment
from refinery.core.audit.services import record_event
from refinery.core.tenancy.actor import system_actor
from refinery.core.web.live_events import LiveEvent, announce, batch_group
from refinery.core.webhooks.services import WebhookEvent, emit

UNFINISHED_BATCH = (BatchStatus.OPEN, BatchStatus.RUNNING)


def emit_run_completed(ref: RunRef, event: str = "document.completed") -> None:
    """Send the document's event, once for each decision, and close its batch if it was the last document.

    A correction is reported once for each version of the document.
    """
    document = Document.objects.get(tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run)
    version = str(document.version) if event != "document.completed" else ""
    once = f"{document.id}/{document.run}/{version}"
    emit(WebhookEvent(event, ref.tenant_id, once, _event_payload(ref, document), document.webhook_url))
    if document.batch_id is not None:
        close_batch(ref, document.batch_id)


def _event_payload(ref: RunRef, document: Document) -> dict[str, Any]:
    """Return the webhook payload: ids, codes and numbers; receivers fetch the fields with their own credentials."""
    latest = (
        Assessment.objects.filter(tenant_id=ref.tenant_id, document_id=ref.document_id, run=ref.run)
        .order_by("-after_human")
        .first()
    )
    overall = latest.overall if latest else None
    return {
        "document": str(document.id),
        "run": document.run,
        "status": document.status,
        "schema": document.schema_key,
        "external_id": document.external_id,
        "error": document.error_code,
        "parent": str(document.parent_id) if document.parent_id else None,
        "children": _children(document),
        "overall": None if overall is None else round(overall, 1),
        "decided_by_human": document.decided_by_id is not None,
    }


def _children(document: Document) -> int:
    """Count the child documents: the attachments, or also the documents that the pages were split into."""
    if document.status != DocumentStatus.SPLIT:
        return document.attachments
    parts = Document.objects.filter(parent=document, parent_pages__isnull=False)
    return document.attachments + parts.exclude(status=DocumentStatus.SUPERSEDED).count()


def close_batch(ref: RunRef, batch_id: UUID) -> None:
    """Mark the batch DONE if none of its documents is unfinished; the row lock orders concurrent callers."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(tenant_id=ref.tenant_id, id=batch_id)
        documents = Document.objects.filter(tenant_id=ref.tenant_id, batch_id=batch.id)
        if batch.status not in UNFINISHED_BATCH or documents.unfinished().exists():
            return
        batch.status = BatchStatus.DONE.value
        batch.save(update_fields=["status"])
        record_event(system_actor(ref.tenant_id), "batch.completed", "batch", batch.id)
        counts = documents.counts_by_status()
        emit(WebhookEvent("batch.completed", ref.tenant_id, str(batch.id), {"batch": str(batch.id), "counts": counts}))
        announce(LiveEvent("batch.status", str(batch.id), batch.status, progress=1.0), batch_group(batch.id))
