"""Live events: sent after the commit to the right groups; a failing layer does not affect the caller."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from refinery.core.database.ids import new_id
from refinery.core.web import live_events
from refinery.core.web.live_events import LiveEvent, announce, document_group


class RecordingChannelLayer(InMemoryChannelLayer):  # type: ignore[misc]  # channels has no types
    """Records the sent messages, or raises an error."""

    def __init__(self, *, broken: bool = False) -> None:
        """Start without messages."""
        super().__init__()
        self.broken = broken
        self.messages: list[tuple[str, dict[str, Any]]] = []
        self.called = threading.Event()

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """Record the message, or raise an error."""
        self.messages.append((group, message))
        self.called.set()
        if self.broken:
            raise ConnectionError


@pytest.fixture
def layer(monkeypatch: pytest.MonkeyPatch) -> RecordingChannelLayer:
    """Install the recording layer."""
    made = RecordingChannelLayer()
    monkeypatch.setattr(live_events, "get_channel_layer", lambda: made)
    return made


@pytest.mark.django_db
def test_live_event_is_sent_after_commit(
    layer: RecordingChannelLayer, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """Not before; it contains type, id, status, stage, progress and time."""
    document = new_id()
    with django_capture_on_commit_callbacks(execute=True):
        announce(LiveEvent("document.status", str(document), "READING", "reading", 0.5), document_group(document))
        assert not layer.messages
    assert layer.called.wait(30)
    ((group, message),) = layer.messages
    assert (group, message["type"]) == (f"document.{document}", "live.event")
    assert set(message["event"]) == {"type", "id", "status", "stage", "progress", "at"}


@pytest.mark.django_db
def test_live_event_failure_does_not_affect_caller(
    layer: RecordingChannelLayer, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """The caller neither waits nor gets an error."""
    layer.broken = True
    for _ in range(3):
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            announce(LiveEvent("document.status", "d"), "document.d")
    assert layer.called.wait(30)


def test_threads_that_start_at_once_share_one_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a loop each, the layer's locks belong to one of them and refuse the events of the others."""
    live_events._own_loop.cache_clear()  # the loop of earlier tests
    make = asyncio.new_event_loop

    def make_slowly() -> asyncio.AbstractEventLoop:
        time.sleep(0.1)
        return make()

    monkeypatch.setattr(asyncio, "new_event_loop", make_slowly)
    barrier = threading.Barrier(4)

    def ask() -> asyncio.AbstractEventLoop:
        barrier.wait()
        return live_events._loop()

    with ThreadPoolExecutor(4) as pool:
        loops = {future.result() for future in [pool.submit(ask) for _ in range(4)]}
    assert len(loops) == 1
