"""The life of a review task: one table of allowed moves."""

from enum import StrEnum


class TaskState(StrEnum):
    """Where a task stands; CLAIMED means that a lease on it is alive."""

    OPEN = "OPEN"
    CLAIMED = "CLAIMED"
    POSTPONED = "POSTPONED"
    SUBMITTED = "SUBMITTED"
    CANCELLED = "CANCELLED"


UNFINISHED = (TaskState.OPEN, TaskState.CLAIMED, TaskState.POSTPONED)


class TaskKind(StrEnum):
    """Why a human is asked."""

    REVIEW = "review"
    SECOND = "second"
    AUDIT = "audit"
    GOLD = "gold"
    PASSWORD = "password"  # noqa: S105 - a kind of task, no secret
    CONFLICT = "conflict"


class Verdict(StrEnum):
    """What a reviewer decides."""

    APPROVE = "approve"
    REJECT = "reject"
    NEEDS_SECOND_REVIEW = "needs_second_review"


T = TaskState

MOVES: dict[TaskState, frozenset[TaskState]] = {
    T.OPEN: frozenset({T.CLAIMED, T.CANCELLED}),
    T.CLAIMED: frozenset({T.OPEN, T.CLAIMED, T.POSTPONED, T.SUBMITTED, T.CANCELLED}),
    T.POSTPONED: frozenset({T.OPEN, T.CLAIMED, T.CANCELLED}),
    T.SUBMITTED: frozenset({T.CLAIMED, T.OPEN}),  # undo by the reviewer; reopened by a manager
    T.CANCELLED: frozenset(),
}


class InvalidMove(ValueError):
    """A task was asked to go where its state does not lead."""


def transition(current: TaskState, target: TaskState) -> TaskState:
    """Give `target` when the table allows it; raises InvalidMove otherwise."""
    if target not in MOVES[current]:
        message = f"a task cannot go from {current} to {target}"
        raise InvalidMove(message)
    return target
