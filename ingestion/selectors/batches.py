"""Read models of batches with their progress."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from ingestion.domain.lifecycle import FINAL, DocumentStatus
from ingestion.models import Batch, Document
from refinery.core.tenancy.actor import Actor
from refinery.core.web.page_cursors import ROWS_PER_PAGE, CursorPage, uuid_or_none
from refinery.core.web.status_badges import mark_of_state

FINAL_STATUSES = [status.value for status in FINAL]
RETRYABLE_STATUSES = (DocumentStatus.FAILED,)
CONTAINER_STATUSES = (DocumentStatus.UNPACKED, DocumentStatus.SPLIT)  # not counted, only their children
REPLACED = [status.value for status in (*CONTAINER_STATUSES, DocumentStatus.SUPERSEDED)]
ARCHIVES_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class BatchLine:
    """Row of the batch list; `progress` is 0 to 100."""

    id: UUID
    name: str
    total: int
    progress: float
    status: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """Head of a batch's page; `parts` are the segments of its progress bar, in percent.

    `archives` are ids and names of the containers of its files; these are not counted as files. `source` is the only
    container, if there is just one, so that it need not be named next to each file.
    """

    id: UUID
    name: str
    status: str
    total: int
    done: int
    failed: int
    parts: list[dict[str, Any]]
    archives: list[tuple[UUID, str]]
    source: UUID | None


def batches(actor: Actor, cursor: str) -> CursorPage[BatchLine]:
    """Return one page of batches, the newest first, in two queries."""
    rows = Batch.objects.visible_to(actor).order_by("-id")
    if after := uuid_or_none(cursor):
        rows = rows.filter(pk__lt=after)
    found = list(rows[: ROWS_PER_PAGE + 1])
    counts = _counts_by_batch(actor, found[:ROWS_PER_PAGE])
    lines = [_line(row, counts[row.id]) for row in found[:ROWS_PER_PAGE]]
    return CursorPage(lines, str(lines[-1].id) if len(found) > ROWS_PER_PAGE else "")


def _counts_by_batch(actor: Actor, shown: Sequence[Batch]) -> dict[UUID, dict[str, int]]:
    """Return the number of documents by status of each batch; an index holds all that is read."""
    here = Document.objects.visible_to(actor).filter(batch_id__in=[row.id for row in shown])
    rows = here.order_by().values_list("batch_id", "status").annotate(number=Count("*"))
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    for batch_id, status, count in rows:
        if batch_id is not None and status not in REPLACED:
            found[batch_id][status] = count
    return found


def _line(row: Batch, counts: Mapping[str, int]) -> BatchLine:
    total, done = sum(counts.values()), sum(counts.get(status, 0) for status in FINAL_STATUSES)
    return BatchLine(row.id, row.name, total, 100 * done / total if total else 0, row.status, row.created_at)


def batch_summary(actor: Actor, batch_id: UUID) -> BatchSummary:
    """Return a batch with its counts; raises Batch.DoesNotExist."""
    batch = Batch.objects.visible_to(actor).get(pk=batch_id)
    here = Document.objects.visible_to(actor).filter(batch=batch)
    counts = here.exclude(status__in=REPLACED).counts_by_status()
    total = sum(counts.values())
    archives = list(here.in_status(*CONTAINER_STATUSES).order_by("id").values_list("id", "filename")[:ARCHIVES_AT_MOST])
    return BatchSummary(
        id=batch.id,
        name=batch.name,
        status=batch.status,
        total=total,
        done=sum(counts.get(status, 0) for status in FINAL_STATUSES),
        failed=sum(counts.get(status.value, 0) for status in RETRYABLE_STATUSES),
        parts=_parts(counts, total),
        archives=archives,
        source=archives[0][0] if len(archives) == 1 else None,
    )


def _parts(counts: dict[str, int], total: int) -> list[dict[str, Any]]:
    """Return the bar's segments from left to right, finished documents first."""
    order = [
        DocumentStatus.APPROVED,
        DocumentStatus.IN_REVIEW,
        DocumentStatus.NEEDS_PASSWORD,
        DocumentStatus.ASSESSING,
        DocumentStatus.READING,
        DocumentStatus.REJECTED,
        DocumentStatus.FAILED,
        DocumentStatus.QUARANTINED,
        DocumentStatus.RECEIVED,
    ]
    parts, at = [], 0.0
    for status in order:
        count = counts.get(status.value, 0)
        if not count:
            continue
        width = 100 * count / total
        part = {
            "status": status.value,
            "tone": mark_of_state(status.value).tone,
            "count": count,
            "x": f"{at:.2f}",
            "width": f"{width:.2f}",
        }
        parts.append(part)
        at += width
    return parts


def failed_documents(actor: Actor, batch_id: UUID) -> list[UUID]:
    """Return the batch's documents that could not be read."""
    rows = Document.objects.visible_to(actor).filter(batch_id=batch_id).in_status(*RETRYABLE_STATUSES)
    return list(rows.values_list("id", flat=True))
