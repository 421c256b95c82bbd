"""A pulse for long activities: the engine hears of a worker's death within seconds, not at the time limit."""

import contextvars
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from temporalio import activity
from temporalio.exceptions import ApplicationError

from workers.messages import POISON
from workers.policies import BEAT_SECONDS

MOST_DEATHS: Final = 8


class Pulse:
    """What each beat tells: how far the work has come, and how many attempts have died at that point."""

    def __init__(self, before: Sequence[Any]) -> None:
        """Take what the last attempt's last beat told."""
        self._before = before
        self._done = 0
        self._deaths = 0

    def starts_at(self, done: int) -> None:
        """Begin; raises ApplicationError (poison) when too many attempts have died without getting any further."""
        stuck = len(self._before) > 1 and self._before[0] == done
        self._done, self._deaths = done, int(self._before[1]) + 1 if stuck else 0
        self.beat()
        if self._deaths >= MOST_DEATHS:
            message = f"{self._deaths} attempts ended after page {done} without a word"
            raise ApplicationError(message, type=POISON, non_retryable=True)

    def reached(self, done: int) -> None:
        """Tell how far the work has come."""
        self._done, self._deaths = done, 0
        self.beat()

    def beat(self) -> None:
        """Tell once more."""
        activity.heartbeat(self._done, self._deaths)


def leave_if_asked() -> None:
    """Stop between two steps when the worker shall go; raises ApplicationError, and another one goes on."""
    if activity.is_worker_shutdown():
        message = "the worker is leaving: another one goes on"
        raise ApplicationError(message, type="leaving")


@contextmanager
def beating(every_seconds: float = BEAT_SECONDS) -> Iterator[Pulse]:
    """Beat beside the block, for as long as it runs and its process lives."""
    pulse, over = Pulse(activity.info().heartbeat_details), threading.Event()

    def beat() -> None:
        while not over.wait(every_seconds):
            pulse.beat()

    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(beat,), name="pulse", daemon=True)
    thread.start()
    try:
        yield pulse
    finally:
        over.set()
        thread.join()
