"""Deletion of a reprocessing run's pages, which are stored as the next run of the document until one is chosen."""

from ingestion.models import Document, Page, XmlInvoice
from ingestion.services.erasure import delete_unused_files
from refinery.core.types import TenantId


def discard_reprocessed_pages(document: Document) -> None:
    """Delete the pages of a reprocessing run; the caller has locked the document's row in its transaction."""
    next_runs = {"tenant_id": document.tenant_id, "document": document, "run__gt": document.run}
    pages = Page.objects.filter(**next_runs)
    keys = {key for pair in pages.values_list("image_key", "thumbnail_key") for key in pair}
    invoices = XmlInvoice.objects.filter(**next_runs)
    keys |= set(invoices.values_list("blob_key", flat=True))
    pages.delete()
    invoices.delete()
    delete_unused_files(TenantId(document.tenant_id), keys)
