"""Re-runs of documents: a new run number; the earlier run stays as a version."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from ingestion.contracts import RunRef
from ingestion.domain.errors import MissingFile, UnscannableFile
from ingestion.domain.lifecycle import DocumentStatus, InvalidDocumentTransition, transition_document
from ingestion.models import Document
from ingestion.services.discarded_runs import discard_reprocessed_pages
from ingestion.services.workflow_signals import start_run
from refinery.core.audit.services import record_event
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission


def rerun_document(*, actor: Actor, document_id: UUID) -> Document:
    """Start the next run; raises Document.DoesNotExist, InvalidDocumentTransition while a run is in progress.

    A file that was missing may have been replaced, so the virus scanner checks it again, as it does a file that it
    could not scan before.
    """
    actor.require(Permission.DOCUMENT_RERUN)
    with transaction.atomic():
        document = Document.objects.visible_to(actor).select_for_update().get(pk=document_id)
        if document.status == DocumentStatus.QUARANTINED:
            actor.require(Permission.DOCUMENT_RELEASE)
        if document.status == DocumentStatus.NEEDS_PASSWORD:
            message = "the document waits for its password"
            raise InvalidDocumentTransition(message)
        if document.parent_pages is not None:
            message = "the document is part of a file, which is read as a whole"
            raise InvalidDocumentTransition(message)
        if document.status == DocumentStatus.IN_REVIEW:
            message = "the document is in review"
            raise InvalidDocumentTransition(message)
        needs_scan = document.error_code in {MissingFile.code, UnscannableFile.code}
        target = DocumentStatus.RECEIVED if needs_scan else DocumentStatus.READING
        discard_reprocessed_pages(document)
        rotation = _unfinished_rotation(document)
        reset_for_next_run(document, transition_document(DocumentStatus(document.status), target))
        if rotation:
            Document.objects.filter(pk=document.pk).update(last_rotation={**rotation, "run": document.run})
        record_event(actor.audit, "document.rerun", "document", document.id, run=document.run)
        start_run(RunRef(actor.tenant_id, document.id, document.run))
    return document


def _unfinished_rotation(document: Document) -> dict[str, Any] | None:
    """Return the rotation that a failed run began with, because the next run is the first to read it."""
    rotation: dict[str, Any] | None = document.last_rotation
    if rotation is None or rotation["run"] != document.run or document.status != DocumentStatus.FAILED:
        return None
    return {"before": rotation["run"] - 1, **rotation}


def reset_for_next_run(document: Document, status: DocumentStatus) -> None:
    """Reset the row for its next run: queued until a worker takes it."""
    Document.objects.filter(pk=document.pk).update(
        run=F("run") + 1,
        version=F("version") + 1,
        fence=0,
        status=status,
        stage="queued",
        pages=0,
        pages_failed=0,
        attachments=0,
        error_code="",
        error_detail="",
        decided_at=None,
        decided_by_id=None,
    )
    document.refresh_from_db()
