"""Splits as they are stored: which file a document is a part of, and its latest split."""

from ingestion.models import Document, Split


def split_source_of(document: Document) -> Document:
    """Give the file that a document is a part of; any other document is its own file."""
    if document.parent_pages is None or document.parent_id is None:
        return document
    return Document.objects.get(tenant_id=document.tenant_id, id=document.parent_id)


def latest_split(file: Document) -> Split | None:
    """Give how the file is parted now; None when nothing was ever found to part."""
    return Split.objects.filter(tenant_id=file.tenant_id, document=file).order_by("-number").first()
