"""Erase a document: rows at once, files after the commit; the audit log keeps that it happened."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction

from ingestion.contracts import RunRef
from ingestion.models import Document, Page, XmlInvoice
from ingestion.services.starting import hold_run, signal_run
from refinery.audit.services import record
from refinery.tenancy.actor import Actor
from refinery.tenancy.roles import Verb


def delete_document(*, actor: Actor, document_id: UUID) -> None:
    """Erase the document with all its runs; raises Document.DoesNotExist. Its workflow ends at its next step."""
    actor.require(Verb.DOCUMENT_DELETE)
    with transaction.atomic():
        document = Document.objects.visible_to(actor).select_for_update().get(pk=document_id)
        ref = RunRef(actor.tenant_id, document.id, document.run)
        if not hold_run(ref):
            signal_run(ref, "cancelled", "erased")
        keys = _keys(actor, document)
        record(actor.audit, "document.erased", "document", document.id, sha256=document.sha256)
        document.delete()
        left = _still_used(actor, keys)
        transaction.on_commit(lambda: _remove(keys - left))


def _keys(actor: Actor, document: Document) -> set[str]:
    pages = Page.objects.visible_to(actor).filter(document=document).values_list("image_key", "thumbnail_key")
    invoices = XmlInvoice.objects.visible_to(actor).filter(document=document).values_list("blob_key", flat=True)
    return {document.blob_key, *invoices, *(key for pair in pages for key in pair if key)}


def _still_used(actor: Actor, keys: set[str]) -> set[str]:
    """Files are kept by content, so another document may rest on the same ones."""
    used = set(Document.objects.visible_to(actor).filter(blob_key__in=keys).values_list("blob_key", flat=True))
    invoices = XmlInvoice.objects.visible_to(actor)
    used |= set(invoices.filter(blob_key__in=keys).values_list("blob_key", flat=True))
    pages = Page.objects.visible_to(actor)
    used |= set(pages.filter(image_key__in=keys).values_list("image_key", flat=True))
    return used | set(pages.filter(thumbnail_key__in=keys).values_list("thumbnail_key", flat=True))


def _remove(keys: set[str]) -> None:
    for key in keys:
        default_storage.delete(key)
