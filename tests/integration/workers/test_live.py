"""Live events: after the commit, to the right groups, and a layer that fails costs the work nothing."""

import threading
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from refinery.core.database.ids import new_id
from refinery.core.web import live_events
from refinery.core.web.live_events import LiveEvent, announce, document_group


class Listening(InMemoryChannelLayer):  # type: ignore[misc]  # channels has no types
    """Keeps what is sent, or fails at it."""

    def __init__(self, *, broken: bool = False) -> None:
        """Begin with nothing heard."""
        super().__init__()
        self.broken = broken
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.called = threading.Event()

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """Keep the message, or break."""
        self.heard.append((group, message))
        self.called.set()
        if self.broken:
            raise ConnectionError


@pytest.fixture
def layer(monkeypatch: pytest.MonkeyPatch) -> Listening:
    """The layer in use."""
    made = Listening()
    monkeypatch.setattr(live_events, "get_channel_layer", lambda: made)
    return made


@pytest.mark.django_db
def test_an_event_leaves_with_its_commit(
    layer: Listening, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """Not before; it carries type, id, status, stage, progress and time."""
    document = new_id()
    with django_capture_on_commit_callbacks(execute=True):
        announce(LiveEvent("document.status", str(document), "READING", "reading", 0.5), document_group(document))
        assert not layer.heard
    assert layer.called.wait(30)
    ((group, message),) = layer.heard
    assert (group, message["type"]) == (f"document.{document}", "live.event")
    assert set(message["event"]) == {"type", "id", "status", "stage", "progress", "at"}


@pytest.mark.django_db
def test_a_broken_layer_costs_nothing(
    layer: Listening, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """The caller neither waits nor hears of it."""
    layer.broken = True
    for _ in range(3):
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            announce(LiveEvent("document.status", "d"), "document.d")
    assert layer.called.wait(30)
