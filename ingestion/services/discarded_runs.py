"""A candidate's pages: those of the next run, beside the document's own until someone chooses between them."""

from ingestion.models import Document, Page, XmlInvoice
from ingestion.services.erasure import forget_unused
from refinery.core.types import TenantId


def forget_candidate(document: Document) -> None:
    """Delete what a candidate has read; the document's row is locked by the caller, whose transaction this is."""
    beside = {"tenant_id": document.tenant_id, "document": document, "run__gt": document.run}
    pages = Page.objects.filter(**beside)
    keys = {key for pair in pages.values_list("image_key", "thumbnail_key") for key in pair}
    invoices = XmlInvoice.objects.filter(**beside)
    keys |= set(invoices.values_list("blob_key", flat=True))
    pages.delete()
    invoices.delete()
    forget_unused(TenantId(document.tenant_id), keys)
