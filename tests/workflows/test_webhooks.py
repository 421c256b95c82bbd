"""Webhook delivery: signed, the same id over all attempts, retried, and never to a private address."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pytest_django import Settings
from standardwebhooks import Webhook

from refinery.core.database.scope import tenant_scope
from refinery.core.webhooks.models import WebhookDelivery, WebhookEndpoint
from refinery.core.webhooks.services import WebhookEvent, emit, new_secret
from tests.support.ingest_harness import IngestHarness, make_ingest_harness
from tests.workflows.temporal_harness import TemporalHarness
from workers import policies


class WebhookReceiver(HTTPServer):
    """Receiver that answers with the statuses in order, repeating the last, and records the requests."""

    def __init__(self, *statuses: int) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), _ReceiverHandler)
        self.statuses = list(statuses)
        self.letters: list[tuple[dict[str, str], str]] = []

    @property
    def url(self) -> str:
        """Return the receiver's URL."""
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class _ReceiverHandler(BaseHTTPRequestHandler):
    server: WebhookReceiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.letters.append(({name.lower(): value for name, value in self.headers.items()}, body))
        statuses = self.server.statuses
        self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Log nothing."""


@contextmanager
def running_receiver(*statuses: int) -> Iterator[WebhookReceiver]:
    """Run a receiver for the duration of the block."""
    server = WebhookReceiver(*statuses)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def ingest(harness: TemporalHarness, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> IngestHarness:
    """Return a tenant with short retry pauses whose receivers may be on this machine."""
    settings.WEBHOOK_LOOPBACK = True
    monkeypatch.setattr(policies, "WEBHOOK_RETRY_SECONDS", (0.1, 0.1))
    return make_ingest_harness()


def send_event(ingest: IngestHarness, url: str, secret: str) -> str:
    """Register a receiver, send an event and return the delivery's id."""
    with tenant_scope(ingest.tenant_id):
        WebhookEndpoint.objects.create(tenant_id=ingest.tenant_id, url=url, secret=secret)
        event = WebhookEvent("document.completed", ingest.tenant_id, "once", {"document": "d"})
        assert emit(event) == 1
        assert emit(event) == 1
        return str(WebhookDelivery.objects.get().id)


def delivery(ingest: IngestHarness) -> WebhookDelivery:
    """Return the only delivery."""
    with tenant_scope(ingest.tenant_id):
        return WebhookDelivery.objects.get()


def test_webhook_refused_delivery_is_retried_under_same_id(harness: TemporalHarness, ingest: IngestHarness) -> None:
    """Rejected twice, then accepted; the standard's reference library accepts the signature of each attempt."""
    secret = new_secret()
    with running_receiver(500, 503, 204) as server:
        sent = send_event(ingest, server.url, secret)
        assert harness.result(f"webhook/{sent}") is True
    assert [headers["webhook-id"] for headers, _ in server.letters] == [sent] * 3
    for headers, body in server.letters:
        assert Webhook(secret).verify(body, headers)["data"] == {"document": "d"}
    row = delivery(ingest)
    assert (row.attempts, row.status_code) == (3, 204)
    assert row.delivered_at


def test_webhook_delivery_is_given_up_after_last_retry(harness: TemporalHarness, ingest: IngestHarness) -> None:
    """The delivery is marked as failed after the last pause."""
    with running_receiver(500) as server:
        sent = send_event(ingest, server.url, new_secret())
        assert harness.result(f"webhook/{sent}") is False
    assert len(server.letters) == 3
    assert delivery(ingest).gave_up_at


def test_webhook_receiver_gone_is_disabled(harness: TemporalHarness, ingest: IngestHarness) -> None:
    """Status 410 disables the receiver."""
    with running_receiver(410) as server:
        sent = send_event(ingest, server.url, new_secret())
        assert harness.result(f"webhook/{sent}") is False
    assert len(server.letters) == 1
    with tenant_scope(ingest.tenant_id):
        assert not WebhookEndpoint.objects.get().is_active


def test_webhook_private_address_is_never_called(
    harness: TemporalHarness, ingest: IngestHarness, settings: Settings
) -> None:
    """Without the test setting, loopback is refused permanently and nothing is sent."""
    settings.WEBHOOK_LOOPBACK = False
    with running_receiver(200) as server:
        sent = send_event(ingest, server.url.replace("http:", "https:"), new_secret())
        assert harness.result(f"webhook/{sent}") is False
    assert server.letters == []
    assert "public" in delivery(ingest).error


def test_webhook_redirect_is_not_followed(harness: TemporalHarness, ingest: IngestHarness) -> None:
    """A redirect by the receiver is not followed."""
    with running_receiver(302) as server:
        sent = send_event(ingest, server.url, new_secret())
        assert harness.result(f"webhook/{sent}") is False
    assert delivery(ingest).status_code == 302
    assert json.loads(server.letters[0][1])["type"] == "document.completed"
