"""The life of a document: one table of allowed moves, and the function that guards them."""

from enum import StrEnum


class DocumentStatus(StrEnum):
    """Where a document stands."""

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
    SPLIT = "SPLIT"  # its pages are documents of their own
    SUPERSEDED = "SUPERSEDED"  # other parts of its file hold its pages now


S = DocumentStatus

MOVES: dict[DocumentStatus, frozenset[DocumentStatus]] = {
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
MENDABLE = frozenset({S.IN_REVIEW, S.SPLIT}) | DECIDED  # a person may part their pages otherwise


class InvalidMove(ValueError):
    """A document was asked to go where its status does not lead."""


def move(current: DocumentStatus, target: DocumentStatus) -> DocumentStatus:
    """Give `target` when the table allows it; raises InvalidMove otherwise."""
    if target not in MOVES[current]:
        message = f"a document cannot go from {current} to {target}"
        raise InvalidMove(message)
    return target
