"""Live events for open pages: sent after the commit, without waiting, and without affecting the work itself.

The groups are `document.<id>`, `batch.<id>` and `queue.<tenant id>`; a consumer's handler is `live_event`.
A missed event is harmless: pages poll every minute, and more often while their socket is closed.
"""

import asyncio
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

import structlog
from asgiref.sync import SyncToAsync
from channels.layers import get_channel_layer
from django.db import transaction
from django.utils import timezone

log = structlog.get_logger(__name__)

HANDLER: Final = "live.event"
MAX_IN_FLIGHT: Final = 500
_in_flight = threading.Semaphore(MAX_IN_FLIGHT)
_starting = threading.Lock()


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """Change: `type` is for example document.progress, `id` the document, batch or task; ids and numbers only."""

    type: str
    id: str
    status: str = ""
    stage: str = ""
    progress: float | None = None
    at: str = ""


def document_group(document_id: UUID) -> str:
    """Return the group of all viewers of a document."""
    return f"document.{document_id}"


def batch_group(batch_id: UUID) -> str:
    """Return the group of all viewers of a batch."""
    return f"batch.{batch_id}"


def queue_group(tenant_id: UUID) -> str:
    """Return the group of a tenant's review queues."""
    return f"queue.{tenant_id}"


def announce(event: LiveEvent, *groups: str) -> None:
    """Send `event` to the groups once the current transaction commits; immediately outside of one."""
    message = asdict(event) | {"at": event.at or timezone.now().isoformat()}
    transaction.on_commit(lambda: _send(groups, message), robust=True)


def _send(groups: Iterable[str], event: Mapping[str, Any]) -> None:
    if not _in_flight.acquire(blocking=False):
        return  # the layer is blocked: pages poll instead
    future = asyncio.run_coroutine_threadsafe(_send_all(tuple(groups), dict(event)), _loop())
    future.add_done_callback(_release_slot)


async def _send_all(groups: tuple[str, ...], event: dict[str, Any]) -> None:
    layer, message = get_channel_layer(), {"type": HANDLER, "event": event}
    if hasattr(layer, "send_to_groups"):
        await layer.send_to_groups(groups, message)
    elif layer is not None:  # Redis, or the memory of a test
        for group in groups:
            await layer.group_send(group, message)


def _release_slot(future: "Future[None]") -> None:
    _in_flight.release()
    reason = future.exception() if not future.cancelled() else None
    if reason is not None:
        log.warning("live_event_lost", reason=type(reason).__name__)


@contextmanager
def listen_for(group: str, kind: str) -> Iterator[threading.Event]:
    """Yield an event that is set by each message of this type to the group; a lost layer sets nothing."""
    heard = threading.Event()
    ears = asyncio.run_coroutine_threadsafe(_listen(group, kind, heard), _loop())
    try:
        yield heard
    finally:
        ears.cancel()


async def _listen(group: str, kind: str, received: threading.Event) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    channel = await layer.new_channel()
    await layer.group_add(group, channel)
    try:
        while True:
            message = await layer.receive(channel)
            if message["event"]["type"] == kind:
                received.set()
    finally:
        await layer.group_discard(group, channel)


def _loop() -> asyncio.AbstractEventLoop:
    """Return the event loop of the channel layer: the web server's, else one started by this module."""
    threadlocal = SyncToAsync.threadlocal
    if getattr(threadlocal, "main_event_loop_pid", None) == os.getpid():
        loop: asyncio.AbstractEventLoop | None = getattr(threadlocal, "main_event_loop", None)
        if loop is not None and loop.is_running():
            return loop
    with _starting:  # a cache alone would start one loop per thread that asks at the same time
        return _own_loop(os.getpid())


@cache
def _own_loop(_pid: int) -> asyncio.AbstractEventLoop:
    """Run a loop in a daemon thread: the layer's connections outlive the worker's short-lived threads."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="live", daemon=True).start()
    return loop
