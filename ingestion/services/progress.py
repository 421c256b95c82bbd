"""Transitions of a document's status: one guarded statement each, with its audit event and its live event.

Every statement names the expected status, the run and the fence. A worker that was presumed dead and resumes has an
outdated fence: its write changes no row and raises StaleAttempt.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from ingestion.contracts import RunRef
from ingestion.domain.lifecycle import DocumentStatus, transition_document
from ingestion.models import Document
from refinery.core.audit.services import record_event
from refinery.core.tenancy.actor import system_actor
from refinery.core.web.live_events import LiveEvent, announce, batch_group, document_group, queue_group


class StaleAttempt(Exception):
    """The document has moved on by another attempt, another run or a person; nothing was written."""


def advance_document(
    ref: RunRef, expected: DocumentStatus, target: DocumentStatus, *, fence: int | None = None, **changes: Any
) -> None:
    """Change the status of the run's document from `expected` to `target`.

    Raises StaleAttempt, InvalidDocumentTransition.
    """
    transition_document(expected, target)
    _write(ref, expected, fence, status=target.value, **changes)
    record_event(
        system_actor(ref.tenant_id), f"document.{target.value.lower()}", "document", ref.document_id, run=ref.run
    )
    publish_progress(ref, "document.status")


def update_document(ref: RunRef, expected: DocumentStatus, *, fence: int | None = None, **changes: Any) -> None:
    """Update columns without a transition (stage, pages read); raises StaleAttempt."""
    _write(ref, expected, fence, **changes)
    publish_progress(ref, "document.progress")


def _write(ref: RunRef, expected: DocumentStatus, fence: int | None, **changes: Any) -> None:
    rows = Document.objects.filter(tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run, status=expected.value)
    if fence is not None:
        rows = rows.filter(fence=fence)
    if not rows.update(version=F("version") + 1, updated_at=timezone.now(), **changes):
        raise StaleAttempt


def publish_progress(ref: RunRef, kind: str, progress: float | None = None) -> None:
    """Publish the document's current status to the sockets of the document, its batch and the tenant's desks.

    Sockets of its parent get the status as an event of type `child.status`, because the parent has not changed.
    """
    row = (
        Document.objects.filter(tenant_id=ref.tenant_id, id=ref.document_id)
        .values_list("status", "stage", "batch_id", "parent_id")
        .first()
    )
    if row is None:
        return
    status, stage, batch_id, parent_id = row
    event = LiveEvent(kind, str(ref.document_id), status, stage, progress)
    groups = [document_group(ref.document_id), queue_group(ref.tenant_id)]
    announce(event, *groups, *([batch_group(batch_id)] if batch_id else []))
    if parent_id and kind == "document.status":
        announce(replace(event, type="child.status"), document_group(parent_id))


def reading_progress(done: int, total: int) -> float:
    """Return the progress as 0 to 1; reading takes up to 0.9, the assessment the rest."""
    return round(0.9 * done / total, 3) if total else 0.0


def take_fence(ref: RunRef, status: DocumentStatus) -> int:
    """Return a fence above those of all earlier attempts; raises StaleAttempt if the run is not in `status`."""
    mine = Document.objects.filter(tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run, status=status.value)
    if not mine.update(fence=F("fence") + 1):
        raise StaleAttempt
    return _fence(ref.document_id)


def _fence(document_id: UUID) -> int:
    """Return the fence, under the row lock of the update before."""
    return Document.objects.values_list("fence", flat=True).get(id=document_id)
