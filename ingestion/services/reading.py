"""Steps of reading a document: each function is one short transaction that can be repeated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from ingestion.blobs import store_page_image
from ingestion.contracts import RunRef
from ingestion.domain.lifecycle import DocumentStatus
from ingestion.domain.page.rotation import unpack_rotations
from ingestion.domain.page.serialization import pack_page
from ingestion.domain.ports import ReadPage
from ingestion.models import Document, Page
from ingestion.services.blob_locks import hold_blobs
from ingestion.services.erasure import delete_files_if_erased
from ingestion.services.page_reuse import UNROTATED, PageRotations, ReusedPages, has_known_pages, reuse_next_pages
from ingestion.services.progress import (
    DocumentProgress,
    StaleAttempt,
    advance_document,
    publish_page,
    reading_progress,
    take_fence,
    update_document,
)
from ingestion.services.running_heads import store_headers_and_footers
from ingestion.services.stored_einvoices import store_einvoice
from refinery.core.database.bulk_rows import insert_rows
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.compiled_queries import compiled_query
from refinery.core.tenancy.models import Tenant

S = DocumentStatus
THUMBNAIL_TYPE = "image/jpeg"  # for every image type of the page
PAGE_KEYS = ("tenant_id", "document_id", "run", "number")
PAGE_COLUMNS = tuple(
    (
        "width height source confidence words blocks measures codes notes error image_key image_type thumbnail_key "
        "settings file_pages attachments read_at"
    ).split()
)


@dataclass(frozen=True, slots=True)
class OriginalFile:
    """File to read: key, media type, reading mode, and the pages read so far.

    A file from a container may exceed the tenant's limit: only the container's size was checked at upload. `is_known`
    says that the same bytes may have been read before.
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
    is_known: bool = True


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
        row = _document_of_run(ref)
        if row.status == S.RECEIVED and scan:
            update_document(ref, S.RECEIVED, stage="scanning")
        elif row.status == S.RECEIVED:
            advance_document(ref, S.RECEIVED, S.READING, stage="reading")
            return S.READING, row.media_type
        return S(row.status), row.media_type


def _document_of_run(ref: RunRef) -> Document:
    """Return the run's document; raises Document.DoesNotExist if it was erased or has a newer run."""
    row = _documents.first(ref.tenant_id, ref.document_id)
    if row is None or row.run != ref.run:
        raise Document.DoesNotExist
    return row


@compiled_query
def _documents(tenant_id: UUID, document_id: UUID) -> "QuerySet[Document]":
    return Document.objects.filter(tenant_id=tenant_id, id=document_id)


def pass_scan(ref: RunRef) -> None:
    """Continue with reading after a clean virus scan."""
    with tenant_scope(ref.tenant_id):
        if not _has_status(ref, S.READING):
            advance_document(ref, S.RECEIVED, S.READING, stage="reading")


def find_reading_summary(ref: RunRef) -> ReadingSummary | None:
    """Return the result of a reading that an earlier attempt has finished; None if there is none."""
    with tenant_scope(ref.tenant_id):
        row = _documents.first(ref.tenant_id, ref.document_id)
        if row is None or row.run != ref.run or row.status != S.ASSESSING:
            return None
        return ReadingSummary(row.pages, row.pages_failed, row.attachments)


def begin_reading(ref: RunRef) -> OriginalFile:
    """Take this attempt's fence and return the file to read; raises StaleAttempt if the run is not being read."""
    with tenant_scope(ref.tenant_id):
        fence = take_fence(ref, S.READING)
        document = _document_of_run(ref)
        done, _ = _stored_pages(ref)
        reading_mode, max_file_bytes = _reading_settings(ref.tenant_id)[0]
        update_document(ref, S.READING, fence=fence, stage="reading")
        return OriginalFile(
            document.blob_key,
            document.media_type,
            reading_mode,
            document.pages,
            done,
            fence,
            document.size,
            max(max_file_bytes, 0 if document.parent_id else document.size),
            unpack_rotations(document.rotations),
            has_known_pages(document),
        )


@compiled_query
def _reading_settings(tenant_id: UUID) -> "QuerySet[Tenant, Any]":
    return Tenant.objects.filter(id=tenant_id).values_list("reading_mode", "max_file_bytes")


def store_page(ref: RunRef, page: ReadPage, fence: int, settings: str = "") -> None:
    """Store one page with its images; raises StaleAttempt. Storing the same page again replaces it.

    `settings` is the digest of the settings that it was read with, which allows its reuse; "" disables reuse.
    """
    if page.einvoice:
        store_einvoice(ref, page.einvoice, fence)
    pictures = store_images(ref, page)
    try:
        with tenant_scope(ref.tenant_id):
            current = _update_page_counts(ref, fence, page.total_pages, page.attachments)
            write_page(ref, page, pictures, settings)
            publish_page(ref, current, reading_progress(page.reading.number, page.total_pages))
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
            current = _update_page_counts(ref, fence, reused.total_pages, reused.attachments)
            if not scattered:
                publish_page(ref, current, reading_progress(reused.last_page, reused.total_pages))
    return reused


def stored_pages(ref: RunRef) -> tuple[int, tuple[int, ...]]:
    """Return the last page before the first gap, and the stored pages after it."""
    with tenant_scope(ref.tenant_id):
        return _stored_pages(ref)


def _stored_pages(ref: RunRef) -> tuple[int, tuple[int, ...]]:
    there = _page_numbers(ref.tenant_id, ref.document_id, ref.run)
    done = next((place - 1 for place, number in enumerate(there, 1) if number != place), len(there))
    return done, tuple(there[done:])


@compiled_query
def _page_numbers(tenant_id: UUID, document_id: UUID, run: int) -> "QuerySet[Page, Any]":
    rows = Page.objects.filter(tenant_id=tenant_id, document_id=document_id, run=run)
    return rows.order_by("number").values_list("number", flat=True)


def _update_page_counts(ref: RunRef, fence: int, total: int, attachments: int) -> DocumentProgress:
    current = update_document(ref, S.READING, fence=fence, pages=total)
    if attachments:  # the update before has locked the row
        seen = Greatest(F("attachments"), attachments)
        Document.objects.filter(tenant_id=ref.tenant_id, id=ref.document_id).update(attachments=seen)
    return current


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
    insert_rows([row], unique=PAGE_KEYS, replace=PAGE_COLUMNS)


def finish_reading(ref: RunRef, total_pages: int, fence: int) -> ReadingSummary:
    """Finish the reading; missing pages count as failed."""
    with tenant_scope(ref.tenant_id):
        store_headers_and_footers(ref)
        stored, failed = _page_counts.first(ref.tenant_id, ref.document_id, ref.run) or (0, 0)
        failed += max(0, total_pages - stored)
        advance_document(
            ref,
            S.READING,
            S.ASSESSING,
            fence=fence,
            stage="assessing",
            pages=max(total_pages, stored),
            pages_failed=failed,
        )
        seen = _document_of_run(ref).attachments
    return ReadingSummary(max(total_pages, stored), failed, seen)


@compiled_query
def _page_counts(tenant_id: UUID, document_id: UUID, run: int) -> "QuerySet[Page, Any]":
    rows = Page.objects.filter(tenant_id=tenant_id, document_id=document_id, run=run).order_by().values("run")
    counted = rows.annotate(stored=Count("id"), failed=Count("id", filter=~Q(error="")))
    return counted.values_list("stored", "failed")


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
