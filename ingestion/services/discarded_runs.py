"""A candidate's pages: those of the next run, beside the document's own until someone chooses between them."""

from ingestion.models import Document, Page, XmlInvoice
from ingestion.services.erasure import delete_unused_files
from refinery.core.types import TenantId


def discard_reprocessed_pages(document: Document) -> None:
    """Delete what a candidate has read; the document's row is locked by the caller, whose transaction this is."""
    next_runs = {"tenant_id": document.tenant_id, "document": document, "run__gt": document.run}
    pages = Page.objects.filter(**next_runs)
    keys = {key for pair in pages.values_list("image_key", "thumbnail_key") for key in pair}
    invoices = XmlInvoice.objects.filter(**next_runs)
    keys |= set(invoices.values_list("blob_key", flat=True))
    pages.delete()
    invoices.delete()
    delete_unused_files(TenantId(document.tenant_id), keys)
