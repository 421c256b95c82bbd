"""What a lease promises: nobody else writes, for as long as its holder shows a sign of life."""

MAX_LIVE_LEASES = 2  # one in work, one claimed ahead


class LeaseLost(Exception):
    """The token is no longer the task's: it lapsed and someone else has it, or it was given back."""


class TaskTaken(Exception):
    """Someone else holds a live lease on the task."""


class TooManyLeases(Exception):
    """The person holds as many live leases as one may."""
