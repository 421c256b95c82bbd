"""What a worker leaves of a candidate, step by step: each verb is one short transaction that can be repeated."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Final
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from ingestion.contracts import RunRef
from ingestion.domain.page.rotation import unpack_turns
from ingestion.domain.ports import ReadPage
from ingestion.domain.reprocessing import PageChange, PageSight, compare_pages
from ingestion.models import Document, Page
from ingestion.services.discarded_runs import forget_candidate
from ingestion.services.erasure import forget_unused
from ingestion.services.human_values import words_of_people
from ingestion.services.page_reuse import Taken, find_scattered, find_source, take_over, take_scattered
from ingestion.services.progress import StaleAttempt
from ingestion.services.reading import store_images, write_page
from ingestion.services.running_heads import mark_running
from ingestion.services.stored_einvoices import store_xml, write_einvoice
from quality.services.fields_read import read_fields, values_of
from refinery.core.audit.services import record
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import system
from refinery.core.types import TenantId
from refinery.core.web.live_events import LiveEvent, announce, document_group, queue_group
from review.contracts import CandidateSource, Means
from review.domain.reprocessing_status import UNREAD, RereadingStatus
from review.models import Rereading

S = RereadingStatus
AT_A_TIME: Final = 50  # pages of each reading held in memory


def begin_candidate(*, tenant_id: TenantId, rereading_id: UUID) -> CandidateSource | None:
    """Take this attempt's fence and say where to go on; None when nobody waits for it any more."""
    with tenant_scope(tenant_id):
        row = Rereading.objects.select_related("document").filter(tenant_id=tenant_id, id=rereading_id).first()
        if row is None or row.status not in UNREAD or row.base_run != row.document.run:
            return None
        waiting = Rereading.objects.filter(pk=row.pk, status__in=UNREAD)
        if not waiting.update(fence=F("fence") + 1, status=S.READING):
            return None
        row.refresh_from_db(fields=["fence", "pages", "pages_done"])
        document = row.document
        _tell(row, S.READING)
        return CandidateSource(
            rereading_id=row.id,
            tenant_id=tenant_id,
            document_id=document.id,
            base_run=row.base_run,
            fence=row.fence,
            blob_key=document.blob_key,
            media_type=document.media_type,
            means=Means(row.mode, tuple(row.engines)),
            pages=row.pages,
            pages_done=row.pages_done,
            turns=unpack_turns(document.turns),
        )


def store_candidate_page(source: CandidateSource, page: ReadPage, settings: str = "") -> None:
    """Keep one page beside the document's; raises StaleAttempt, and then leaves no file behind."""
    ref = run_of(source)
    pictures = store_images(ref, page)
    xml = store_xml(ref, page.einvoice) if page.einvoice else None
    try:
        with _fenced(source, done=page.reading.number, total=page.total_pages):
            write_page(ref, page, pictures, settings)
            if page.einvoice and xml:
                write_einvoice(ref, page.einvoice, *xml)
    except StaleAttempt:
        _forget_unless_followed(source, {*pictures, *(xml or ())[1:]})
        raise


def take_over_candidate(source: CandidateSource, settings: str, *, after: int) -> Taken | None:
    """Take over what was read before by the same means; as for a document's own run. Raises StaleAttempt."""
    ref = run_of(source)
    with tenant_scope(source.tenant_id):
        found = find_source(ref, settings, after=after, turns=source.turns)
        taken = take_over(ref, found, settings, after=after, turns=source.turns) if found else None
        if taken:
            _note(source, done=taken.last, total=taken.total)
    return taken


def take_scattered_candidate(source: CandidateSource, settings: str, *, after: int) -> Taken | None:
    """The same of pages behind `after` that do not follow one another."""
    ref = run_of(source)
    with tenant_scope(source.tenant_id):
        found = find_scattered(ref, settings, after=after, turns=source.turns)
        taken = take_scattered(ref, found, settings, after=after, turns=source.turns) if found else None
        if taken:
            _note(source, done=taken.last, total=taken.total)
    return taken


def finish_candidate(*, tenant_id: TenantId, rereading_id: UUID) -> str:
    """Weigh what was read against what stands, and tell; gives the status. A second time changes nothing."""
    with tenant_scope(tenant_id):
        row = _open_row(tenant_id, rereading_id)
        if row is None or row.status not in UNREAD:
            return row.status if row else S.DROPPED
        document = row.document
        ref = RunRef(tenant_id, document.id, row.run)
        mark_running(ref)
        people = words_of_people(RunRef(tenant_id, document.id, row.base_run), row.base_run)
        found = read_fields(ref, document, timezone.localdate(), kind_stands=bool(people))
        row.fields = values_of(found.fields)
        row.schema_key = found.schema.key if found.schema else ""
        row.page_changes = [asdict(change) for change in _page_changes(document, row)]
        row.pages_failed = _failed(document, row)
        row.status, row.finished_at = S.READY.value, timezone.now()
        row.save()
        record(system(tenant_id), "document.rereading_ready", "document", document.id, rereading=str(row.id))
        _tell(row, S.READY)
        return row.status


def fail_candidate(*, tenant_id: TenantId, rereading_id: UUID, code: str) -> str:
    """Say that it could not be read, and why; what was read of it is forgotten. Gives the status."""
    with tenant_scope(tenant_id):
        row = _open_row(tenant_id, rereading_id)
        if row is None or row.status not in UNREAD:
            return row.status if row else S.DROPPED
        forget_candidate(row.document)
        row.status, row.error_code, row.finished_at = S.FAILED.value, code[:24], timezone.now()
        row.save(update_fields=["status", "error_code", "finished_at"])
        _tell(row, S.FAILED)
        return row.status


def run_of(source: CandidateSource) -> RunRef:
    """Give the run that its pages lie under."""
    return RunRef(source.tenant_id, source.document_id, source.base_run + 1)


@contextmanager
def _fenced(source: CandidateSource, *, done: int, total: int) -> Iterator[None]:
    """Open the transaction of a page; raises StaleAttempt when the candidate is over or in other hands."""
    with tenant_scope(source.tenant_id):
        _note(source, done=done, total=total)
        yield


def _note(source: CandidateSource, *, done: int, total: int) -> None:
    mine = {"tenant_id": source.tenant_id, "id": source.document_id, "run": source.base_run}
    if not Document.objects.select_for_update().only("id").filter(**mine).first():
        raise StaleAttempt
    row = Rereading.objects.filter(id=source.rereading_id, status=S.READING.value, fence=source.fence)
    if not row.update(pages_done=done, pages=total):
        raise StaleAttempt
    event = LiveEvent("rereading.page", str(source.rereading_id), S.READING, progress=round(done / total, 3))
    announce(event, document_group(source.document_id))


def _forget_unless_followed(source: CandidateSource, keys: set[str]) -> None:
    """Remove what was stored for nobody; another attempt of the same candidate may be about to rest on it."""
    with tenant_scope(source.tenant_id):
        if not Rereading.objects.filter(id=source.rereading_id, status__in=UNREAD).exists():
            forget_unused(source.tenant_id, keys)


def _open_row(tenant_id: TenantId, rereading_id: UUID) -> Rereading | None:
    """Lock the document, then its candidate; one that was overtaken by another run is closed, and None given."""
    mine = Rereading.objects.filter(tenant_id=tenant_id, id=rereading_id)
    known = mine.values_list("document_id", flat=True).first()
    document = known and Document.objects.select_for_update().filter(pk=known).first()
    row = mine.select_for_update(of=("self",)).first()
    if row is None or not document:
        return None
    row.document = document
    if row.status in UNREAD and row.base_run != document.run:
        mine.update(status=S.DROPPED, finished_at=timezone.now())
        return None
    return row


def _page_changes(document: Document, row: Rereading) -> Iterator[PageChange]:
    """Compare the pages of both readings, some at a time."""
    both = Page.objects.filter(tenant_id=row.tenant_id, document_id=document.id, run__in=[row.base_run, row.run])
    numbers = sorted(set(both.values_list("number", flat=True)))
    for start in range(0, len(numbers), AT_A_TIME):
        part = both.filter(number__in=numbers[start : start + AT_A_TIME])
        sights: dict[int, list[PageSight]] = {row.base_run: [], row.run: []}
        for page in part.order_by("number").values("run", "number", "words", "confidence", "error"):
            words = tuple(word["text"] for word in page["words"])
            sights[page["run"]].append(PageSight(page["number"], words, page["confidence"], page["error"]))
        yield from compare_pages(sights[row.base_run], sights[row.run])


def _failed(document: Document, row: Rereading) -> int:
    """Pages in = pages read + pages failed; a page that never came has failed."""
    pages = Page.objects.filter(tenant_id=row.tenant_id, document_id=document.id, run=row.run)
    return max(0, row.pages - pages.filter(error="").count())


def _tell(row: Rereading, status: RereadingStatus) -> None:
    event = LiveEvent("rereading.status", str(row.id), status)
    announce(event, document_group(row.document_id), queue_group(TenantId(row.tenant_id)))
