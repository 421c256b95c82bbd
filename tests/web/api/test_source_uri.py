"""Fetching a file from an address: what comes is treated as an upload, what may not be called is never called."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from ingestion.models import Document
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import Tenant
from refinery.core.tenancy.roles import Role
from refinery.core.web import outbound_fetch
from refinery.core.web.outbound_http import Target, vet
from tests.factories.people import House, make_house

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF"


class Papers(BaseHTTPRequestHandler):
    """A sender of files."""

    def do_GET(self) -> None:
        """Give what the path names."""
        match self.path:
            case "/papers/invoice%207.pdf" | "/papers/named":
                name = {"Content-Disposition": 'attachment; filename="named.pdf"'} if "named" in self.path else {}
                self._send(200, PDF, name)
            case "/moved":
                self._send(302, b"", {"Location": "/papers/named"})
            case "/round":
                self._send(302, b"", {"Location": "/round"})
            case "/inside":
                self._send(302, b"", {"Location": "http://10.0.0.1/secret"})
            case "/large":
                self._send(200, PDF + b"x" * 100_000, {})
            case _:
                self._send(404, b"", {})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Length": str(len(body)),
            "Content-Type": "application/pdf",
            **headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def sender() -> Iterator[str]:
    """Serve papers on this machine and give the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Papers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def loopback(settings: Any) -> None:  # noqa: ANN401 - pytest-django's
    """Let this machine be called."""
    settings.WEBHOOK_LOOPBACK = True


def ask(client: Client, uri: str, **values: str) -> Any:  # noqa: ANN401 - a test response
    """Ingest by address."""
    return client.post("/v1/documents/ingest", {"source_uri": uri, **values})


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize(
    ("path", "filename"),
    [("/papers/invoice%207.pdf", "invoice 7.pdf"), ("/papers/named", "named.pdf"), ("/moved", "named.pdf")],
)
def test_a_file_is_fetched_and_taken_in(house: House, sender: str, path: str, filename: str) -> None:
    """Stored under the sender's name, as an upload is."""
    answer = ask(house.api(Role.OPERATOR), sender + path, schema="invoice")
    assert answer.status_code == 202, answer.content
    with tenant_scope(house.tenant_id):
        document = Document.objects.get(pk=answer.json()["id"])
    assert (document.filename, document.schema_key) == (filename, "invoice")
    assert default_storage.open(document.blob_key).read() == PDF


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize(
    ("path", "reason"), [("/round", "more than 3 times"), ("/inside", "public address"), ("/none", "answered 404")]
)
def test_what_gives_no_file_is_told_and_keeps_nothing(house: House, sender: str, path: str, reason: str) -> None:
    """422 with the reason at the member."""
    answer = ask(house.api(Role.OPERATOR), sender + path)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:refinery:problem:not-fetched")
    assert reason in answer.json()["errors"]["source_uri"][0]
    with tenant_scope(house.tenant_id):
        assert not Document.objects.exists()


@pytest.mark.usefixtures("loopback")
def test_the_tenants_limit_ends_the_fetch(house: House, sender: str) -> None:
    """Counted as it arrives."""
    with tenant_scope(house.tenant_id):
        Tenant.objects.update(max_file_bytes=50_000)
    assert "larger than" in ask(house.api(Role.OPERATOR), sender + "/large").json()["errors"]["source_uri"][0]


def test_private_addresses_and_plain_http_are_never_called(
    house: House, sender: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither this machine, nor the cloud's metadata, nor http."""
    called: list[object] = []
    monkeypatch.setattr(outbound_fetch, "_request", lambda *given: called.append(given))
    for uri in (sender + "/papers/named", "https://169.254.169.254/latest/", "http://example.org/x.pdf"):
        assert ask(house.api(Role.OPERATOR), uri).status_code == 422
    assert not called


@pytest.mark.usefixtures("loopback")
def test_a_key_repeats_the_answer_without_a_second_fetch(
    house: House, sender: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kept answer comes first."""
    client, headers = house.api(Role.OPERATOR), {"Idempotency-Key": "f-1"}
    values = {"source_uri": sender + "/papers/named"}
    first = client.post("/v1/documents/ingest", values, headers=headers)
    monkeypatch.setattr(outbound_fetch, "_follow", lambda *_: pytest.fail("fetched again"))
    again = client.post("/v1/documents/ingest", values, headers=headers)
    assert (again.status_code, again.json()) == (202, first.json())


def test_the_operator_may_turn_it_off(house: House, settings: Any) -> None:  # noqa: ANN401 - pytest-django's
    """Said as such."""
    settings.SOURCE_URI_ENABLED = False
    answer = ask(house.api(Role.OPERATOR), "https://example.org/x.pdf")
    assert answer.json()["type"] == "urn:refinery:problem:source-uri-not-enabled"


def test_a_file_and_an_address_at_once_are_refused(house: House) -> None:
    """One or the other."""
    assert ask(house.api(Role.OPERATOR), "").status_code == 422


@pytest.mark.usefixtures("committed_db")
def test_no_transaction_is_held_while_a_file_moves(
    sender: str,
    settings: Any,  # noqa: ANN401 - pytest-django's
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither by the count of requests nor by the checks before the fetch."""
    settings.WEBHOOK_LOOPBACK = True
    held: list[bool] = []

    def look(uri: str, *, loopback: bool) -> Target:
        held.append(connection.in_atomic_block)
        return vet(uri, loopback=loopback)

    monkeypatch.setattr(outbound_fetch, "vet", look)
    assert ask(make_house("acme").api(Role.OPERATOR), sender + "/papers/named").status_code == 202
    assert held == [False]
