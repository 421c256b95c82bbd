"""What a container's unpacking leaves behind: a document for each file in it, once, whatever is repeated.

A child is a document of its own, with its own run: it is scanned, read and judged like any other. Its place in the
parent is its identity there, so that a second attempt, or a second run, adds nothing. What becomes no document is
told of on the container: nothing in one vanishes.
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
from ingestion.domain.lifecycle import DocumentStatus
from ingestion.domain.ports import ContainerContents, UnpackedFile
from ingestion.models import Batch, Document, SkippedContainerFile
from ingestion.querysets import DocumentQuerySet
from ingestion.services.erasure import delete_files_if_erased
from ingestion.services.progress import StaleAttempt, advance_document, publish_progress, take_fence, update_document
from ingestion.services.upload import original_key, read_tail
from ingestion.services.workflow_signals import start_run
from refinery.core.audit.services import record_event
from refinery.core.database.ids import first_id_of_day
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import system_actor
from refinery.core.tenancy.models import Tenant

S = DocumentStatus
UNPACKED_FROM = (S.READING, S.ASSESSING)
MAX_MAIL_HEADER_LENGTH = 1000  # of a mail's head, as it is shown


@dataclass(frozen=True, slots=True)
class ContainerSource:
    """A container to unpack: `root` is the outermost one around it, `status` that in which this attempt works.

    `erased` are the parts that somebody had erased: no later run brings them back.
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
        """Say whether it has no page of its own, so that unpacking is all there is to do."""
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
    """Refuse what is too much before one file is admitted, so that nothing of it is left behind.

    Raises PolicyViolation for more documents than the tenant may have today, TooLarge for more than the outermost
    container may hold in all that is nested in it.
    """
    with tenant_scope(ref.tenant_id):
        here = Document.objects.filter(tenant_id=ref.tenant_id)
        known = set(_contained_documents(ref).values_list("part", flat=True))
        new = [file for file in files if file.part not in known]
        allowed = Tenant.objects.only("documents_per_day").get(pk=ref.tenant_id).documents_per_day
        if new and here.filter(pk__gte=first_id_of_day()).count() + len(new) > allowed:
            raise PolicyViolation("It holds more files than documents are left for today.")
        root = here.filter(pk=container.root).first()
        if root and not _fits(root.descendants + len(new), root.descendant_bytes + sum(one.size for one in new)):
            raise _limit_exceeded()


def create_contained_document(ref: RunRef, container: ContainerSource, file: UnpackedFile) -> UUID:
    """Make the document of a file that came out of a container, and start its first run; gives its id.

    The same bytes may be here already, in another document: a file's place in its parent is a fact, so each is a
    document, and the check for duplicates tells people of it. Raises StaleAttempt, and TooLarge when all that came
    out of the outermost container is more than one may hold.
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
    """Close the unpacking: an archive has come to its end, a mail or PDF goes on; gives its status."""
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
    """Write what this run has left out in place of what an earlier one did; what was erased stays so."""
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
    """Let a document that has pages go on without its attachments, and say why on its record."""
    with tenant_scope(ref.tenant_id):
        update_document(ref, S.ASSESSING, error_code="attachments", error_detail=detail[:300])


def _run_document(ref: RunRef) -> Document:
    return Document.objects.get(tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run)


def _contained_documents(ref: RunRef) -> DocumentQuerySet[Document]:
    """Give the documents that have come out of a container; what its own pages were split into is none of them."""
    rows = Document.objects.filter(tenant_id=ref.tenant_id, parent_id=ref.document_id)
    return rows.filter(parent_pages__isnull=True)


def _skipped_files(ref: RunRef) -> "QuerySet[SkippedContainerFile]":
    return SkippedContainerFile.objects.filter(tenant_id=ref.tenant_id, document_id=ref.document_id)


def _root(ref: RunRef, document: Document) -> UUID:
    """Climb to the outermost container that is still here."""
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
    """Count a file against what its outermost container may hold; one that is erased by now holds nothing."""
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
    """Start the child's run, or hold it with its batch."""
    start_run(ref, held=batch is not None and batch.status in {"PAUSED", "CANCELLED"})
    if batch is not None and batch.status == "CANCELLED":
        Document.objects.filter(pk=ref.document_id).update(stage="cancelled")
