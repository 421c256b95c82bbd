"""Erase a document: rows at once, files after the commit; the audit log keeps that it happened.

A worker that was busy with it stores before it writes: finding no row any more, it takes back what it has stored.

What came out of a container stays when that one is erased: these are documents of their own, with decisions on
them. A document that came out of one and is erased does not come back, though its bytes are still in there.
"""

from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction

from ingestion.blobs import (
    delete_renditions,
    delete_stored_folder,
    export_folder,
    original_of_renditions,
    tenant_of_key,
)
from ingestion.contracts import RunRef
from ingestion.domain.formats.containers import SkipReason
from ingestion.models import Document, Page, SkippedContainerFile, XmlInvoice
from ingestion.services.workflow_signals import hold_run, signal_run
from refinery.core.audit.services import record_event
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.types import TenantId


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
        transaction.on_commit(lambda: delete_stored_folder(export_folder(ref.tenant_id, ref.document_id)))


def delete_unused_files(tenant_id: TenantId, keys: set[str]) -> None:
    """Remove, once the transaction has committed, the files among `keys` on which no row rests any more."""
    gone = keys - _referenced_keys(tenant_id, keys)
    transaction.on_commit(lambda: _remove(gone))


def delete_files_if_erased(ref: RunRef, keys: set[str]) -> None:
    """Remove the files that a late worker has stored for a document which was erased meanwhile."""
    with tenant_scope(ref.tenant_id):
        if not Document.objects.filter(tenant_id=ref.tenant_id, pk=ref.document_id).exists():
            delete_unused_files(ref.tenant_id, keys)


def delete_orphaned_renditions(folder: str) -> None:
    """Remove the pages that a late worker has made of an original on which no document rests any more."""
    original = original_of_renditions(folder)
    tenant_id = tenant_of_key(original)
    with tenant_scope(tenant_id):
        if not _referenced_keys(tenant_id, {original}):
            transaction.on_commit(lambda: delete_renditions(original))


def _mark_as_erased(document: Document) -> None:
    """Tell its container that the part is gone for good: a later run of that one does not bring it back."""
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
    """Files are kept by content, so another document may rest on the same ones."""
    documents = Document.objects.filter(tenant_id=tenant_id)
    used = set(documents.filter(blob_key__in=keys).values_list("blob_key", flat=True))
    invoices = XmlInvoice.objects.filter(tenant_id=tenant_id)
    used |= set(invoices.filter(blob_key__in=keys).values_list("blob_key", flat=True))
    pages = Page.objects.filter(tenant_id=tenant_id)
    used |= set(pages.filter(image_key__in=keys).values_list("image_key", flat=True))
    return used | set(pages.filter(thumbnail_key__in=keys).values_list("thumbnail_key", flat=True))


def _remove(keys: set[str]) -> None:
    for key in keys - {""}:
        default_storage.delete(key)
        delete_renditions(key)
