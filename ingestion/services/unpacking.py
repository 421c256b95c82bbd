"""Results of unpacking a container: one document for each contained file, also if a step is repeated.

A contained document is scanned, read and assessed like any other. Its index in the parent identifies it there, so
that a second attempt or a second run creates no duplicate. Files that do not become documents are listed on the
container, so that no file is lost silently.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from ingestion.blobs import store_file
from ingestion.contracts import RunRef
from ingestion.domain.errors import PolicyViolation, TooLarge
from ingestion.domain.formats.containers import MAX_CONTAINED_NAME_LENGTH, ContainerLimits, SkippedFile, SkipReason
from ingestion.domain.formats.intake import AdmittedFile, admit_contained_file, printable
from ingestion.domain.formats.registry import ARCHIVES
from ingestion.domain.lifecycle import HELD, BatchStatus, DocumentStatus
from ingestion.domain.ports import ContainerContents, UnpackedFile
from ingestion.models import Batch, Document, SkippedContainerFile
from ingestion.querysets import DocumentQuerySet
from ingestion.services.blob_locks import hold_blobs
from ingestion.services.daily_quota import is_quota_left
from ingestion.services.erasure import delete_files_if_erased
from ingestion.services.progress import StaleAttempt, advance_document, publish_progress, take_fence, update_document
from ingestion.services.upload import original_key, read_tail
from ingestion.services.workflow_signals import start_run
from refinery.core.audit.services import record_event
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import system_actor
from refinery.core.tenancy.models import Tenant

S = DocumentStatus
UNPACKED_FROM = (S.READING, S.ASSESSING)
MAX_MAIL_HEADER_LENGTH = 1000  # maximum length of a displayed mail header


@dataclass(frozen=True, slots=True)
class ContainerSource:
    """Container to unpack: `root` is the outermost one around it, `status` its status during this attempt.

    `erased` are parts that a person has erased: no later run creates them again.
    """

    blob_key: str
    media_type: str
    depth: int
    root: UUID
    status: DocumentStatus
    fence: int
    erased: frozenset[int] = frozenset()

    @property
    def is_archive(self) -> bool:
        """Return whether it has no pages, so that unpacking is the only step."""
        return self.media_type in ARCHIVES


def begin_unpacking(ref: RunRef) -> ContainerSource | None:
    """Take this attempt's fence; None for an archive that an earlier attempt has finished. Raises StaleAttempt."""
    with tenant_scope(ref.tenant_id):
        document = _run_document(ref)
        if document.status == S.UNPACKED:
            return None
        status = S(document.status)
        if status not in UNPACKED_FROM:
            raise StaleAttempt
        fence = take_fence(ref, status)
        if status is S.READING:
            update_document(ref, status, fence=fence, stage="unpacking")
        root = _root(ref, document)
        erased = _skipped_files(ref).filter(reason=SkipReason.ERASED).values_list("part", flat=True)
        return ContainerSource(
            document.blob_key, document.media_type, document.depth, root, status, fence, frozenset(erased)
        )


def check_container_limits(ref: RunRef, container: ContainerSource, files: Sequence[UnpackedFile]) -> None:
    """Check the limits before any file is admitted, so that a rejected container leaves nothing behind.

    Raises PolicyViolation for more documents than the tenant may add today, TooLarge if the outermost container would
    hold too much, nested files included.
    """
    with tenant_scope(ref.tenant_id):
        here = Document.objects.filter(tenant_id=ref.tenant_id)
        known = set(_contained_documents(ref).values_list("part", flat=True))
        new = [file for file in files if file.part not in known]
        allowed = Tenant.objects.only("documents_per_day").get(pk=ref.tenant_id).documents_per_day
        if new and not is_quota_left(ref.tenant_id, len(new), allowed):
            raise PolicyViolation("It contains more files than today's limit of documents allows.")
        root = here.filter(pk=container.root).first()
        if root and not _fits(root.descendants + len(new), root.descendant_bytes + sum(one.size for one in new)):
            raise _limit_exceeded()


def create_contained_document(ref: RunRef, container: ContainerSource, file: UnpackedFile) -> UUID:
    """Create the document of a contained file and start its first run; returns its id.

    The same bytes may already be stored for another document: each place in a container is a separate document, and the
    duplicate check reports it. Raises StaleAttempt, and TooLarge if the outermost container holds too much in total.
    """
    admitted = admit_contained_file(
        head=file.head,
        tail=read_tail(file.path),
        filename=file.name,
        declared_type=file.declared_type,
        size=file.size,
        sha256=file.sha256,
    )
    key = store_file(original_key(ref.tenant_id, file.sha256), file.path)
    try:
        return _admit(ref, container, file, admitted, key)
    except StaleAttempt:
        delete_files_if_erased(ref, {key})
        raise


def _admit(ref: RunRef, container: ContainerSource, file: UnpackedFile, admitted: AdmittedFile, key: str) -> UUID:
    with tenant_scope(ref.tenant_id):
        parent = _lock_container(ref, container)
        hold_blobs({key})
        earlier = _contained_documents(ref).filter(part=file.part).first()
        if earlier is not None:
            return earlier.id
        _reserve_space(ref, container.root, file.size)
        child = _write(parent, file, admitted, key)
        publish_progress(RunRef(ref.tenant_id, child.id, child.run), "document.status")
        facts = {"size": file.size, "media_type": admitted.media_type, "parent": str(parent.id), "part": file.part}
        record_event(system_actor(ref.tenant_id), "document.received", "document", child.id, **facts)
        _start(RunRef(ref.tenant_id, child.id, child.run), parent.batch)
    return child.id


def finish_unpacking(ref: RunRef, container: ContainerSource, contents: ContainerContents) -> DocumentStatus:
    """Finish the unpacking: an archive is done, a mail or PDF continues; returns the status."""
    changes: dict[str, object] = {"attachments": len(contents.files)}
    if contents.mail_headers:
        changes["mail_headers"] = {
            name: line[:MAX_MAIL_HEADER_LENGTH] for name, line in asdict(contents.mail_headers).items()
        }
    with tenant_scope(ref.tenant_id):
        if container.is_archive:
            advance_document(ref, S.READING, S.UNPACKED, fence=container.fence, stage="done", **changes)
        else:
            update_document(ref, container.status, fence=container.fence, **changes)
        _record_skipped_files(ref, contents.skipped)
    return S.UNPACKED if container.is_archive else container.status


def _record_skipped_files(ref: RunRef, files: Sequence[SkippedFile]) -> None:
    """Replace the skipped files of an earlier run by those of this one; erased parts stay recorded."""
    _skipped_files(ref).exclude(reason=SkipReason.ERASED).delete()
    rows = [
        SkippedContainerFile(
            tenant_id=ref.tenant_id,
            document_id=ref.document_id,
            part=file.part,
            name=printable(file.name)[:MAX_CONTAINED_NAME_LENGTH],
            reason=file.reason.value,
        )
        for file in files
    ]
    SkippedContainerFile.objects.bulk_create(rows, ignore_conflicts=True)


def skip_attachments(ref: RunRef, detail: str) -> None:
    """Continue with a document's pages without its attachments, and record the reason."""
    with tenant_scope(ref.tenant_id):
        update_document(ref, S.ASSESSING, error_code="attachments", error_detail=detail[:300])


def _run_document(ref: RunRef) -> Document:
    return Document.objects.get(tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run)


def _contained_documents(ref: RunRef) -> DocumentQuerySet[Document]:
    """Return the documents that came out of a container, without child documents of a split."""
    rows = Document.objects.filter(tenant_id=ref.tenant_id, parent_id=ref.document_id)
    return rows.filter(parent_pages__isnull=True)


def _skipped_files(ref: RunRef) -> "QuerySet[SkippedContainerFile]":
    return SkippedContainerFile.objects.filter(tenant_id=ref.tenant_id, document_id=ref.document_id)


def _root(ref: RunRef, document: Document) -> UUID:
    """Return the id of the outermost container that still exists."""
    top = document
    for _ in range(ContainerLimits().depth + 1):
        if top.parent_id is None:
            break
        top = Document.objects.only("id", "parent_id").get(tenant_id=ref.tenant_id, id=top.parent_id)
    return top.id


def _lock_container(ref: RunRef, container: ContainerSource) -> Document:
    """Lock the container for this attempt; raises StaleAttempt."""
    rows = Document.objects.select_for_update(of=("self",)).select_related("batch")
    parent = rows.filter(
        tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run, status=container.status, fence=container.fence
    ).first()
    if parent is None:
        raise StaleAttempt
    return parent


def _reserve_space(ref: RunRef, root: UUID, size: int) -> None:
    """Count a file towards the limits of its outermost container; an erased one has no limits."""
    limits = ContainerLimits()
    roots = Document.objects.filter(tenant_id=ref.tenant_id, id=root)
    counted = roots.filter(descendants__lt=limits.entries, descendant_bytes__lte=limits.total_bytes - size).update(
        descendants=F("descendants") + 1, descendant_bytes=F("descendant_bytes") + size
    )
    if not counted and roots.exists():
        raise _limit_exceeded()


def _fits(count: int, size: int) -> bool:
    limits = ContainerLimits()
    return count <= limits.entries and size <= limits.total_bytes


def _limit_exceeded() -> TooLarge:
    limits = ContainerLimits()
    return TooLarge(f"It holds more than {limits.entries:,} files or {limits.total_bytes // 2**20:,} MB in all.")


def _write(parent: Document, file: UnpackedFile, admitted: AdmittedFile, key: str) -> Document:
    return Document.objects.create(
        tenant_id=parent.tenant_id,
        filename=admitted.filename,
        sha256=admitted.sha256,
        size=admitted.size,
        media_type=admitted.media_type,
        blob_key=key,
        metadata=parent.metadata,
        batch_id=parent.batch_id,
        priority=parent.priority,
        parent=parent,
        part=file.part,
        part_name=printable(file.name)[:MAX_CONTAINED_NAME_LENGTH],
        depth=parent.depth + 1,
        webhook_url=parent.webhook_url,
        uploaded_by_id=parent.uploaded_by_id,
    )


def _start(ref: RunRef, batch: Batch | None) -> None:
    """Start the child's run, or hold it if its batch is paused or cancelled."""
    start_run(ref, held=batch is not None and batch.status in HELD)
    if batch is not None and batch.status == BatchStatus.CANCELLED:
        Document.objects.filter(pk=ref.document_id).update(stage="cancelled")
