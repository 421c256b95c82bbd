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


S = DocumentStatus

MOVES: dict[DocumentStatus, frozenset[DocumentStatus]] = {
    S.RECEIVED: frozenset({S.READING, S.FAILED, S.QUARANTINED}),
    S.READING: frozenset({S.ASSESSING, S.NEEDS_PASSWORD, S.FAILED, S.QUARANTINED, S.UNPACKED}),
    S.NEEDS_PASSWORD: frozenset({S.READING, S.REJECTED}),
    S.ASSESSING: frozenset({S.APPROVED, S.IN_REVIEW, S.REJECTED}),
    S.IN_REVIEW: frozenset({S.APPROVED, S.REJECTED, S.READING}),
    S.APPROVED: frozenset({S.IN_REVIEW, S.READING}),
    S.REJECTED: frozenset({S.IN_REVIEW, S.READING}),
    S.FAILED: frozenset({S.READING, S.RECEIVED}),
    S.QUARANTINED: frozenset({S.READING}),
    S.UNPACKED: frozenset({S.READING}),
}

FINAL = frozenset({S.APPROVED, S.REJECTED, S.FAILED, S.QUARANTINED, S.UNPACKED})
DECIDED = frozenset({S.APPROVED, S.REJECTED})


class InvalidMove(ValueError):
    """A document was asked to go where its status does not lead."""


def move(current: DocumentStatus, target: DocumentStatus) -> DocumentStatus:
    """Give `target` when the table allows it; raises InvalidMove otherwise."""
    if target not in MOVES[current]:
        message = f"a document cannot go from {current} to {target}"
        raise InvalidMove(message)
    return target
