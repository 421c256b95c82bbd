"""Upload of files: check, store the bytes, then one transaction for the document, its audit event and its start."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self, TypeVar
from uuid import UUID

from django.core.files.base import File
from django.db import transaction

from ingestion.blobs import store_content
from ingestion.contracts import AdmittedUpload, FileFacts, IngestOptions, RunRef
from ingestion.domain.formats.intake import AdmittedFile, IntakeLimits, admit_file
from ingestion.domain.formats.registry import ARCHIVES
from ingestion.domain.lifecycle import HELD, BatchStatus
from ingestion.models import Batch, Document, Schema
from ingestion.services.blob_locks import BlobGone, hold_blobs
from ingestion.services.daily_quota import is_quota_left
from ingestion.services.workflow_signals import start_run
from refinery.core.audit.services import record_event
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.models import Tenant
from refinery.core.tenancy.roles import Permission

HEAD_BYTES = 4096
TAIL_BYTES = 64 * 2**10
CHUNK_BYTES = 2**20
MAX_BATCH_NAME_LENGTH = 120
STORE_ATTEMPTS: Final = 3
ResultT = TypeVar("ResultT")


class UnknownSchema(ValueError):
    """The tenant has no active schema of this key."""


class DailyQuotaReached(Exception):
    """The tenant's daily quota of documents is used up."""


class BatchClosed(ValueError):
    """The batch is cancelled or done, so it takes no more files."""


def read_file_facts(file: "File[Any]") -> FileFacts:
    """Read the file once in chunks and rewind it."""
    digest, size, head, tail = hashlib.sha256(), 0, b"", b""
    file.seek(0)
    while chunk := file.read(CHUNK_BYTES):
        head = head or chunk[:HEAD_BYTES]
        tail = (tail + chunk)[-TAIL_BYTES:]
        size += len(chunk)
        digest.update(chunk)
    file.seek(0)
    return FileFacts(head, size, digest.hexdigest(), tail)


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """File as it was sent or fetched; name and type are only hints."""

    file: "File[Any]"
    facts: FileFacts
    filename: str
    declared_type: str

    @classmethod
    def read(cls, file: "File[Any]", filename: str | None, declared_type: str | None) -> Self:
        """Return the file with its facts."""
        return cls(file, read_file_facts(file), filename or "", declared_type or "")


def read_tail(path: Path) -> bytes:
    """Return the end of a file, where a zip archive lists its contents."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL_BYTES))
        return file.read(TAIL_BYTES)


def original_key(tenant_id: UUID, sha256: str) -> str:
    """Return the key of an original: by content, so that equal bytes are stored once."""
    return f"tenants/{tenant_id}/originals/{sha256[:2]}/{sha256}"


def check_upload(*, actor: Actor, options: IngestOptions) -> IntakeLimits:
    """Return the tenant's limits, before any bytes are transferred; raises UnknownSchema, DailyQuotaReached,
    BatchClosed.
    """
    actor.require(Permission.DOCUMENT_UPLOAD)
    tenant = Tenant.objects.get(pk=actor.tenant_id)
    _batch(actor, options.batch_id)
    _check(actor, tenant, options)
    return IntakeLimits(max_bytes=tenant.max_file_bytes)


def store_upload(*, actor: Actor, incoming: IncomingFile, limits: IntakeLimits) -> AdmittedFile:
    """Validate a file and store its bytes; raises ReadingError. Needs no transaction, because storage may be slow."""
    actor.require(Permission.DOCUMENT_UPLOAD)
    facts = incoming.facts
    admitted = admit_file(
        head=facts.head,
        tail=facts.tail,
        filename=incoming.filename,
        declared_type=incoming.declared_type,
        size=facts.size,
        sha256=facts.sha256,
        limits=limits,
    )
    store_content(original_key(actor.tenant_id, facts.sha256), incoming.file)
    return admitted


def admit_upload(*, actor: Actor, admitted: AdmittedFile, options: IngestOptions) -> AdmittedUpload:
    """Create the document of a stored file and start its first run; raises as check_upload.

    Equal bytes within the tenant return the first document, unless the tenant keeps duplicates. An archive without a
    batch opens one, which its files will share. Uploads of the same bytes are serialised. Raises BlobGone if the file
    was deleted since it was stored.
    """
    actor.require(Permission.DOCUMENT_UPLOAD)
    with transaction.atomic():
        tenant = Tenant.objects.get(pk=actor.tenant_id)
        batch = _batch(actor, options.batch_id)
        _check(actor, tenant, options)
        hold_blobs({original_key(actor.tenant_id, admitted.sha256)})
        twin = None if tenant.keep_duplicates else _find_duplicate(actor, admitted.sha256)
        if twin is not None:
            return _count_duplicate(actor, twin)
        if batch is None and admitted.media_type in ARCHIVES:
            batch = _open_batch(actor, admitted.filename)
        document = _write(actor, admitted, options, batch)
        facts = {"size": admitted.size, "media_type": admitted.media_type}
        record_event(actor.audit, "document.received", "document", document.id, **facts)
        start_run(RunRef(actor.tenant_id, document.id, document.run), held=batch is not None and batch.status in HELD)
    return AdmittedUpload(document.id, document.status, batch_id=_shared_batch(document))


def ingest_file(
    *, actor: Actor, file: "File[Any]", filename: str, declared_type: str, options: IngestOptions
) -> AdmittedUpload:
    """Check, store and admit one file, each step in a separate scope; raises as these do."""
    with tenant_scope(actor.tenant_id):
        limits = check_upload(actor=actor, options=options)
    incoming = IncomingFile.read(file, filename, declared_type)

    def admit(admitted: AdmittedFile) -> AdmittedUpload:
        with tenant_scope(actor.tenant_id):
            return admit_upload(actor=actor, admitted=admitted, options=options)

    return store_and_admit(actor=actor, incoming=incoming, limits=limits, admit=admit)


def store_and_admit(
    *, actor: Actor, incoming: IncomingFile, limits: IntakeLimits, admit: Callable[[AdmittedFile], ResultT]
) -> ResultT:
    """Store the file and admit it; again if the erasure of another document deleted it in between."""
    for _ in range(STORE_ATTEMPTS - 1):
        admitted = store_upload(actor=actor, incoming=incoming, limits=limits)
        with suppress(BlobGone):
            return admit(admitted)
    return admit(store_upload(actor=actor, incoming=incoming, limits=limits))


def _check(actor: Actor, tenant: Tenant, options: IngestOptions) -> None:
    if options.schema and not Schema.objects.visible_to(actor).filter(key=options.schema, is_active=True).exists():
        raise UnknownSchema(options.schema)
    if options.supersedes_id is not None:
        Document.objects.visible_to(actor).only("pk").get(pk=options.supersedes_id)
    if not is_quota_left(actor.tenant_id, 1, tenant.documents_per_day):
        raise DailyQuotaReached


def _batch(actor: Actor, batch_id: UUID | None) -> Batch | None:
    if batch_id is None:
        return None
    batch = Batch.objects.visible_to(actor).get(pk=batch_id)
    if batch.status in {BatchStatus.CANCELLED, BatchStatus.DONE}:
        raise BatchClosed(batch.status)
    return batch


def _find_duplicate(actor: Actor, sha256: str) -> Document | None:
    return Document.objects.visible_to(actor).filter(sha256=sha256).order_by("id").first()


def _count_duplicate(actor: Actor, twin: Document) -> AdmittedUpload:
    twin.duplicates += 1
    twin.save(update_fields=["duplicates"])
    record_event(actor.audit, "document.duplicate_received", "document", twin.id)
    return AdmittedUpload(twin.id, twin.status, duplicate_of=twin.id, batch_id=_shared_batch(twin))


def _shared_batch(document: Document) -> UUID | None:
    """Return the batch that an archive shares with its files."""
    return document.batch_id if document.media_type in ARCHIVES else None


def _open_batch(actor: Actor, name: str) -> Batch:
    batch = Batch.objects.create(
        tenant_id=actor.tenant_id, name=name[:MAX_BATCH_NAME_LENGTH], created_by_id=actor.user_id
    )
    record_event(actor.audit, "batch.created", "batch", batch.id)
    return batch


def _write(actor: Actor, admitted: AdmittedFile, options: IngestOptions, batch: Batch | None) -> Document:
    if batch is not None and batch.status == BatchStatus.OPEN:
        Batch.objects.filter(pk=batch.pk, status=BatchStatus.OPEN).update(status=BatchStatus.RUNNING)
    return Document.objects.create(
        tenant_id=actor.tenant_id,
        filename=admitted.filename,
        external_id=options.external_id,
        sha256=admitted.sha256,
        size=admitted.size,
        media_type=admitted.media_type,
        blob_key=original_key(actor.tenant_id, admitted.sha256),
        schema_key=options.schema or (batch.schema_key if batch else ""),
        schema_given=bool(options.schema or (batch and batch.schema_key)),
        metadata=options.metadata,
        batch=batch,
        priority=options.priority,
        supersedes_id=options.supersedes_id,
        webhook_url=options.webhook_url,
        uploaded_by_id=actor.user_id,
    )
