"""Limit of processor time for a step that runs in a thread of a worker.

A thread cannot be killed. When its time is used up, another thread raises an exception in it, between two steps of
the interpreter. Code of libraries is not interrupted, so patterns over foreign text have to be linear
(tests/architecture/test_patterns.py).
"""

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from ingestion.domain.errors import CpuTimeExceeded

CHECK_SECONDS: Final = 0.5
STEP_CPU_SECONDS: Final = 150.0
"""For a document of the largest size; an ordinary one needs a second."""


class _TimeUsedUp(BaseException):
    """Raised in the thread; no handler of ordinary exceptions catches it."""


@dataclass(slots=True)
class _Watch:
    """Watch over the processor time of the thread that makes it."""

    seconds: float
    thread: int = field(default_factory=threading.get_ident)
    clock: int = field(init=False)
    limit: float = field(init=False)
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Start to count."""
        self.clock = time.pthread_getcpuclockid(self.thread)
        self.limit = time.clock_gettime(self.clock) + self.seconds

    def run(self) -> None:
        """Interrupt the thread once its time is used up."""
        while not self.over.wait(min(CHECK_SECONDS, self.seconds)):
            with self.lock:
                if not self.over.is_set() and time.clock_gettime(self.clock) > self.limit:
                    _raise_in(self.thread, _TimeUsedUp)
                    return

    def end(self) -> None:
        """Stop watching, and absorb an exception that this thread has not seen yet.

        It is not withdrawn by `PyThreadState_SetAsyncExc(thread, NULL)`: in CPython 3.11 that leaves the evaluation
        loop in its slow path, and a traced thread no longer advances.
        """
        try:
            with self.lock:
                self.over.set()  # a call: what was raised before the lock was free arrives here at the latest
        except _TimeUsedUp:
            pass


def _raise_in(thread: int, kind: type[BaseException]) -> None:
    """Raise an exception in a thread at its next step."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(kind))


@contextmanager
def cpu_limit(seconds: float | None = None) -> Iterator[None]:
    """Limit the processor time of this thread within the block, to a step's by default; raises CpuTimeExceeded."""
    watch = _Watch(STEP_CPU_SECONDS if seconds is None else seconds)
    threading.Thread(target=watch.run, name="cpu-limit", daemon=True).start()
    try:
        try:
            yield
        except _TimeUsedUp:
            raise
        except BaseException:
            watch.end()
            raise
        watch.end()
    except _TimeUsedUp as reason:
        message = "It needs more processor time than a document may use."
        raise CpuTimeExceeded(message) from reason
