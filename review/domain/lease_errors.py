"""Errors of leases. A lease reserves writes for its holder as long as heartbeats arrive."""

MAX_LIVE_LEASES = 2  # one being worked on, one claimed ahead


class LeaseLost(Exception):
    """The token is no longer valid: the lease expired and another user claimed the task, or the task was released."""


class TaskAlreadyClaimed(Exception):
    """Another user holds a live lease on the task."""


class TooManyLeases(Exception):
    """The user already holds the maximum number of live leases."""
