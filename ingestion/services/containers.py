"""What a container's unpacking leaves behind: a document for each file in it, once, whatever is repeated.

A child is a document of its own, with its own run: it is scanned, read and judged like any other. Its place in the
parent is its identity there, so that a second attempt, or a second run, adds nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from ingestion.blobs import store_file
from ingestion.contracts import RunRef
from ingestion.domain.containers import ARCHIVES, NAME_LENGTH, ContainerLimits
from ingestion.domain.errors import PolicyViolation, TooLarge
from ingestion.domain.intake import AdmittedFile, admit_part, printable
from ingestion.domain.lifecycle import DocumentStatus
from ingestion.domain.ports import Unpacked
from ingestion.models import Batch, Document
from ingestion.services.intake import original_key
from ingestion.services.progress import StaleAttempt, advance, note, take_fence
from ingestion.services.starting import start_run
from refinery.audit.services import record
from refinery.database.ids import first_id_of_day
from refinery.database.scope import tenant_scope
from refinery.tenancy.actor import system
from refinery.tenancy.models import Tenant

S = DocumentStatus
UNPACKED_FROM = (S.READING, S.ASSESSING)


@dataclass(frozen=True, slots=True)
class Container:
    """A container to unpack: `root` is the outermost one around it, `status` that in which this attempt works."""

    blob_key: str
    media_type: str
    depth: int
    root: UUID
    status: DocumentStatus
    fence: int

    @property
    def is_archive(self) -> bool:
        """Say whether it has no page of its own, so that unpacking is all there is to do."""
        return self.media_type in ARCHIVES


def begin_unpacking(ref: RunRef) -> Container | None:
    """Take this attempt's fence; None for an archive that an earlier attempt has finished. Raises StaleAttempt."""
    with tenant_scope(ref.tenant_id):
        document = _mine(ref)
        if document.status == S.UNPACKED:
            return None
        status = S(document.status)
        if status not in UNPACKED_FROM:
            raise StaleAttempt
        fence = take_fence(ref, status)
        if status is S.READING:
            note(ref, status, fence=fence, stage="unpacking")
        root = _root(ref, document)
        return Container(document.blob_key, document.media_type, document.depth, root, status, fence)


def check_room(ref: RunRef, files: Sequence[Unpacked]) -> None:
    """Refuse more files than the tenant may have today, before one of them is admitted; raises PolicyViolation."""
    with tenant_scope(ref.tenant_id):
        here = Document.objects.filter(tenant_id=ref.tenant_id)
        known = here.filter(parent_id=ref.document_id).count()
        allowed = Tenant.objects.only("documents_per_day").get(pk=ref.tenant_id).documents_per_day
        if here.filter(pk__gte=first_id_of_day()).count() + len(files) - known > allowed:
            raise PolicyViolation("It holds more files than documents are left for today.")


def admit_child(ref: RunRef, container: Container, file: Unpacked) -> UUID:
    """Make the document of a file that came out of a container, and start its first run; gives its id.

    The same bytes may be here already, in another document: a file's place in its parent is a fact, so each is a
    document, and the check for duplicates tells people of it. Raises StaleAttempt, and TooLarge when all that came
    out of the outermost container is more than one may hold.
    """
    admitted = admit_part(
        head=file.head,
        filename=file.name,
        declared_type=file.declared_type,
        size=file.size,
        sha256=file.sha256,
    )
    key = store_file(original_key(ref.tenant_id, file.sha256), file.path)
    with tenant_scope(ref.tenant_id):
        parent = _held(ref, container)
        earlier = Document.objects.filter(tenant_id=ref.tenant_id, parent=parent, part=file.part).first()
        if earlier is not None:
            return earlier.id
        _count_in(ref, container.root, file.size)
        child = _write(parent, file, admitted, key)
        facts = {"size": file.size, "media_type": admitted.media_type, "parent": str(parent.id), "part": file.part}
        record(system(ref.tenant_id), "document.received", "document", child.id, **facts)
        _start(RunRef(ref.tenant_id, child.id, child.run), parent.batch)
    return child.id


def finish_unpacking(ref: RunRef, container: Container, count: int) -> DocumentStatus:
    """Close the unpacking: an archive has come to its end, a mail or PDF goes on; gives its status."""
    with tenant_scope(ref.tenant_id):
        if container.is_archive:
            advance(ref, S.READING, S.UNPACKED, fence=container.fence, stage="done", attachments=count)
            return S.UNPACKED
        note(ref, container.status, fence=container.fence, attachments=count)
        return container.status


def leave_attachments(ref: RunRef, detail: str) -> None:
    """Let a document that has pages go on without its attachments, and say why on its record."""
    with tenant_scope(ref.tenant_id):
        note(ref, S.ASSESSING, error_code="attachments", error_detail=detail[:300])


def _mine(ref: RunRef) -> Document:
    return Document.objects.get(tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run)


def _root(ref: RunRef, document: Document) -> UUID:
    """Climb to the outermost container that is still here."""
    top = document
    for _ in range(ContainerLimits().depth + 1):
        if top.parent_id is None:
            break
        top = Document.objects.only("id", "parent_id").get(tenant_id=ref.tenant_id, id=top.parent_id)
    return top.id


def _held(ref: RunRef, container: Container) -> Document:
    """Lock the container for this attempt; raises StaleAttempt."""
    rows = Document.objects.select_for_update(of=("self",)).select_related("batch")
    parent = rows.filter(
        tenant_id=ref.tenant_id, id=ref.document_id, run=ref.run, status=container.status, fence=container.fence
    ).first()
    if parent is None:
        raise StaleAttempt
    return parent


def _count_in(ref: RunRef, root: UUID, size: int) -> None:
    """Count a file against what its outermost container may hold, over all that is nested in it."""
    limits = ContainerLimits()
    counted = Document.objects.filter(
        tenant_id=ref.tenant_id,
        id=root,
        descendants__lt=limits.entries,
        descendant_bytes__lte=limits.total_bytes - size,
    ).update(descendants=F("descendants") + 1, descendant_bytes=F("descendant_bytes") + size)
    if not counted:
        raise TooLarge(
            f"It holds more than {limits.entries:,} files or {limits.total_bytes // 2**20:,} MB in all."
        )


def _write(parent: Document, file: Unpacked, admitted: AdmittedFile, key: str) -> Document:
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
        part_name=printable(file.name)[:NAME_LENGTH],
        depth=parent.depth + 1,
        webhook_url=parent.webhook_url,
        uploaded_by_id=parent.uploaded_by_id,
    )


def _start(ref: RunRef, batch: Batch | None) -> None:
    """Start the child's run, or hold it with its batch."""
    start_run(ref, held=batch is not None and batch.status in {"PAUSED", "CANCELLED"})
    if batch is not None and batch.status == "CANCELLED":
        Document.objects.filter(pk=ref.document_id).update(stage="cancelled")
