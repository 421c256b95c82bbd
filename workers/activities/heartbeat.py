"""Heartbeats of long activities: Temporal detects a dead worker within seconds, not at the time limit."""

import contextvars
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from temporalio import activity
from temporalio.exceptions import ApplicationError

from workers.messages import POISON
from workers.policies import HEARTBEAT_SECONDS

MAX_STALLED_ATTEMPTS: Final = 8
_running: contextvars.ContextVar["Heartbeat"] = contextvars.ContextVar("heartbeat")


class Heartbeat:
    """Heartbeat details: the progress so far, and how many attempts have died at that point."""

    def __init__(self, previous_details: Sequence[Any]) -> None:
        """Store the details of the previous attempt's last heartbeat."""
        self._previous = previous_details
        self._done = 0
        self._stalled_attempts = 0

    def start(self, done: int) -> None:
        """Send the first heartbeat.

        Raises ApplicationError (poison) when too many attempts have died without progress.
        """
        stuck = len(self._previous) > 1 and self._previous[0] == done
        self._done, self._stalled_attempts = done, int(self._previous[1]) + 1 if stuck else 0
        self.send()
        if self._stalled_attempts >= MAX_STALLED_ATTEMPTS:
            message = f"{self._stalled_attempts} attempts ended after page {done} without progress"
            raise ApplicationError(message, type=POISON, non_retryable=True)

    def advance(self, done: int) -> None:
        """Report progress up to page or file number `done`."""
        self._done, self._stalled_attempts = done, 0
        self.send()

    def send(self) -> None:
        """Send the current details again."""
        activity.heartbeat(self._done, self._stalled_attempts)


def stop_if_shutting_down() -> None:
    """Stop between two steps if the worker is shutting down.

    Raises ApplicationError, so that another worker continues.
    """
    if activity.is_worker_shutdown():
        message = "the worker is shutting down: another one continues"
        raise ApplicationError(message, type="worker_shutdown")


@contextmanager
def heartbeats(every_seconds: float = HEARTBEAT_SECONDS) -> Iterator[Heartbeat]:
    """Send heartbeats from a thread for the duration of the block; an inner block continues the outer heartbeat."""
    running = _running.get(None)
    if running is not None:
        yield running
        return
    heartbeat, stopped = Heartbeat(activity.info().heartbeat_details), threading.Event()

    def send_until_stopped() -> None:
        while not stopped.wait(every_seconds):
            heartbeat.send()

    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(send_until_stopped,), name="heartbeat", daemon=True)
    thread.start()
    token = _running.set(heartbeat)
    try:
        yield heartbeat
    finally:
        _running.reset(token)
        stopped.set()
        thread.join()
