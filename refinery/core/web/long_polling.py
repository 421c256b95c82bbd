"""Long polling: a limited number of requests wait for an event without a database connection.

A wait occupies only a thread: no transaction, no connection, no lock. A request without a free slot is not
rejected; it immediately gets the response that it would get after the timeout.
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

from refinery.core.database.scope import release_connection
from refinery.core.web.live_events import listen_for

FoundT = TypeVar("FoundT")
RECHECK_INTERVAL_SECONDS: Final = 1.0
"""Longest delay after a missed event: the channel layer is fast, but does not guarantee delivery."""
ASYNC_PREFERENCE: Final = "respond-async"
WAIT_PREFERENCE: Final = re.compile(r"wait\s*=\s*\"?(\d{1,4})\"?")


@dataclass(slots=True)
class WaitSlots:
    """Limit of waiting requests in this process, in total and per tenant."""

    total: int
    per_tenant: int
    _in_use: Counter[UUID] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def slot(self, tenant_id: UUID) -> Iterator[bool]:
        """Yield whether a slot is free, and hold it for the block."""
        acquired = self._acquire(tenant_id)
        try:
            yield acquired
        finally:
            if acquired:
                self._release(tenant_id)

    def _acquire(self, tenant_id: UUID) -> bool:
        with self._lock:
            free = self._in_use.total() < self.total and self._in_use[tenant_id] < self.per_tenant
            self._in_use[tenant_id] += free
            return free

    def _release(self, tenant_id: UUID) -> None:
        with self._lock:
            self._in_use[tenant_id] -= 1
            if not self._in_use[tenant_id]:
                del self._in_use[tenant_id]


def wait_for(find: Callable[[], FoundT | None], group: str, kind: str, until: float) -> FoundT | None:
    """Call `find` now and after each event, until it returns a result or `until` (time.monotonic) has passed.

    `find` opens a separate transaction; between two calls the database connection is closed.
    """
    with listen_for(group, kind) as event_received:
        while True:
            event_received.clear()
            found = find()
            release_connection()
            left = until - time.monotonic()
            if found is not None or left <= 0:
                return found
            event_received.wait(min(left, RECHECK_INTERVAL_SECONDS))


def preferred_wait(preference: str, most: int) -> tuple[int, str]:
    """Parse `Prefer` (RFC 7240): seconds to wait, and the value of Preference-Applied, empty for none.

    `wait=N` limits the wait, `respond-async` without it means no wait; other preferences are ignored.
    """
    wanted = [part.split(";", 1)[0].strip().lower() for part in preference.split(",")]
    waits = [found for part in wanted if (found := WAIT_PREFERENCE.fullmatch(part))]
    if waits:
        seconds = min(int(waits[0][1]), most)
        return seconds, f"wait={seconds}"
    return (0, ASYNC_PREFERENCE) if ASYNC_PREFERENCE in wanted else (most, "")
