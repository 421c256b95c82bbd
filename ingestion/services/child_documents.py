"""Child documents of a split file: created from its pages, which are copied rows that share the images.

A child document has no file: it uses the original of its parent and is never read separately. All functions need an
open tenant scope and the parent's row lock, which serialises them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Final
from uuid import UUID

from django.db.models import F, Max, Q
from django.utils import timezone

from ingestion.contracts import RunRef
from ingestion.domain.lifecycle import DECIDED, DocumentStatus, transition_document
from ingestion.domain.page.rotation import rotate_box
from ingestion.domain.splitting.edits import CurrentChild
from ingestion.models import Document, Field, Page
from ingestion.services.progress import publish_progress
from ingestion.services.workflow_signals import signal_run, start_run
from refinery.core.audit.services import AuditActor, record_event
from refinery.core.database.ids import new_id
from refinery.core.types import BoundingBox, TenantId

S = DocumentStatus
NONE_ROTATED: Final[Mapping[int, int]] = {}
PAGES_PER_COPY = 50  # pages held in memory
MAX_CHILD_FILENAME_LENGTH = 255


@dataclass(frozen=True, slots=True)
class HumanValueSource:
    """Document that may have human values, and the pages of the file that it contains, in order."""

    document_id: UUID
    run: int
    pages: tuple[int, ...]
    schema_key: str = ""


def run_ref_of(document: Document) -> RunRef:
    """Return the current run of a document."""
    return RunRef(TenantId(document.tenant_id), document.id, document.run)


def child_documents_of(file: Document) -> list[Document]:
    """Return the documents that contain the file's pages now, by their first pages; none for an unsplit file."""
    rows = Document.objects.filter(tenant_id=file.tenant_id, parent=file, parent_pages__isnull=False)
    rows = rows.exclude(status=S.SUPERSEDED)
    return sorted(rows, key=lambda row: (min(row.parent_pages or [0]), row.part or 0))


def current_children_of(rows: Sequence[Document]) -> list[CurrentChild]:
    """Return documents as the split rules need them."""
    return [CurrentChild(row.id, tuple(row.parent_pages or ()), decided=S(row.status) in DECIDED) for row in rows]


def create_child_document(file: Document, pages: Sequence[int], supersedes: UUID | None = None) -> Document:
    """Create the document of a part, ready to be assessed; its run is not started yet."""
    siblings = Document.objects.filter(tenant_id=file.tenant_id, parent=file, parent_pages__isnull=False)
    place = (siblings.aggregate(last=Max("part"))["last"] or 0) + 1
    part = Document.objects.create(
        tenant_id=file.tenant_id,
        filename=child_filename(file.filename, place),
        sha256=child_document_hash(file.sha256, pages),
        size=file.size,
        media_type=file.media_type,
        blob_key=file.blob_key,
        status=S.ASSESSING,
        stage="assessing",
        schema_key=file.schema_key if file.schema_given else "",
        schema_given=file.schema_given,
        metadata=file.metadata,
        batch_id=file.batch_id,
        priority=file.priority,
        supersedes_id=supersedes,
        parent=file,
        part=place,
        part_name=format_page_ranges(pages),
        depth=file.depth,
        parent_pages=list(pages),
        webhook_url=file.webhook_url,
        uploaded_by_id=file.uploaded_by_id,
    )
    _copy_child_pages(file, part)
    return part


def replace_child_pages(file: Document, part: Document, pages: Sequence[int], *, dedup_key: str) -> None:
    """Replace the pages of an undecided child document as its next run; the run before stays as a version.

    The workflow of that run, which may wait for people, is signalled under `dedup_key` and ends.
    """
    signal_run(run_ref_of(part), "superseded", dedup_key)
    Document.objects.filter(pk=part.pk).update(
        run=F("run") + 1,
        version=F("version") + 1,
        fence=0,
        status=S.ASSESSING,
        stage="assessing",
        error_code="",
        error_detail="",
        sha256=child_document_hash(file.sha256, pages),
        part_name=format_page_ranges(pages),
        parent_pages=list(pages),
        updated_at=timezone.now(),
    )
    part.refresh_from_db()
    _copy_child_pages(file, part)


def start_child_document(part: Document) -> None:
    """Start the assessment of a child document, even if its batch is paused, because the file is already
    in progress.
    """
    start_run(run_ref_of(part))
    publish_progress(run_ref_of(part), "document.status")


def close_document(row: Document, status: DocumentStatus, actor: AuditActor, *, dedup_key: str) -> None:
    """End a document as SPLIT or SUPERSEDED; its decision and its fields are kept.

    Its workflow, which may wait for people, is signalled once under `dedup_key`; "" sends no signal.
    """
    transition_document(S(row.status), status)
    Document.objects.filter(pk=row.pk).update(
        status=status, stage="done", version=F("version") + 1, updated_at=timezone.now()
    )
    record_event(actor, f"document.{status.value.lower()}", "document", row.id, run=row.run)
    if dedup_key:
        signal_run(run_ref_of(row), status.value.lower(), dedup_key)
    row.refresh_from_db()
    publish_progress(run_ref_of(row), "document.status")


def copy_human_values(
    part: Document, sources: Sequence[HumanValueSource], rotations: Mapping[int, int] = NONE_ROTATED
) -> int:
    """Copy human values of fields whose pages are in the child document; returns their number.

    `rotations` maps pages of the file to the quarter turns by which they were rotated since. The first source with a
    value for a field is used, and it determines the schema. A field without a place is copied only if the child
    contains all pages of its source.
    """
    pages = list(part.parent_pages or ())
    kept: dict[str, Field] = {}
    used_sources: set[UUID] = set()
    for source in sources:
        rows = Field.objects.filter(tenant_id=part.tenant_id, document_id=source.document_id, run=source.run).exclude(
            human=""
        )
        for row in rows.order_by("position"):
            if row.name not in kept and _relocate_field(row, source, pages, rotations):
                row.pk, row.document_id, row.run, row.version = new_id(), part.id, part.run, 1
                row._state.adding = True  # noqa: SLF001 - Django's documented way of copying a row
                kept[row.name] = row
                used_sources.add(source.document_id)
    Field.objects.bulk_create(kept.values())
    schema_source = next((source for source in sources if source.document_id in used_sources), None)
    if schema_source and schema_source.schema_key and not part.schema_given:
        Document.objects.filter(pk=part.pk).update(schema_key=schema_source.schema_key)
    return len(kept)


def _relocate_field(row: Field, source: HumanValueSource, pages: Sequence[int], rotations: Mapping[int, int]) -> bool:
    """Move a field to the number that its page has in the child document; returns False if the page is not in it."""
    if row.page is None:
        return set(source.pages) <= set(pages)
    if not 1 <= row.page <= len(source.pages) or source.pages[row.page - 1] not in pages:
        return False
    page = source.pages[row.page - 1]
    row.page = pages.index(page) + 1
    if row.bbox:
        row.bbox = rotate_box(BoundingBox(*row.bbox), rotations.get(page, 0)).as_list()
    return True


def _copy_child_pages(file: Document, part: Document) -> None:
    """Copy the file's pages into the child's run with new numbers; images are shared by content hash."""
    numbers = {number: place for place, number in enumerate(part.parent_pages or (), 1)}
    rows = Page.objects.filter(
        tenant_id=file.tenant_id, document=file, run=file.run, number__in=list(numbers)
    ).order_by("number")
    batch: list[Page] = []
    for row in rows.iterator(chunk_size=PAGES_PER_COPY):
        batch.append(_child_page(row, part, numbers))
        if len(batch) == PAGES_PER_COPY:
            Page.objects.bulk_create(batch)
            batch = []
    Page.objects.bulk_create(batch)
    read = Page.objects.filter(Q(error=""), tenant_id=file.tenant_id, document=part, run=part.run).count()
    Document.objects.filter(pk=part.pk).update(pages=len(numbers), pages_failed=len(numbers) - read)
    part.refresh_from_db()


def _child_page(row: Page, part: Document, numbers: Mapping[int, int]) -> Page:
    row.original_number, row.number = row.original_number or row.number, numbers[row.number]
    row.pk, row.document_id, row.run = new_id(), part.id, part.run
    row._state.adding = True  # noqa: SLF001 - Django's documented way of copying a row
    return row


def child_document_hash(original: str, pages: Sequence[int]) -> str:
    """Return the SHA-256 of a child document: a hash of the original's hash and its pages, as it has no bytes."""
    return sha256(f"{original}:{','.join(map(str, pages))}".encode()).hexdigest()


def child_filename(filename: str, place: int) -> str:
    """Return a child document's name: the parts of `scan.pdf` are `scan-1.pdf`, `scan-2.pdf`, ..."""
    name = PurePosixPath(filename)
    ending = f"-{place}{name.suffix}"
    return f"{name.stem[: MAX_CHILD_FILENAME_LENGTH - len(ending)]}{ending}"


def format_page_ranges(pages: Sequence[int]) -> str:
    """Format page numbers as ranges: `p. 1-3, 7`."""
    runs: list[list[int]] = []
    for number in pages:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    ranges = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
    return f"p. {ranges}"[:300]
