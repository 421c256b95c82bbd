"""Events to receivers: signed, under one id over all tries, tried again, and never to a private address."""

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
from refinery.core.webhooks.services import Event, emit, new_secret
from tests.workflows.papers import Office, open_office
from tests.workflows.plant import Plant
from workers import policies


class Receiver(HTTPServer):
    """Answers with the statuses it is given, one after another, the last for ever; keeps what came."""

    def __init__(self, *statuses: int) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), _Answering)
        self.statuses = list(statuses)
        self.letters: list[tuple[dict[str, str], str]] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class _Answering(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.letters.append(({name.lower(): value for name, value in self.headers.items()}, body))
        statuses = self.server.statuses
        self.send_response(statuses.pop(0) if len(statuses) > 1 else statuses[0])
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Say nothing."""


@contextmanager
def receiver(*statuses: int) -> Iterator[Receiver]:
    """Run a receiver for a while."""
    server = Receiver(*statuses)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def office(plant: Plant, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A tenant whose receivers may be on this machine and are tried again soon."""
    settings.WEBHOOK_LOOPBACK = True
    monkeypatch.setattr(policies, "WEBHOOK_PAUSES", (0.1, 0.1))
    return open_office()


def send(office: Office, url: str, secret: str) -> str:
    """Name a receiver and tell it of something; gives the delivery's id."""
    with tenant_scope(office.tenant_id):
        WebhookEndpoint.objects.create(tenant_id=office.tenant_id, url=url, secret=secret)
        event = Event("document.completed", office.tenant_id, "once", {"document": "d"})
        assert emit(event) == 1
        assert emit(event) == 1
        return str(WebhookDelivery.objects.get().id)


def delivery(office: Office) -> WebhookDelivery:
    """Give the only delivery."""
    with tenant_scope(office.tenant_id):
        return WebhookDelivery.objects.get()


def test_a_refused_event_is_sent_again_under_its_id(plant: Plant, office: Office) -> None:
    """Two refusals, then taken; each try carries a signature that the standard's own library accepts."""
    secret = new_secret()
    with receiver(500, 503, 204) as server:
        sent = send(office, server.url, secret)
        assert plant.result(f"webhook/{sent}") is True
    assert [headers["webhook-id"] for headers, _ in server.letters] == [sent] * 3
    for headers, body in server.letters:
        assert Webhook(secret).verify(body, headers)["data"] == {"document": "d"}
    row = delivery(office)
    assert (row.attempts, row.status_code) == (3, 204)
    assert row.delivered_at


def test_a_receiver_that_never_takes_it_is_given_up(plant: Plant, office: Office) -> None:
    """After the last pause the delivery says so."""
    with receiver(500) as server:
        sent = send(office, server.url, new_secret())
        assert plant.result(f"webhook/{sent}") is False
    assert len(server.letters) == 3
    assert delivery(office).gave_up_at


def test_a_receiver_that_is_gone_is_asked_no_more(plant: Plant, office: Office) -> None:
    """410 turns the receiver off."""
    with receiver(410) as server:
        sent = send(office, server.url, new_secret())
        assert plant.result(f"webhook/{sent}") is False
    assert len(server.letters) == 1
    with tenant_scope(office.tenant_id):
        assert not WebhookEndpoint.objects.get().is_active


def test_a_private_address_is_never_called(plant: Plant, office: Office, settings: Settings) -> None:
    """Without the setting for tests, loopback is refused for good, and nothing is sent."""
    settings.WEBHOOK_LOOPBACK = False
    with receiver(200) as server:
        sent = send(office, server.url.replace("http:", "https:"), new_secret())
        assert plant.result(f"webhook/{sent}") is False
    assert server.letters == []
    assert "public" in delivery(office).error


def test_redirects_are_not_followed(plant: Plant, office: Office) -> None:
    """A receiver cannot send us on to somewhere else."""
    with receiver(302) as server:
        sent = send(office, server.url, new_secret())
        assert plant.result(f"webhook/{sent}") is False
    assert delivery(office).status_code == 302
    assert json.loads(server.letters[0][1])["type"] == "document.completed"
