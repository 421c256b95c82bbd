"""Files fetched from a URI: handled like uploads, and private addresses are never called."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from ingestion.api import ingest
from ingestion.models import Document
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.models import Tenant
from refinery.core.tenancy.roles import Role
from refinery.core.web import outbound_fetch
from refinery.core.web.outbound_http import VettedTarget, vet
from tests.support.factories.tenants import TenantFixture, make_tenant

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF"


class FileServer(BaseHTTPRequestHandler):
    """HTTP handler that serves files."""

    def do_GET(self) -> None:
        """Serve the file of the path."""
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
        for name, value in {"Content-Length": str(len(body)), "Content-Type": "application/pdf", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def file_server() -> Iterator[str]:
    """Serve files on this machine and yield the base URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), FileServer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def allow_loopback(settings: Any) -> None:  # noqa: ANN401 - pytest-django's
    """Allow requests to this machine."""
    settings.WEBHOOK_LOOPBACK = True


def ingest_uri(client: Client, uri: str, **values: str) -> Any:  # noqa: ANN401 - a test response
    """Ingest by URI."""
    return client.post("/v1/documents/ingest", {"source_uri": uri, **values})


@pytest.mark.usefixtures("allow_loopback")
@pytest.mark.parametrize(
    ("path", "filename"),
    [("/papers/invoice%207.pdf", "invoice 7.pdf"), ("/papers/named", "named.pdf"), ("/moved", "named.pdf")],
)
def test_source_uri_file_is_fetched_and_ingested(
    tenant: TenantFixture, file_server: str, path: str, filename: str
) -> None:
    """Stored under the sender's file name, like an upload."""
    answer = ingest_uri(tenant.api(Role.OPERATOR), file_server + path, schema="invoice")
    assert answer.status_code == 202, answer.content
    with tenant_scope(tenant.tenant_id):
        document = Document.objects.get(pk=answer.json()["id"])
    assert (document.filename, document.schema_key) == (filename, "invoice")
    assert default_storage.open(document.blob_key).read() == PDF


@pytest.mark.usefixtures("allow_loopback")
@pytest.mark.parametrize(
    ("path", "reason"), [("/round", "more than 3 times"), ("/inside", "public address"), ("/none", "answered 404")]
)
def test_source_uri_without_file_is_refused_with_reason(
    tenant: TenantFixture, file_server: str, path: str, reason: str
) -> None:
    """422 with the reason at the member."""
    answer = ingest_uri(tenant.api(Role.OPERATOR), file_server + path)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:refinery:problem:not-fetched")
    assert reason in answer.json()["errors"]["source_uri"][0]
    with tenant_scope(tenant.tenant_id):
        assert not Document.objects.exists()


@pytest.mark.usefixtures("allow_loopback")
def test_source_uri_above_tenant_limit_is_stopped(tenant: TenantFixture, file_server: str) -> None:
    """Bytes are counted as they arrive."""
    with tenant_scope(tenant.tenant_id):
        Tenant.objects.update(max_file_bytes=50_000)
    assert (
        "larger than" in ingest_uri(tenant.api(Role.OPERATOR), file_server + "/large").json()["errors"]["source_uri"][0]
    )


def test_source_uri_private_address_or_http_is_never_called(
    tenant: TenantFixture, file_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loopback, cloud metadata addresses and plain http are refused."""
    called: list[object] = []
    monkeypatch.setattr(outbound_fetch, "_request", lambda *given: called.append(given))
    for uri in (file_server + "/papers/named", "https://169.254.169.254/latest/", "http://example.org/x.pdf"):
        assert ingest_uri(tenant.api(Role.OPERATOR), uri).status_code == 422
    assert not called


@pytest.mark.usefixtures("allow_loopback")
def test_source_uri_idempotency_key_prevents_second_fetch(
    tenant: TenantFixture, file_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stored response is returned before any fetch."""
    client, headers = tenant.api(Role.OPERATOR), {"Idempotency-Key": "f-1"}
    values = {"source_uri": file_server + "/papers/named"}
    first = client.post("/v1/documents/ingest", values, headers=headers)
    monkeypatch.setattr(outbound_fetch, "_follow_redirects", lambda *_: pytest.fail("fetched again"))
    again = client.post("/v1/documents/ingest", values, headers=headers)
    assert (again.status_code, again.json()) == (202, first.json())


def test_source_uri_can_be_disabled(tenant: TenantFixture, settings: Any) -> None:  # noqa: ANN401 - pytest-django's
    """The problem says that fetching is disabled."""
    settings.SOURCE_URI_ENABLED = False
    answer = ingest_uri(tenant.api(Role.OPERATOR), "https://example.org/x.pdf")
    assert answer.json()["type"] == "urn:refinery:problem:source-uri-not-enabled"


def test_source_uri_together_with_file_is_refused(tenant: TenantFixture) -> None:
    """Only one of the two is allowed."""
    assert ingest_uri(tenant.api(Role.OPERATOR), "").status_code == 422


@pytest.mark.usefixtures("committed_db")
def test_source_uri_fetch_holds_no_database_connection(
    file_server: str,
    settings: Any,  # noqa: ANN401 - pytest-django's
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither the rate limit counter nor the checks before the fetch keep a connection."""
    settings.WEBHOOK_LOOPBACK = True
    held: list[object] = []
    fetch = outbound_fetch.fetch_source_file

    def look(uri: str, *, max_bytes: int) -> outbound_fetch.FetchedFile:
        held.append(connection.connection)
        return fetch(uri, max_bytes=max_bytes)

    monkeypatch.setattr(ingest, "fetch_source_file", look)
    assert ingest_uri(make_tenant("acme").api(Role.OPERATOR), file_server + "/papers/named").status_code == 202
    assert held == [None]


class DrippingServer(BaseHTTPRequestHandler):
    """HTTP handler that sends a byte now and then, in its headers or in its body, until it is stopped."""

    stop = threading.Event()

    def do_GET(self) -> None:
        """Never finish."""
        if self.path == "/body":
            self.send_response(200)
            self.end_headers()
        else:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        with suppress(OSError):
            while not self.stop.wait(0.05):
                self.wfile.write(b"x")

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def dripping_server() -> Iterator[str]:
    """Serve on this machine and yield the base URL."""
    DrippingServer.stop.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), DrippingServer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    DrippingServer.stop.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.usefixtures("allow_loopback")
@pytest.mark.parametrize("path", ["/headers", "/body"])
def test_source_uri_time_limit_covers_headers_and_body(
    tenant: TenantFixture,
    dripping_server: str,
    path: str,
    settings: Any,  # noqa: ANN401 - pytest-django's
) -> None:
    """Without the limit the request would not end: the server sends something again and again."""
    settings.SOURCE_URI_SECONDS = 0.3
    answer = ingest_uri(tenant.api(Role.OPERATOR), dripping_server + path)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:refinery:problem:not-fetched")
    assert "did not arrive within" in answer.json()["errors"]["source_uri"][0]


@pytest.mark.usefixtures("allow_loopback")
def test_source_uri_time_limit_covers_the_resolver(
    tenant: TenantFixture,
    settings: Any,  # noqa: ANN401 - pytest-django's
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A resolver that does not answer is not waited for."""
    settings.SOURCE_URI_SECONDS = 0.1
    answered = threading.Event()

    def hang(uri: str, *, loopback: bool) -> VettedTarget:
        answered.wait()
        return vet(uri, loopback=loopback)

    monkeypatch.setattr(outbound_fetch, "vet", hang)
    answer = ingest_uri(tenant.api(Role.OPERATOR), "https://example.org/x.pdf")
    answered.set()
    assert "did not arrive within" in answer.json()["errors"]["source_uri"][0]
