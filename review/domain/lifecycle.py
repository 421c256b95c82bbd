"""Lifecycle of a review task: one table of allowed transitions."""

from enum import StrEnum


class TaskState(StrEnum):
    """State of a task; CLAIMED means that it has a lease."""

    OPEN = "OPEN"
    CLAIMED = "CLAIMED"
    POSTPONED = "POSTPONED"
    SUBMITTED = "SUBMITTED"
    CANCELLED = "CANCELLED"


UNFINISHED = (TaskState.OPEN, TaskState.CLAIMED, TaskState.POSTPONED)


class TaskKind(StrEnum):
    """Reason for the review."""

    REVIEW = "review"
    SECOND = "second"
    AUDIT = "audit"
    GOLD = "gold"
    PASSWORD = "password"  # noqa: S105 - a kind of task, no secret
    CONFLICT = "conflict"


class ReviewVerdict(StrEnum):
    """Decision of a reviewer."""

    APPROVE = "approve"
    REJECT = "reject"
    NEEDS_SECOND_REVIEW = "needs_second_review"


T = TaskState

TASK_TRANSITIONS: dict[TaskState, frozenset[TaskState]] = {
    T.OPEN: frozenset({T.CLAIMED, T.CANCELLED}),
    T.CLAIMED: frozenset({T.OPEN, T.CLAIMED, T.POSTPONED, T.SUBMITTED, T.CANCELLED}),
    T.POSTPONED: frozenset({T.OPEN, T.CLAIMED, T.CANCELLED}),
    T.SUBMITTED: frozenset({T.CLAIMED, T.OPEN}),  # undone by the reviewer; reopened by a manager
    T.CANCELLED: frozenset(),
}


class InvalidTaskTransition(ValueError):
    """The table does not allow this transition of a task."""


def transition(current: TaskState, target: TaskState) -> TaskState:
    """Return `target` if the table allows the transition; raises InvalidTaskTransition otherwise."""
    if target not in TASK_TRANSITIONS[current]:
        message = f"a task cannot go from {current} to {target}"
        raise InvalidTaskTransition(message)
    return target
