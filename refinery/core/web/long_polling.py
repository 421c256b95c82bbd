"""Requests that wait for something to happen elsewhere: few at a time, without a database, awake at once.

A wait holds a thread and nothing else: no transaction, no connection, no lock. Who finds no seat is not refused;
the caller is told at once what it would have been told at the end of its patience.
"""

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, TypeVar
from uuid import UUID

from django.db import connection

from refinery.core.web.live_events import hearing

Found = TypeVar("Found")
LOOK_SECONDS: Final = 1.0
"""How long an event may be missed: the layer is quick, but promises nothing."""
ASYNC: Final = "respond-async"
WAIT: Final = re.compile(r"wait\s*=\s*\"?(\d{1,4})\"?")


@dataclass(slots=True)
class Seats:
    """How many requests of this process may wait, in all and of one tenant."""

    most: int
    of_one: int
    _taken: Counter[UUID] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def seat(self, tenant_id: UUID) -> Iterator[bool]:
        """Give whether there is a seat, and hold it for the block."""
        seated = self._sit(tenant_id)
        try:
            yield seated
        finally:
            if seated:
                self._rise(tenant_id)

    def _sit(self, tenant_id: UUID) -> bool:
        with self._lock:
            free = self._taken.total() < self.most and self._taken[tenant_id] < self.of_one
            self._taken[tenant_id] += free
            return free

    def _rise(self, tenant_id: UUID) -> None:
        with self._lock:
            self._taken[tenant_id] -= 1
            if not self._taken[tenant_id]:
                del self._taken[tenant_id]


def wait_for(look: Callable[[], Found | None], group: str, kind: str, until: float) -> Found | None:
    """Look now, and again at each event of the kind, until there is something or `until` (time.monotonic) is over.

    `look` opens a transaction of its own; between two looks the database has its connection back.
    """
    with hearing(group, kind) as heard:
        while True:
            heard.clear()
            found = look()
            if not connection.in_atomic_block:  # a test's transaction around the whole request
                connection.close()
            left = until - time.monotonic()
            if found is not None or left <= 0:
                return found
            heard.wait(min(left, LOOK_SECONDS))


def preferred_wait(preference: str, most: int) -> tuple[int, str]:
    """Read `Prefer` (RFC 7240): seconds to wait, and what to answer as Preference-Applied, empty for nothing.

    `wait=N` bounds the wait, `respond-async` alone asks for none; other preferences mean nothing here.
    """
    wanted = [part.split(";", 1)[0].strip().lower() for part in preference.split(",")]
    waits = [found for part in wanted if (found := WAIT.fullmatch(part))]
    if waits:
        seconds = min(int(waits[0][1]), most)
        return seconds, f"wait={seconds}"
    return (0, ASYNC) if ASYNC in wanted else (most, "")
