"""Erase a document: rows at once, files after the commit; the audit log keeps that it happened.

A worker that was busy with it stores before it writes: finding no row any more, it takes back what it has stored.

What came out of a container stays when that one is erased: these are documents of their own, with decisions on
them. A document that came out of one and is erased does not come back, though its bytes are still in there.
"""

from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction

from ingestion.blobs import export_folder, forget_folder, forget_papers, original_of, tenant_of
from ingestion.contracts import RunRef
from ingestion.domain.formats.containers import Why
from ingestion.models import Document, LeftOutFile, Page, XmlInvoice
from ingestion.services.workflow_signals import hold_run, signal_run
from refinery.core.audit.services import record
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.types import TenantId


def delete_document(*, actor: Actor, document_id: UUID) -> None:
    """Erase the document with all its runs; raises Document.DoesNotExist. Its workflow ends at its next step."""
    actor.require(Verb.DOCUMENT_DELETE)
    with transaction.atomic():
        document = Document.objects.visible_to(actor).select_for_update().get(pk=document_id)
        ref = RunRef(actor.tenant_id, document.id, document.run)
        if not hold_run(ref):
            signal_run(ref, "cancelled", "erased")
        keys = _keys(actor, document)
        _stay_out(document)
        record(actor.audit, "document.erased", "document", document.id, sha256=document.sha256)
        document.delete()
        forget_unused(actor.tenant_id, keys)
        transaction.on_commit(lambda: forget_folder(export_folder(ref.tenant_id, ref.document_id)))


def forget_unused(tenant_id: TenantId, keys: set[str]) -> None:
    """Remove, once the transaction has committed, the files among `keys` on which no row rests any more."""
    gone = keys - _still_used(tenant_id, keys)
    transaction.on_commit(lambda: _remove(gone))


def forget_if_erased(ref: RunRef, keys: set[str]) -> None:
    """Remove the files that a late worker has stored for a document which was erased meanwhile."""
    with tenant_scope(ref.tenant_id):
        if not Document.objects.filter(tenant_id=ref.tenant_id, pk=ref.document_id).exists():
            forget_unused(ref.tenant_id, keys)


def forget_late_papers(folder: str) -> None:
    """Remove the pages that a late worker has made of an original on which no document rests any more."""
    original = original_of(folder)
    tenant_id = tenant_of(original)
    with tenant_scope(tenant_id):
        if not _still_used(tenant_id, {original}):
            transaction.on_commit(lambda: forget_papers(original))


def _stay_out(document: Document) -> None:
    """Tell its container that the part is gone for good: a later run of that one does not bring it back."""
    if document.parent_id is None or document.part is None or document.parent_pages is not None:
        return
    LeftOutFile.objects.update_or_create(
        tenant_id=document.tenant_id,
        document_id=document.parent_id,
        part=document.part,
        defaults={"name": "", "why": Why.ERASED.value},
    )


def _keys(actor: Actor, document: Document) -> set[str]:
    pages = Page.objects.visible_to(actor).filter(document=document).values_list("image_key", "thumbnail_key")
    invoices = XmlInvoice.objects.visible_to(actor).filter(document=document).values_list("blob_key", flat=True)
    return {document.blob_key, *invoices, *(key for pair in pages for key in pair if key)}


def _still_used(tenant_id: TenantId, keys: set[str]) -> set[str]:
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
        forget_papers(key)
