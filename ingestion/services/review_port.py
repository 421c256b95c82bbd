"""Port to review: operations on review tasks that splits, rotations and reprocessing need."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from ingestion.models import Document
from refinery.core.tenancy.actor import Actor
from refinery.core.types import TenantId


class ClaimedByOther(Exception):
    """Another reviewer has a live lease on the document."""


class DocumentClaimed(Exception):
    """A reviewer has a live lease on the document."""


class FourEyesViolation(Exception):
    """Another person has to review a document of the file, so the caller may not change it."""


class ReviewTasks(Protocol):
    """The review tasks of documents; every method needs an open transaction."""

    def lock(self, tenant_id: UUID, file_id: UUID) -> None:
        """Lock unfinished tasks of a file and of its child documents, before any document row is locked."""
        ...

    def check_free(self, actor: Actor, document_ids: Sequence[UUID]) -> None:
        """Raise ClaimedByOther or FourEyesViolation if a task prevents the actor from changing a document."""
        ...

    def cancel(self, tenant_id: TenantId, document_id: UUID) -> None:
        """Cancel the unfinished tasks of a document."""
        ...

    def cancel_for_rerun(self, actor: Actor, document: Document, *, unless_claimed: bool = False) -> None:
        """Cancel unfinished tasks and end the workflows waiting for them; `unless_claimed` raises DocumentClaimed."""
        ...

    def resolve_split_suggestions(self, document_ids: Sequence[UUID]) -> None:
        """Close the issues that suggest a split of these documents, because a person has decided."""
        ...


_registered: list[ReviewTasks] = []


def register(tasks: ReviewTasks) -> None:
    """Register the implementation; review calls this when Django starts."""
    _registered[:] = [tasks]


def review_tasks() -> ReviewTasks:
    """Return the registered implementation."""
    return _registered[0]
