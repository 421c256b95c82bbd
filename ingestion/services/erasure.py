"""Erasure of documents: rows at once, files after the commit; the audit log keeps the event.

A worker that is still processing the document stores files before rows: if the row is gone, it deletes its files.

Documents that came out of a container stay when the container is erased, because they have separate decisions. An
erased document that came out of a container is not created again, although the container still holds its bytes.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import transaction

from ingestion import blobs
from ingestion.contracts import RunRef
from ingestion.domain.formats.containers import SkipReason
from ingestion.models import Document, Page, SkippedContainerFile, XmlInvoice
from ingestion.services.blob_locks import lock_blobs
from ingestion.services.workflow_signals import hold_run, signal_run
from refinery.core.audit.services import record_event
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.types import TenantId

KEYS_PER_LOCK: Final = 50  # the database has room for some thousands of locks in all


def delete_document(*, actor: Actor, document_id: UUID) -> None:
    """Erase the document with all its runs; raises Document.DoesNotExist. Its workflow ends at its next step."""
    actor.require(Permission.DOCUMENT_DELETE)
    with transaction.atomic():
        document = Document.objects.visible_to(actor).select_for_update().get(pk=document_id)
        ref = RunRef(actor.tenant_id, document.id, document.run)
        if not hold_run(ref):
            signal_run(ref, "cancelled", "erased")
        keys = _keys(actor, document)
        _mark_as_erased(document)
        record_event(actor.audit, "document.erased", "document", document.id, sha256=document.sha256)
        document.delete()
        delete_unused_files(actor.tenant_id, keys)
        transaction.on_commit(lambda: blobs.delete_stored_folder(blobs.export_folder(ref.tenant_id, ref.document_id)))


def delete_unused_files(tenant_id: TenantId, keys: set[str]) -> None:
    """Delete, once the transaction has committed, the files among `keys` that no row references."""
    unused = sorted(keys - _referenced_keys(tenant_id, keys) - {""})
    transaction.on_commit(lambda: _remove(tenant_id, unused))


def delete_files_if_erased(ref: RunRef, keys: set[str]) -> None:
    """Delete the files that a late worker has stored for a document that was erased meanwhile."""
    with tenant_scope(ref.tenant_id):
        if not Document.objects.filter(tenant_id=ref.tenant_id, pk=ref.document_id).exists():
            delete_unused_files(ref.tenant_id, keys)


def delete_orphaned_renditions(folder: str) -> None:
    """Delete renditions that a late worker has stored for an original that no document references."""
    original = blobs.original_of_renditions(folder)
    tenant_id = blobs.tenant_of_key(original)
    with tenant_scope(tenant_id):
        if not _referenced_keys(tenant_id, {original}):
            transaction.on_commit(lambda: blobs.delete_renditions(original))


def _mark_as_erased(document: Document) -> None:
    """Record the part as erased on its container, so that a later run does not create it again."""
    if document.parent_id is None or document.part is None or document.parent_pages is not None:
        return
    SkippedContainerFile.objects.update_or_create(
        tenant_id=document.tenant_id,
        document_id=document.parent_id,
        part=document.part,
        defaults={"name": "", "reason": SkipReason.ERASED.value},
    )


def _keys(actor: Actor, document: Document) -> set[str]:
    pages = Page.objects.visible_to(actor).filter(document=document).values_list("image_key", "thumbnail_key")
    invoices = XmlInvoice.objects.visible_to(actor).filter(document=document).values_list("blob_key", flat=True)
    return {document.blob_key, *invoices, *(key for pair in pages for key in pair if key)}


def _referenced_keys(tenant_id: TenantId, keys: set[str]) -> set[str]:
    """Return the keys that are in use: files are stored by content, so several documents may share one."""
    documents = Document.objects.filter(tenant_id=tenant_id)
    used = set(documents.filter(blob_key__in=keys).values_list("blob_key", flat=True))
    invoices = XmlInvoice.objects.filter(tenant_id=tenant_id)
    used |= set(invoices.filter(blob_key__in=keys).values_list("blob_key", flat=True))
    pages = Page.objects.filter(tenant_id=tenant_id)
    used |= set(pages.filter(image_key__in=keys).values_list("image_key", flat=True))
    return used | set(pages.filter(thumbnail_key__in=keys).values_list("thumbnail_key", flat=True))


def _remove(tenant_id: TenantId, keys: Sequence[str]) -> None:
    """Delete the files under their locks, unless a new upload of the same bytes refers to them by now."""
    for start in range(0, len(keys), KEYS_PER_LOCK):
        some = set(keys[start : start + KEYS_PER_LOCK])
        with tenant_scope(tenant_id):
            lock_blobs(some)
            for key in some - _referenced_keys(tenant_id, some):
                blobs.delete_stored_file(key)
                blobs.delete_renditions(key)
