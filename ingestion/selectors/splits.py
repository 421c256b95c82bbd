"""Stored splits: the file of a child document, and its latest split."""

from ingestion.models import Document, Split


def split_source_of(document: Document) -> Document:
    """Return the file that a document was split from, or the document itself."""
    if document.parent_pages is None or document.parent_id is None:
        return document
    return Document.objects.get(tenant_id=document.tenant_id, id=document.parent_id)


def latest_split(file: Document) -> Split | None:
    """Return the current split of a file; None if none was ever stored."""
    return Split.objects.filter(tenant_id=file.tenant_id, document=file).order_by("-number").first()
