"""Steps of a reprocessing run: each function is one short transaction that can be repeated."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Final
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from ingestion.contracts import ReprocessingOptions, ReprocessingSource, RunRef
from ingestion.domain.page.rotation import unpack_rotations
from ingestion.domain.ports import FieldConfidenceModel, ReadPage
from ingestion.domain.reprocessing import PageChange, PageSnapshot, compare_pages
from ingestion.domain.reprocessing_status import UNFINISHED_STATUSES, ReprocessingStatus
from ingestion.models import Document, Page, ReprocessingRun
from ingestion.services.discarded_runs import discard_reprocessed_pages
from ingestion.services.erasure import delete_unused_files
from ingestion.services.extraction import extract_document_fields, fields_as_json
from ingestion.services.human_values import human_values
from ingestion.services.page_reuse import ReusedPages, reuse_next_pages
from ingestion.services.progress import StaleAttempt
from ingestion.services.reading import store_images, write_page
from ingestion.services.running_heads import store_headers_and_footers
from ingestion.services.stored_einvoices import store_xml, write_einvoice
from refinery.core.audit.services import record_event
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import system_actor
from refinery.core.types import TenantId
from refinery.core.web.live_events import LiveEvent, announce, document_group, queue_group

S = ReprocessingStatus
AT_A_TIME: Final = 50  # pages of each run held in memory


def begin_reprocessing(*, tenant_id: TenantId, reprocessing_id: UUID) -> ReprocessingSource | None:
    """Take this attempt's fence and return the source; None if the run is no longer wanted."""
    with tenant_scope(tenant_id):
        row = ReprocessingRun.objects.select_related("document").filter(tenant_id=tenant_id, id=reprocessing_id).first()
        if row is None or row.status not in UNFINISHED_STATUSES or row.base_run != row.document.run:
            return None
        waiting = ReprocessingRun.objects.filter(pk=row.pk, status__in=UNFINISHED_STATUSES)
        if not waiting.update(fence=F("fence") + 1, status=S.READING):
            return None
        row.refresh_from_db(fields=["fence", "pages", "pages_done"])
        document = row.document
        _publish_status(row, S.READING)
        return ReprocessingSource(
            reprocessing_id=row.id,
            tenant_id=tenant_id,
            document_id=document.id,
            base_run=row.base_run,
            fence=row.fence,
            blob_key=document.blob_key,
            media_type=document.media_type,
            options=ReprocessingOptions(row.mode, tuple(row.engines)),
            pages=row.pages,
            pages_done=row.pages_done,
            rotations=unpack_rotations(document.rotations),
        )


def store_reprocessed_page(source: ReprocessingSource, page: ReadPage, settings: str = "") -> None:
    """Store one page of the reprocessing run; raises StaleAttempt, in which case its files are deleted."""
    ref = reprocessing_run_ref(source)
    pictures = store_images(ref, page)
    xml = store_xml(ref, page.einvoice) if page.einvoice else None
    try:
        with _fenced(source, done=page.reading.number, total=page.total_pages):
            write_page(ref, page, pictures, settings)
            if page.einvoice and xml:
                write_einvoice(ref, page.einvoice, *xml)
    except StaleAttempt:
        _delete_orphaned_blobs(source, {*pictures, *(xml or ())[1:]})
        raise


def reuse_pages_for_reprocessing(
    source: ReprocessingSource, settings: str, *, after: int, scattered: bool = False
) -> ReusedPages | None:
    """Reuse pages that were read before with the same settings, as for a document's run. Raises StaleAttempt."""
    ref, turns = reprocessing_run_ref(source), source.rotations
    with tenant_scope(source.tenant_id):
        taken = reuse_next_pages(ref, settings, after=after, rotations=turns, scattered=scattered)
        if taken:
            _record_page_progress(source, done=taken.last_page, total=taken.total_pages)
    return taken


def finish_reprocessing(
    *, tenant_id: TenantId, reprocessing_id: UUID, load_model: Callable[[TenantId], FieldConfidenceModel]
) -> str:
    """Compare the new pages with the current run and publish the status, which is returned; idempotent."""
    with tenant_scope(tenant_id):
        row = _lock_unfinished_run(tenant_id, reprocessing_id)
        if row is None or row.status not in UNFINISHED_STATUSES:
            return row.status if row else S.DROPPED
        document = row.document
        ref = RunRef(tenant_id, document.id, row.run)
        store_headers_and_footers(ref)
        human_field_values = human_values(RunRef(tenant_id, document.id, row.base_run), row.base_run)
        found = extract_document_fields(
            ref, document, timezone.localdate(), load_model(tenant_id), keep_schema=bool(human_field_values)
        )
        row.fields = fields_as_json(found.fields)
        row.schema_key = found.schema.key if found.schema else ""
        row.page_changes = [asdict(change) for change in _page_changes(document, row)]
        row.pages_failed = _count_failed_pages(document, row)
        row.status, row.finished_at = S.READY.value, timezone.now()
        row.save()
        record_event(
            system_actor(tenant_id), "document.reprocessing_ready", "document", document.id, reprocessing=str(row.id)
        )
        _publish_status(row, S.READY)
        return row.status


def fail_reprocessing(*, tenant_id: TenantId, reprocessing_id: UUID, code: str) -> str:
    """Mark the run as failed with the reason and delete its pages; returns the status."""
    with tenant_scope(tenant_id):
        row = _lock_unfinished_run(tenant_id, reprocessing_id)
        if row is None or row.status not in UNFINISHED_STATUSES:
            return row.status if row else S.DROPPED
        discard_reprocessed_pages(row.document)
        row.status, row.error_code, row.finished_at = S.FAILED.value, code[:24], timezone.now()
        row.save(update_fields=["status", "error_code", "finished_at"])
        _publish_status(row, S.FAILED)
        return row.status


def reprocessing_run_ref(source: ReprocessingSource) -> RunRef:
    """Return the run number under which its pages are stored."""
    return RunRef(source.tenant_id, source.document_id, source.base_run + 1)


@contextmanager
def _fenced(source: ReprocessingSource, *, done: int, total: int) -> Iterator[None]:
    """Open the transaction of a page; raises StaleAttempt if the run is finished or another attempt has the fence."""
    with tenant_scope(source.tenant_id):
        _record_page_progress(source, done=done, total=total)
        yield


def _record_page_progress(source: ReprocessingSource, *, done: int, total: int) -> None:
    mine = {"tenant_id": source.tenant_id, "id": source.document_id, "run": source.base_run}
    if not Document.objects.select_for_update().only("id").filter(**mine).first():
        raise StaleAttempt
    row = ReprocessingRun.objects.filter(id=source.reprocessing_id, status=S.READING.value, fence=source.fence)
    if not row.update(pages_done=done, pages=total):
        raise StaleAttempt
    event = LiveEvent("reprocessing.page", str(source.reprocessing_id), S.READING, progress=round(done / total, 3))
    announce(event, document_group(source.document_id))


def _delete_orphaned_blobs(source: ReprocessingSource, keys: set[str]) -> None:
    """Delete files of a stale attempt, unless the run is unfinished and another attempt may use them."""
    with tenant_scope(source.tenant_id):
        if not ReprocessingRun.objects.filter(id=source.reprocessing_id, status__in=UNFINISHED_STATUSES).exists():
            delete_unused_files(source.tenant_id, keys)


def _lock_unfinished_run(tenant_id: TenantId, reprocessing_id: UUID) -> ReprocessingRun | None:
    """Lock the document, then its reprocessing run; a superseded run is closed, and None is returned."""
    mine = ReprocessingRun.objects.filter(tenant_id=tenant_id, id=reprocessing_id)
    known = mine.values_list("document_id", flat=True).first()
    document = known and Document.objects.select_for_update().filter(pk=known).first()
    row = mine.select_for_update(of=("self",)).first()
    if row is None or not document:
        return None
    row.document = document
    if row.status in UNFINISHED_STATUSES and row.base_run != document.run:
        mine.update(status=S.DROPPED, finished_at=timezone.now())
        return None
    return row


def _page_changes(document: Document, row: ReprocessingRun) -> Iterator[PageChange]:
    """Compare the pages of both runs, some at a time."""
    both = Page.objects.filter(tenant_id=row.tenant_id, document_id=document.id, run__in=[row.base_run, row.run])
    numbers = sorted(set(both.values_list("number", flat=True)))
    for start in range(0, len(numbers), AT_A_TIME):
        part = both.filter(number__in=numbers[start : start + AT_A_TIME])
        views_by_run: dict[int, list[PageSnapshot]] = {row.base_run: [], row.run: []}
        for page in part.order_by("number").values("run", "number", "words", "confidence", "error"):
            words = tuple(word["text"] for word in page["words"])
            views_by_run[page["run"]].append(PageSnapshot(page["number"], words, page["confidence"], page["error"]))
        yield from compare_pages(views_by_run[row.base_run], views_by_run[row.run])


def _count_failed_pages(document: Document, row: ReprocessingRun) -> int:
    """Return the number of failed pages, missing ones included: total = read + failed."""
    pages = Page.objects.filter(tenant_id=row.tenant_id, document_id=document.id, run=row.run)
    return max(0, row.pages - pages.filter(error="").count())


def _publish_status(row: ReprocessingRun, status: ReprocessingStatus) -> None:
    event = LiveEvent("reprocessing.status", str(row.id), status)
    announce(event, document_group(row.document_id), queue_group(TenantId(row.tenant_id)))
