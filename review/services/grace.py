"""Grace period: a decision can be undone within it, and its messages leave the outbox some seconds after it."""

from datetime import timedelta
from typing import Final

from django.conf import settings

MARGIN_SECONDS: Final = 5  # an undo in the last moment withdraws the messages before the relay takes them


def undo_period() -> timedelta:
    """Return the time in which a decision can be undone."""
    return timedelta(seconds=settings.UNDO_GRACE_SECONDS)


def message_delay() -> int:
    """Return the seconds for which the messages of a decision are held back; none if it cannot be undone."""
    return settings.UNDO_GRACE_SECONDS + MARGIN_SECONDS if settings.UNDO_GRACE_SECONDS else 0
