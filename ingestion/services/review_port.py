"""The port to review: what splits, rotations and reprocessings need of the tasks that people have on documents."""

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
        """Lock unfinished tasks of a file and of its parts, before any document row is locked."""
        ...

    def check_free(self, actor: Actor, document_ids: Sequence[UUID]) -> None:
        """Raise ClaimedByOther or FourEyesViolation when a task keeps the actor from changing a document."""
        ...

    def cancel(self, tenant_id: TenantId, document_id: UUID) -> None:
        """Cancel the unfinished tasks of a document."""
        ...

    def cancel_for_rerun(self, actor: Actor, document: Document, *, unless_claimed: bool = False) -> None:
        """Cancel them and end the workflows that wait for them; `unless_claimed` raises DocumentClaimed instead."""
        ...

    def resolve_split_suggestions(self, document_ids: Sequence[UUID]) -> None:
        """Close the issues that suggest a split of these documents: a person has decided about it."""
        ...


_registered: list[ReviewTasks] = []


def register(tasks: ReviewTasks) -> None:
    """Set the implementation; review does so when Django starts."""
    _registered[:] = [tasks]


def review_tasks() -> ReviewTasks:
    """Return the registered implementation."""
    return _registered[0]
