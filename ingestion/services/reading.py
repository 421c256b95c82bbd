"""Steps of reading a document: each function is one short transaction that can be repeated."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Count, F, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from ingestion.blobs import store_page_image
from ingestion.contracts import RunRef
from ingestion.domain.lifecycle import DocumentStatus
from ingestion.domain.page.rotation import unpack_rotations
from ingestion.domain.page.serialization import pack_page
from ingestion.domain.ports import ReadPage
from ingestion.models import Document, Page
from ingestion.selectors.run_contents import pages_of
from ingestion.services.blob_locks import hold_blobs
from ingestion.services.erasure import delete_files_if_erased
from ingestion.services.page_reuse import UNROTATED, PageRotations, ReusedPages, reuse_next_pages
from ingestion.services.progress import (
    StaleAttempt,
    advance_document,
    publish_progress,
    reading_progress,
    take_fence,
    update_document,
)
from ingestion.services.running_heads import store_headers_and_footers
from ingestion.services.stored_einvoices import store_einvoice
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import Tenant

S = DocumentStatus
THUMBNAIL_TYPE = "image/jpeg"  # for every image type of the page
PAGE_COLUMNS = (
    "width height source confidence words blocks measures codes notes error image_key image_type thumbnail_key "
    "settings file_pages attachments read_at"
).split()


@dataclass(frozen=True, slots=True)
class OriginalFile:
    """File to read: key, media type, reading mode, and the pages read so far.

    A file from a container may exceed the tenant's limit: only the container's size was checked at upload.
    """

    blob_key: str
    media_type: str
    mode: str
    pages: int
    pages_done: int
    fence: int
    size: int
    max_bytes: int
    rotations: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadingSummary:
    """Result of a reading: number of pages, failed pages, and files seen in the document."""

    pages: int
    failed: int
    attachments: int


def begin_run(ref: RunRef, *, scan: bool) -> tuple[DocumentStatus, str]:
    """Start the run: scan the file, or go straight to reading. Idempotent.

    Returns the document's status and media type.
    """
    with tenant_scope(ref.tenant_id):
        row = Document.objects.only("status", "stage", "media_type").get(
            tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run
        )
        if row.status == S.RECEIVED and scan:
            update_document(ref, S.RECEIVED, stage="scanning")
        elif row.status == S.RECEIVED:
            advance_document(ref, S.RECEIVED, S.READING, stage="reading")
            return S.READING, row.media_type
        return S(row.status), row.media_type


def pass_scan(ref: RunRef) -> None:
    """Continue with reading after a clean virus scan."""
    with tenant_scope(ref.tenant_id):
        if not _has_status(ref, S.READING):
            advance_document(ref, S.RECEIVED, S.READING, stage="reading")


def find_reading_summary(ref: RunRef) -> ReadingSummary | None:
    """Return the result of a reading that an earlier attempt has finished; None if there is none."""
    with tenant_scope(ref.tenant_id):
        row = Document.objects.filter(
            tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run, status=S.ASSESSING.value
        ).first()
        return ReadingSummary(row.pages, row.pages_failed, row.attachments) if row else None


def begin_reading(ref: RunRef) -> OriginalFile:
    """Take this attempt's fence and return the file to read; raises StaleAttempt if the run is not being read."""
    with tenant_scope(ref.tenant_id):
        fence = take_fence(ref, S.READING)
        document = Document.objects.get(tenant_id=ref.tenant_id, id=ref.document_id)
        done, _ = _stored_pages(ref)
        tenant = Tenant.objects.only("reading_mode", "max_file_bytes").get(id=ref.tenant_id)
        update_document(ref, S.READING, fence=fence, stage="reading")
        return OriginalFile(
            document.blob_key,
            document.media_type,
            tenant.reading_mode,
            document.pages,
            done,
            fence,
            document.size,
            max(tenant.max_file_bytes, 0 if document.parent_id else document.size),
            unpack_rotations(document.rotations),
        )


def store_page(ref: RunRef, page: ReadPage, fence: int, settings: str = "") -> None:
    """Store one page with its images; raises StaleAttempt. Storing the same page again replaces it.

    `settings` is the digest of the settings that it was read with, which allows its reuse; "" disables reuse.
    """
    if page.einvoice:
        store_einvoice(ref, page.einvoice, fence)
    pictures = store_images(ref, page)
    try:
        with tenant_scope(ref.tenant_id):
            _update_page_counts(ref, fence, page.total_pages, page.attachments)
            write_page(ref, page, pictures, settings)
            publish_progress(ref, "document.page", reading_progress(page.reading.number, page.total_pages))
    except StaleAttempt:
        delete_files_if_erased(ref, set(pictures))
        raise


def reuse_pages(
    ref: RunRef, fence: int, settings: str, *, after: int, rotations: PageRotations = UNROTATED, scattered: bool = False
) -> ReusedPages | None:
    """Reuse pages after `after` that were read before, some at a time; None if there are none.

    `scattered` allows gaps between them. Raises StaleAttempt.
    """
    with tenant_scope(ref.tenant_id):
        reused = reuse_next_pages(ref, settings, after=after, rotations=rotations, scattered=scattered)
        if reused:
            _update_page_counts(ref, fence, reused.total_pages, reused.attachments)
            if not scattered:
                publish_progress(ref, "document.page", reading_progress(reused.last_page, reused.total_pages))
    return reused


def stored_pages(ref: RunRef) -> tuple[int, tuple[int, ...]]:
    """Return the last page before the first gap, and the stored pages after it."""
    with tenant_scope(ref.tenant_id):
        return _stored_pages(ref)


def _stored_pages(ref: RunRef) -> tuple[int, tuple[int, ...]]:
    there = list(pages_of(ref).order_by("number").values_list("number", flat=True))
    done = next((place - 1 for place, number in enumerate(there, 1) if number != place), len(there))
    return done, tuple(there[done:])


def _update_page_counts(ref: RunRef, fence: int, total: int, attachments: int) -> None:
    seen = {"attachments": Greatest(F("attachments"), attachments)} if attachments else {}
    update_document(ref, S.READING, fence=fence, pages=total, **seen)


def store_images(ref: RunRef, page: ReadPage) -> tuple[str, str]:
    """Store a page's image and thumbnail and return their keys; a page that was not read has none."""
    if page.reading.error is not None:
        return "", ""
    image_key = store_page_image(ref.tenant_id, page.image, page.image_type)
    return image_key, store_page_image(ref.tenant_id, page.thumbnail, THUMBNAIL_TYPE)


def write_page(ref: RunRef, page: ReadPage, pictures: tuple[str, str], settings: str = "") -> None:
    """Write one page of a run; writing the same page again replaces it. Needs an open tenant scope.

    Raises BlobGone if the erasure of another document has deleted an image meanwhile.
    """
    hold_blobs(pictures)
    image_key, thumbnail_key = pictures
    row = Page(
        tenant_id=ref.tenant_id,
        document_id=ref.document_id,
        run=ref.run,
        number=page.reading.number,
        image_key=image_key,
        image_type=page.image_type,
        thumbnail_key=thumbnail_key,
        settings=settings,
        file_pages=page.total_pages,
        attachments=page.attachments,
        read_at=timezone.now(),
        **pack_page(page.reading),
    )
    Page.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["tenant_id", "document", "run", "number"],
        update_fields=PAGE_COLUMNS,
    )


def finish_reading(ref: RunRef, total_pages: int, fence: int) -> ReadingSummary:
    """Finish the reading; missing pages count as failed."""
    with tenant_scope(ref.tenant_id):
        store_headers_and_footers(ref)
        counts = pages_of(ref).aggregate(stored=Count("id"), failed=Count("id", filter=~Q(error="")))
        failed: int = counts["failed"] + max(0, total_pages - counts["stored"])
        advance_document(
            ref,
            S.READING,
            S.ASSESSING,
            fence=fence,
            stage="assessing",
            pages=max(total_pages, counts["stored"]),
            pages_failed=failed,
        )
        seen = Document.objects.values_list("attachments", flat=True).get(id=ref.document_id)
    return ReadingSummary(max(total_pages, counts["stored"]), failed, seen)


def request_password(ref: RunRef, *, wrong: bool) -> None:
    """Wait for a person to enter the password."""
    with tenant_scope(ref.tenant_id):
        if not _has_status(ref, S.NEEDS_PASSWORD):
            code = "wrong_password" if wrong else "needs_password"
            advance_document(ref, S.READING, S.NEEDS_PASSWORD, stage="waiting_for_password", error_code=code)


def resume_with_password(ref: RunRef) -> None:
    """Continue reading with a password."""
    with tenant_scope(ref.tenant_id):
        if not _has_status(ref, S.READING):
            advance_document(ref, S.NEEDS_PASSWORD, S.READING, stage="reading", error_code="")


def fail_document(ref: RunRef, code: str, detail: str) -> None:
    """End the run: the file cannot be read, for the reason `code`."""
    _end_run(ref, S.FAILED, code, detail)


def quarantine_document(ref: RunRef, code: str, detail: str) -> None:
    """End the run: the file is malicious or crashes workers, and only an operator can have it read again."""
    _end_run(ref, S.QUARANTINED, code, detail)


def _end_run(ref: RunRef, target: DocumentStatus, code: str, detail: str) -> None:
    with tenant_scope(ref.tenant_id):
        if _has_status(ref, target):
            return
        document = Document.objects.only("status").get(tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run)
        advance_document(ref, S(document.status), target, stage="done", error_code=code[:24], error_detail=detail[:300])


def _has_status(ref: RunRef, status: DocumentStatus) -> bool:
    """Return whether an earlier attempt has already set the status; raises StaleAttempt for an erased document."""
    row = Document.objects.only("status", "run").filter(tenant_id=ref.tenant_id, id=ref.document_id).first()
    if row is None or row.run != ref.run:
        raise StaleAttempt
    return row.status == status
