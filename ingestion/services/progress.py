"""Transitions of a document's status: one guarded statement each, with its audit event and its live event.

Every statement names the expected status, the run and the fence. A worker that was presumed dead and resumes has an
outdated fence: its write changes no row and raises StaleAttempt.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from psycopg.types.json import Jsonb

from ingestion.contracts import RunRef
from ingestion.domain.lifecycle import DocumentStatus, transition_document
from ingestion.models import Document
from refinery.core.audit.services import record_event
from refinery.core.database.prepared import prepared_cursor
from refinery.core.tenancy.actor import system_actor
from refinery.core.tenancy.compiled_queries import compiled_query
from refinery.core.web.live_events import LiveEvent, announce, batch_group, document_group, queue_group

NO_FENCE: Final = -1
_FENCE_SQL: Final = """
    UPDATE document SET fence = fence + 1 WHERE tenant_id = %s AND id = %s AND run = %s AND status = %s RETURNING fence
"""


class StaleAttempt(Exception):
    """The document has moved on by another attempt, another run or a person; nothing was written."""


@dataclass(frozen=True, slots=True)
class DocumentProgress:
    """What live events say about a document."""

    status: str
    stage: str
    batch_id: UUID | None
    parent_id: UUID | None


def advance_document(
    ref: RunRef, expected: DocumentStatus, target: DocumentStatus, *, fence: int = NO_FENCE, **changes: Any
) -> None:
    """Change the status of the run's document from `expected` to `target`.

    Raises StaleAttempt, InvalidDocumentTransition.
    """
    transition_document(expected, target)
    written = _write(ref, expected, fence, status=target.value, **changes)
    record_event(
        system_actor(ref.tenant_id), f"document.{target.value.lower()}", "document", ref.document_id, run=ref.run
    )
    _publish(ref, written, "document.status")


def update_document(
    ref: RunRef, expected: DocumentStatus, *, fence: int = NO_FENCE, **changes: Any
) -> DocumentProgress:
    """Update columns without a transition (stage, pages read); raises StaleAttempt."""
    written = _write(ref, expected, fence, **changes)
    _publish(ref, written, "document.progress")
    return written


def _write(ref: RunRef, expected: DocumentStatus, fence: int, **changes: Any) -> DocumentProgress:
    guards = (ref.tenant_id, ref.document_id, ref.run, expected.value, fence, fence)
    with prepared_cursor() as cursor:
        cursor.execute(_update_sql(tuple(changes)), [timezone.now(), *map(_as_parameter, changes.values()), *guards])
        row = cursor.fetchone()
    if row is None:
        raise StaleAttempt
    return DocumentProgress(*row)


def _as_parameter(value: object) -> Any:  # noqa: ANN401 - a value of any column
    return Jsonb(value) if isinstance(value, dict) else value


@cache
def _update_sql(columns: tuple[str, ...]) -> str:
    """Return the guarded statement that writes these columns; NO_FENCE stands for any fence."""
    assignments = "".join(f", {column} = %s" for column in columns)
    return (
        f"UPDATE document SET version = version + 1, updated_at = %s{assignments} "  # noqa: S608 - our own columns
        "WHERE tenant_id = %s AND id = %s AND run = %s AND status = %s AND (%s::int < 0 OR fence = %s) "
        "RETURNING status, stage, batch_id, parent_id"
    )


def publish_progress(ref: RunRef, kind: str, progress: float | None = None) -> None:
    """Publish the document's current status to the sockets of the document, its batch and the tenant's desks.

    Sockets of its parent get the status as an event of type `child.status`, because the parent has not changed.
    """
    row = _current_progress.first(ref.tenant_id, ref.document_id)
    if row is not None:
        _publish(ref, DocumentProgress(*row), kind, progress)


@compiled_query
def _current_progress(tenant_id: UUID, document_id: UUID) -> "QuerySet[Document, Any]":
    rows = Document.objects.filter(tenant_id=tenant_id, id=document_id)
    return rows.values_list("status", "stage", "batch_id", "parent_id")


def publish_page(ref: RunRef, current: DocumentProgress, progress: float) -> None:
    """Publish that a page was read, with the progress that an update has just returned."""
    _publish(ref, current, "document.page", progress)


def _publish(ref: RunRef, current: DocumentProgress, kind: str, progress: float | None = None) -> None:
    event = LiveEvent(kind, str(ref.document_id), current.status, current.stage, progress)
    groups = [document_group(ref.document_id), queue_group(ref.tenant_id)]
    announce(event, *groups, *([batch_group(current.batch_id)] if current.batch_id else []))
    if current.parent_id and kind == "document.status":
        announce(replace(event, type="child.status"), document_group(current.parent_id))


def reading_progress(done: int, total: int) -> float:
    """Return the progress as 0 to 1; reading takes up to 0.9, the assessment the rest."""
    return round(0.9 * done / total, 3) if total else 0.0


def take_fence(ref: RunRef, status: DocumentStatus) -> int:
    """Return a fence above those of all earlier attempts; raises StaleAttempt if the run is not in `status`."""
    with prepared_cursor() as cursor:
        cursor.execute(_FENCE_SQL, [ref.tenant_id, ref.document_id, ref.run, status.value])
        row = cursor.fetchone()
    if row is None:
        raise StaleAttempt
    return int(row[0])
