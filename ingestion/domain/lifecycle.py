"""Lifecycle of documents: one table of allowed transitions, and the function that enforces it; states of batches."""

from enum import StrEnum


class DocumentStatus(StrEnum):
    """Status of a document."""

    RECEIVED = "RECEIVED"
    READING = "READING"
    NEEDS_PASSWORD = "NEEDS_PASSWORD"  # noqa: S105 - a status, no secret
    ASSESSING = "ASSESSING"
    IN_REVIEW = "IN_REVIEW"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    FAILED = "FAILED"
    QUARANTINED = "QUARANTINED"
    UNPACKED = "UNPACKED"
    SPLIT = "SPLIT"  # its pages belong to child documents
    SUPERSEDED = "SUPERSEDED"  # other parts of its file have its pages now


S = DocumentStatus

DOCUMENT_TRANSITIONS: dict[DocumentStatus, frozenset[DocumentStatus]] = {
    S.RECEIVED: frozenset({S.READING, S.FAILED, S.QUARANTINED}),
    S.READING: frozenset({S.ASSESSING, S.NEEDS_PASSWORD, S.FAILED, S.QUARANTINED, S.UNPACKED}),
    S.NEEDS_PASSWORD: frozenset({S.READING, S.REJECTED}),
    S.ASSESSING: frozenset({S.APPROVED, S.IN_REVIEW, S.REJECTED, S.SPLIT, S.SUPERSEDED}),
    S.IN_REVIEW: frozenset({S.APPROVED, S.REJECTED, S.READING, S.ASSESSING, S.SPLIT, S.SUPERSEDED}),
    S.APPROVED: frozenset({S.IN_REVIEW, S.READING, S.SPLIT, S.SUPERSEDED}),
    S.REJECTED: frozenset({S.IN_REVIEW, S.NEEDS_PASSWORD, S.READING, S.SPLIT, S.SUPERSEDED}),
    S.FAILED: frozenset({S.READING, S.RECEIVED}),
    S.QUARANTINED: frozenset({S.READING}),
    S.UNPACKED: frozenset({S.READING}),
    S.SPLIT: frozenset({S.READING}),
    S.SUPERSEDED: frozenset(),
}

FINAL = frozenset({S.APPROVED, S.REJECTED, S.FAILED, S.QUARANTINED, S.UNPACKED, S.SPLIT, S.SUPERSEDED})
DECIDED = frozenset({S.APPROVED, S.REJECTED})
REPROCESSABLE_STATUSES = frozenset({S.IN_REVIEW}) | DECIDED  # it was read and assessed: another reading can be compared
SPLIT_EDITABLE = frozenset({S.IN_REVIEW, S.SPLIT}) | DECIDED  # a person may split their pages differently


class BatchStatus(StrEnum):
    """Status of a batch."""

    OPEN = "OPEN"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    CANCELLED = "CANCELLED"
    DONE = "DONE"


HELD = frozenset({BatchStatus.PAUSED, BatchStatus.CANCELLED})  # a new document's run in such a batch is held


class InvalidDocumentTransition(ValueError):
    """The requested transition is not allowed from the document's status."""


def transition_document(current: DocumentStatus, target: DocumentStatus) -> DocumentStatus:
    """Return `target` if the table allows it; raises InvalidDocumentTransition otherwise."""
    if target not in DOCUMENT_TRANSITIONS[current]:
        message = f"a document cannot go from {current} to {target}"
        raise InvalidDocumentTransition(message)
    return target
