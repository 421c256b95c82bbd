"""Reuse of pages that were read before with the same settings and from the same bytes.

The pages of documents are the cache. A row stores a digest of the settings that it was read with (engines, models,
mode, calibration, the reader's code version); other settings find nothing. Erasing a document also removes its pages
from the cache, because there is no second copy, and pages are never shared between tenants. A failed page is read
again, and never replaces another one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from ingestion.contracts import FIRST_RUN, RunRef
from ingestion.domain.lifecycle import DocumentStatus
from ingestion.domain.page.rotation import rotated_settings
from ingestion.models import Document, Page, XmlInvoice
from ingestion.selectors.run_contents import pages_of
from refinery.core.database.ids import new_id
from refinery.core.tenancy.compiled_queries import compiled_query

REUSE_MAX_AGE: Final = timedelta(days=30)
PAGES_PER_REUSE: Final = 50  # pages held in memory, and in one transaction
MOST_DUPLICATES: Final = 100  # the newest ones are searched: one file may be uploaded thousands of times
PageRotations = Mapping[int, int]
UNROTATED: Final[PageRotations] = {}
UNFINISHED_READING: Final = (DocumentStatus.RECEIVED.value, DocumentStatus.READING.value)


@dataclass(frozen=True, slots=True)
class ReusedPages:
    """Reused pages: number of the last one, page count of the file, and files seen in it so far."""

    last_page: int
    total_pages: int
    attachments: int


def reuse_next_pages(
    ref: RunRef, settings: str, *, after: int, rotations: PageRotations = UNROTATED, scattered: bool = False
) -> ReusedPages | None:
    """Copy pages after `after`, some at a time: without a gap, or any pages that this run lacks.

    Returns None if there are none. Needs an open tenant scope. The source's document is locked until its end, so that
    it cannot be erased meanwhile, which would delete the images of the copied pages.
    """
    documents = _duplicate_documents(ref)
    if not documents:
        return None
    duplicates = Page.objects.filter(tenant_id=ref.tenant_id, document_id__in=documents)
    found = duplicates.exclude(document_id=ref.document_id, run=ref.run).filter(number__gt=after)
    source = _lock_source(ref, _best_run(_reusable_pages(found, ref, settings, rotations, scattered), after, scattered))
    if source is None:
        return None
    following = _reusable_pages(pages_of(source).filter(number__gt=after), ref, settings, rotations, scattered)
    rows = list(following.order_by("number")[:PAGES_PER_REUSE])
    if not scattered:
        rows = [row for place, row in enumerate(rows, after + 1) if row.number == place]
    reused = _copy_page_rows(ref, rows)
    if reused and not after and not scattered:
        _copy_einvoice(ref, source)
    return reused


def has_known_pages(document: Document) -> bool:
    """Return whether there may be pages to reuse: an earlier run, or another document of the same bytes."""
    if document.run > FIRST_RUN:
        return True
    return bool(_others_read.first(document.tenant_id, document.sha256, document.pk))


@compiled_query
def _others_read(tenant_id: UUID, sha256: str, document_id: UUID) -> "QuerySet[Document, Any]":
    others = Document.objects.filter(tenant_id=tenant_id, sha256=sha256).exclude(pk=document_id)
    return others.exclude(status__in=UNFINISHED_READING).values_list("id", flat=True)[:1]


def _best_run(pages: "QuerySet[Page]", after: int, scattered: bool) -> tuple[UUID, int] | None:
    """Return the document and run with most of these pages; without gaps it has the page after `after`."""
    runs = pages.order_by().values("document_id", "run").annotate(pages=Count("id"))
    if not scattered:
        runs = runs.annotate(starts=Count("id", filter=Q(number=after + 1))).filter(starts=1)
    best = runs.order_by("-pages", "-run").first()
    return (best["document_id"], best["run"]) if best else None


def _copy_page_rows(ref: RunRef, rows: list[Page]) -> ReusedPages | None:
    if not rows:
        return None
    for row in rows:
        row.pk, row.document_id, row.run = new_id(), ref.document_id, ref.run
        row._state.adding = True  # noqa: SLF001 - Django's documented way of copying a row
    Page.objects.bulk_create(rows, ignore_conflicts=True)
    return ReusedPages(rows[-1].number, rows[-1].file_pages, rows[-1].attachments)


def _lock_source(ref: RunRef, best: tuple[UUID, int] | None) -> RunRef | None:
    """Lock the source's document and this one; None if the source is gone."""
    if best is None:
        return None
    source = replace(ref, document_id=best[0], run=best[1])
    both = Document.objects.filter(tenant_id=ref.tenant_id, pk__in=[source.document_id, ref.document_id])
    locked = both.select_for_update(of=("self",)).order_by("id").only("id")  # in a fixed order, to avoid deadlocks
    return source if source.document_id in [row.pk for row in locked] else None


def _duplicate_documents(ref: RunRef) -> list[UUID]:
    """Return documents of the same bytes with pages of other runs; of those being read now, only this one.

    A separate statement on the index of digests: joined to the pages, it took a third of the database's time of a batch
    of new documents, which have no duplicate.
    """
    own = Document.objects.filter(pk=ref.document_id).values("sha256")
    others = Document.objects.filter(tenant_id=ref.tenant_id, sha256__in=own).exclude(pk=ref.document_id)
    finished = others.exclude(status__in=UNFINISHED_READING).order_by("-id").values_list("id", flat=True)
    itself = [ref.document_id] if ref.run > FIRST_RUN else []
    return [*itself, *finished[:MOST_DUPLICATES]]


def _reusable_pages(
    rows: "QuerySet[Page]", ref: RunRef, settings: str, rotations: PageRotations, scattered: bool
) -> "QuerySet[Page]":
    """Filter recent pages that were read with these settings and the present rotation; failed pages are excluded.

    With `scattered` only pages that the run lacks.
    """
    alike = Q(settings=settings) & ~Q(number__in=list(rotations))
    for quarters in sorted(set(rotations.values())):
        numbers = [number for number, by in rotations.items() if by == quarters]
        alike |= Q(number__in=numbers, settings=rotated_settings(settings, quarters))
    if scattered:
        rows = rows.exclude(number__in=pages_of(ref).values("number"))
    return rows.filter(alike, error="", read_at__gte=timezone.now() - REUSE_MAX_AGE)


def _copy_einvoice(ref: RunRef, source: RunRef) -> None:
    found = XmlInvoice.objects.filter(tenant_id=ref.tenant_id, document_id=source.document_id, run=source.run).values(
        "name", "sha256", "blob_key", "facts", "fault", "rule_report"
    )
    for values in found:
        XmlInvoice.objects.update_or_create(
            tenant_id=ref.tenant_id, document_id=ref.document_id, run=ref.run, defaults=values
        )
