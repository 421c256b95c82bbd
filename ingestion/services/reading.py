"""What a reading leaves behind, step by step: each verb is one short transaction that can be repeated."""

from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from ingestion.blobs import store_page_image
from ingestion.contracts import RunRef
from ingestion.domain.lifecycle import DocumentStatus
from ingestion.domain.page_json import pack_page
from ingestion.domain.ports import ReadPage
from ingestion.models import Document, Page
from ingestion.services.progress import StaleAttempt, advance, note, progress_of, take_fence, tell
from refinery.database.scope import tenant_scope
from refinery.tenancy.models import Tenant

S = DocumentStatus
PAGE_COLUMNS = [
    "width",
    "height",
    "source",
    "confidence",
    "words",
    "blocks",
    "measures",
    "error",
    "image_key",
    "image_type",
    "thumbnail_key",
]


@dataclass(frozen=True, slots=True)
class Original:
    """The file to read: where it lies, what it is, how the tenant wants it read, and the pages read already."""

    blob_key: str
    media_type: str
    mode: str
    pages: int
    pages_done: int
    fence: int


def begin_run(ref: RunRef, *, scan: bool) -> DocumentStatus:
    """Set the run's document going: to the scanner, or straight to reading. Repeats are harmless."""
    with tenant_scope(ref.tenant_id):
        row = Document.objects.only("status", "stage").get(
            tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run
        )
        if row.status == S.RECEIVED and scan:
            note(ref, S.RECEIVED, stage="scanning")
        elif row.status == S.RECEIVED:
            advance(ref, S.RECEIVED, S.READING, stage="reading")
            return S.READING
        return S(row.status)


def pass_scan(ref: RunRef) -> None:
    """Go on to reading: the scanner found nothing."""
    with tenant_scope(ref.tenant_id):
        if not _stands(ref, S.READING):
            advance(ref, S.RECEIVED, S.READING, stage="reading")


def reading_done(ref: RunRef) -> tuple[int, int] | None:
    """Give pages and failed pages of a reading that an earlier attempt has finished; None while there is none."""
    with tenant_scope(ref.tenant_id):
        row = Document.objects.filter(
            tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run, status=S.ASSESSING.value
        ).first()
        return (row.pages, row.pages_failed) if row else None


def begin_reading(ref: RunRef) -> Original:
    """Take this attempt's fence and say where to go on; raises StaleAttempt when the run is not being read."""
    with tenant_scope(ref.tenant_id):
        fence = take_fence(ref, S.READING)
        document = Document.objects.get(tenant_id=ref.tenant_id, id=ref.document_id)
        done = _pages(ref).aggregate(last=Max("number"))["last"] or 0
        mode = Tenant.objects.only("reading_mode").get(id=ref.tenant_id).reading_mode
        note(ref, S.READING, fence=fence, stage="reading")
        return Original(document.blob_key, document.media_type, mode, document.pages, done, fence)


def store_page(ref: RunRef, page: ReadPage, fence: int) -> None:
    """Keep one page with its images; raises StaleAttempt. The same page again replaces itself."""
    image_key = thumbnail_key = ""
    if page.reading.error is None:
        image_key = store_page_image(ref.tenant_id, page.image, page.image_type)
        thumbnail_key = store_page_image(ref.tenant_id, page.thumbnail, page.image_type)
    with tenant_scope(ref.tenant_id):
        note(ref, S.READING, fence=fence, pages=page.total_pages)
        row = Page(
            tenant_id=ref.tenant_id,
            document_id=ref.document_id,
            run=ref.run,
            number=page.reading.number,
            image_key=image_key,
            image_type=page.image_type,
            thumbnail_key=thumbnail_key,
            **pack_page(page.reading),
        )
        Page.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["tenant_id", "document", "run", "number"],
            update_fields=PAGE_COLUMNS,
        )
        tell(ref, "document.page", progress_of(page.reading.number, page.total_pages))


def finish_reading(ref: RunRef, total_pages: int, fence: int) -> int:
    """Close the reading; a page that never came counts as failed. Gives the pages that failed."""
    with tenant_scope(ref.tenant_id):
        counts = _pages(ref).aggregate(stored=Count("id"), failed=Count("id", filter=~Q(error="")))
        failed: int = counts["failed"] + max(0, total_pages - counts["stored"])
        advance(
            ref,
            S.READING,
            S.ASSESSING,
            fence=fence,
            stage="assessing",
            pages=max(total_pages, counts["stored"]),
            pages_failed=failed,
        )
    return failed


def ask_for_password(ref: RunRef, *, wrong: bool) -> None:
    """Wait for a person who knows it."""
    with tenant_scope(ref.tenant_id):
        if not _stands(ref, S.NEEDS_PASSWORD):
            code = "wrong_password" if wrong else "needs_password"
            advance(ref, S.READING, S.NEEDS_PASSWORD, stage="waiting_for_password", error_code=code)


def resume_with_password(ref: RunRef) -> None:
    """Read on: a password was given."""
    with tenant_scope(ref.tenant_id):
        if not _stands(ref, S.READING):
            advance(ref, S.NEEDS_PASSWORD, S.READING, stage="reading", error_code="")


def fail_document(ref: RunRef, code: str, detail: str) -> None:
    """End the run: this file cannot be read, and `code` says why."""
    _end(ref, S.FAILED, code, detail)


def quarantine_document(ref: RunRef, code: str, detail: str) -> None:
    """End the run: the file is dangerous or poison; only an operator's release reads it again."""
    _end(ref, S.QUARANTINED, code, detail)


def _end(ref: RunRef, target: DocumentStatus, code: str, detail: str) -> None:
    with tenant_scope(ref.tenant_id):
        if _stands(ref, target):
            return
        standing = Document.objects.only("status").get(tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run)
        advance(
            ref,
            S(standing.status),
            target,
            stage="done",
            error_code=code[:24],
            error_detail=detail[:300],
        )


def _stands(ref: RunRef, status: DocumentStatus) -> bool:
    """Say whether an earlier attempt of the same step has done it; raises StaleAttempt for an erased document."""
    row = Document.objects.only("status", "run").filter(tenant_id=ref.tenant_id, id=ref.document_id).first()
    if row is None or row.run != ref.run:
        raise StaleAttempt
    return row.status == status


def _pages(ref: RunRef) -> "QuerySet[Page]":
    return Page.objects.filter(tenant_id=ref.tenant_id, document_id=ref.document_id, run=ref.run)
