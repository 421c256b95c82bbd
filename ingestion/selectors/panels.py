"""Registry of panels: values that higher apps add to the pages of documents."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from ingestion.models import Document
from refinery.core.tenancy.actor import Actor

DocumentPanel = Callable[[Actor, Document], Mapping[str, Any]]
ListPanel = Callable[[Actor, Sequence[Document]], Mapping[UUID, Mapping[str, Any]]]

_document_panels: Final[list[DocumentPanel]] = []
_list_panels: Final[list[ListPanel]] = []


def register_document_panel(panel: DocumentPanel) -> None:
    """Add a function that returns values for a document's record."""
    _document_panels.append(panel)


def register_list_panel(panel: ListPanel) -> None:
    """Add a function that returns values for the documents of a list, by document id."""
    _list_panels.append(panel)


def document_panels(actor: Actor, document: Document) -> dict[str, Any]:
    """Return the values of all panels for a document's record."""
    return {name: value for panel in _document_panels for name, value in panel(actor, document).items()}


def list_panels(actor: Actor, documents: Sequence[Document]) -> dict[UUID, dict[str, Any]]:
    """Return the values of all panels for the documents of a list, by document id."""
    found: dict[UUID, dict[str, Any]] = {}
    for panel in _list_panels:
        for document_id, values in panel(actor, documents).items():
            found.setdefault(document_id, {}).update(values)
    return found
