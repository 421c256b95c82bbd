"""Oversized request bodies: refused by their declared length, or cut off if the length is false or chunked."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from daphne import http_protocol  # type: ignore[import-untyped]  # daphne has no types
from pytest_django import Settings
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport

from refinery.core.web import body_limits, body_spooling
from refinery.core.web.body_limits import BodyLimit

BODY_LIMIT = 1000
HEAD = b"POST /v1/documents/ingest HTTP/1.1\r\nHost: refinery.example\r\n"


@pytest.fixture(autouse=True)
def small_limit(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Limit bodies to ALLOWED bytes."""
    settings.UPLOAD_MAX_BYTES = BODY_LIMIT
    monkeypatch.setattr(body_limits, "OVERHEAD_BYTES", 0)


class AsgiExchange:
    """ASGI request with a body in pieces, and the recorded response."""

    def __init__(self, *pieces: bytes, declared: bytes | None = None) -> None:
        self.pieces = list(pieces)
        self.scope = {"type": "http", "headers": [(b"content-length", declared)] if declared else []}
        self.sent: list[Mapping[str, Any]] = []
        self.seen = 0
        self.went_away = False

    async def receive(self) -> Mapping[str, Any]:
        """Return the next piece."""
        piece = self.pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(self.pieces)}

    async def send(self, message: Mapping[str, Any]) -> None:
        """Record the response message."""
        self.sent.append(message)

    async def read_all(self, _scope: object, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's callables
        """Read the body as Django does; send no response if the client has disconnected."""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.went_away = True
                return
            self.seen += len(message["body"])
            if not message["more_body"]:
                await send({"type": "http.response.start", "status": 202})
                return

    async def exchange(self) -> int:
        """Send the request through the limit and return the response status."""
        await BodyLimit(self.read_all)(self.scope, self.receive, self.send)
        return int(self.sent[0]["status"])


def is_problem(body: bytes) -> bool:
    """Return whether the body is the problem for oversized bodies."""
    found = json.loads(body)
    return (found["type"], found["status"]) == ("urn:refinery:problem:too_large", 413)


async def test_body_within_limit_is_read() -> None:
    """A body of exactly the limit is read."""
    exchange = AsgiExchange(b"x" * 400, b"x" * 600, declared=b"1000")
    assert await exchange.exchange() == 202
    assert exchange.seen == BODY_LIMIT


async def test_body_declared_above_limit_is_refused_before_reading() -> None:
    """The response is the problem, and the connection closes."""
    exchange = AsgiExchange(b"x" * 1001, declared=b"1001")
    assert await exchange.exchange() == 413
    assert exchange.pieces
    assert (b"connection", b"close") in exchange.sent[0]["headers"]
    assert is_problem(exchange.sent[1]["body"])


@pytest.mark.parametrize("declared", [b"9" * 5000, b"0" * 5000 + b"1001"])
async def test_body_with_endless_declared_length_is_refused(declared: bytes) -> None:
    """The number is not converted."""
    assert await AsgiExchange(b"x", declared=declared).exchange() == 413


@pytest.mark.parametrize(
    ("path", "headers", "limit"),
    [
        ("/v1/documents/ingest", {b"authorization": b"Bearer x"}, 100 * 2**20 + 5),
        ("/v1/extract", {b"cookie": b"sessionid=x"}, 100 * 2**20 + 5),
        ("/v1/documents/ingest", {}, body_limits.ANONYMOUS_BODY_BYTES),
        ("/v1/tokens", {}, body_limits.ANONYMOUS_BODY_BYTES),
        ("/v1/batches", {b"authorization": b"Bearer x"}, 10 * 2**20 + 5),
        ("/admin/", {b"cookie": b"sessionid=x"}, 10 * 2**20 + 5),
    ],
)
async def test_body_limit_depends_on_path_and_credentials(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, path: str, headers: dict[bytes, bytes], limit: int
) -> None:
    """Before the credentials are checked, only uploads with any may be large."""
    settings.UPLOAD_MAX_BYTES = 100 * 2**20
    monkeypatch.setattr(body_limits, "OVERHEAD_BYTES", 5)
    for size, status in ((limit, 202), (limit + 1, 413)):
        exchange = AsgiExchange(b"x", declared=str(size).encode())
        exchange.scope |= {"path": path, "headers": [*exchange.scope["headers"], *headers.items()]}
        assert await exchange.exchange() == status


@pytest.mark.parametrize("declared", [None, b"10", b"nonsense"])
async def test_body_growing_above_limit_is_cut_off(declared: bytes | None) -> None:
    """Chunked bodies and false lengths; the rest is not read."""
    exchange = AsgiExchange(b"x" * 600, b"x" * 600, b"x" * 600, declared=declared)
    assert await exchange.exchange() == 413
    assert (exchange.seen, exchange.went_away, len(exchange.pieces)) == (600, True, 1)
    assert is_problem(exchange.sent[1]["body"])


async def test_body_above_limit_after_response_keeps_that_response() -> None:
    """The application responds before it reads the body."""
    exchange = AsgiExchange(b"x" * 2000)

    async def hasty(_scope: object, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's callables
        await send({"type": "http.response.start", "status": 401})
        await receive()

    await BodyLimit(hasty)(exchange.scope, exchange.receive, exchange.send)
    assert [message["status"] for message in exchange.sent] == [401]


class RecordingTransport(StringTransport):
    """Transport that records the written data and its half-close."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Twisted's
        self.half_closed = False

    def loseWriteConnection(self) -> None:  # noqa: N802 - Twisted's name
        """Close for writing."""
        self.half_closed = True

    def unregisterProducer(self) -> None:  # noqa: N802 - Twisted's name
        """Accept repeated calls, as a socket does."""
        self.producer = None


class DaphneConnection:
    """One connection to Daphne without a network; the application behind it only counts."""

    def __init__(self) -> None:
        self.handed_on = 0
        server = SimpleNamespace(
            protocol_connected=lambda _: None,
            protocol_disconnected=lambda _: None,
            proxy_forwarded_address_header=None,
            root_path="",
            request_buffer_size=8192,
            create_application=self._application,
        )
        self.wire = RecordingTransport()
        self.protocol = http_protocol.HTTPFactory(server).buildProtocol(None)
        self.protocol.makeConnection(self.wire)

    def _application(self, *_: object) -> None:
        self.handed_on += 1

    def response_text(self) -> bytes:
        """Return the response so far."""
        return bytes(self.wire.value())  # type: ignore[no-untyped-call]  # Twisted's

    def is_refused(self) -> bool:
        """Return whether exactly the problem was sent and nothing was passed on."""
        head, _, body = self.response_text().partition(b"\r\n\r\n")
        return head.startswith(b"HTTP/1.1 413 ") and is_problem(body) and self.wire.half_closed and not self.handed_on


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return a clock that advances only when the test says so."""
    made = Clock()
    monkeypatch.setattr(body_spooling, "reactor", made)
    return made


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[DaphneConnection]:
    """Yield Daphne with the limit, disconnected when the test ends."""
    monkeypatch.setattr(http_protocol, "WebRequest", http_protocol.WebRequest)
    body_spooling.install_bounded_requests()
    opened = DaphneConnection()
    yield opened
    opened.protocol.connectionLost(ConnectionError("the test is over"))


def test_daphne_declared_body_above_limit_is_refused_before_reading(connection: DaphneConnection) -> None:
    """Nothing is spooled or requested with 100 Continue; further data is dropped."""
    connection.protocol.dataReceived(HEAD + b"Content-Length: 200000000\r\nExpect: 100-continue\r\n\r\n")
    assert connection.is_refused()
    for _ in range(100):
        connection.protocol.dataReceived(b"x" * 2**16)
    assert connection.is_refused()
    request = connection.protocol._channel.requests[-1]
    assert request.content.getbuffer().nbytes == 0


def test_daphne_chunked_body_above_limit_is_cut_off(connection: DaphneConnection) -> None:
    """Chunks within the limit are accepted; beyond it they are dropped, even with the last chunk."""
    chunk = b"190\r\n" + b"x" * 400 + b"\r\n"
    connection.protocol.dataReceived(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + 2 * chunk)
    assert connection.response_text() == b""
    request = connection.protocol._channel.requests[-1]
    assert request.content.tell() == 800
    connection.protocol.dataReceived(chunk + b"0\r\n\r\n")
    assert connection.is_refused()
    request.content.seek(0)
    assert request.content.read() == b""


def test_daphne_body_within_limit_is_passed_on(connection: DaphneConnection) -> None:
    """A body of exactly the limit is allowed."""
    connection.protocol.dataReceived(HEAD + b"Content-Length: 1000\r\n\r\n" + b"x" * BODY_LIMIT)
    assert (connection.handed_on, connection.response_text()) == (1, b"")


@pytest.mark.parametrize("kind", [b"multipart/form-data; boundary=b", b"application/x-www-form-urlencoded"])
def test_daphne_does_not_parse_forms(connection: DaphneConnection, kind: bytes) -> None:
    """Django parses forms in pieces; Daphne would block every connection with the whole file in memory."""
    body = b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx=y\r\n--b--\r\n'
    connection.protocol.dataReceived(
        HEAD + b"Content-Type: %s\r\nContent-Length: %d\r\n\r\n" % (kind, len(body)) + body
    )
    assert connection.handed_on == 1
    assert connection.protocol._channel.requests[-1].args == {}


def test_daphne_form_without_boundary_is_passed_to_django(connection: DaphneConnection) -> None:
    """Django answers with a problem, whereas Daphne would send a bare 400."""
    connection.protocol.dataReceived(HEAD + b"Content-Type: multipart/form-data\r\nContent-Length: 4\r\n\r\nhalf")
    assert (connection.handed_on, connection.response_text()) == (1, b"")


def test_daphne_slow_request_times_out(connection: DaphneConnection, clock: Clock) -> None:
    """An occasional byte does not keep the connection: headers have a minute, bodies a minimum rate."""
    connection.protocol.dataReceived(HEAD[:-10])
    clock.advance(body_spooling.BASE_TIMEOUT_SECONDS - 1)
    assert connection.response_text() == b""
    clock.advance(1)
    assert connection.response_text() == body_spooling.TIMEOUT_RESPONSE
    assert connection.wire.disconnecting
    assert connection.handed_on == 0


def test_daphne_body_timeout_grows_with_received_bytes(
    connection: DaphneConnection, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Received bytes extend the timeout, then the same end."""
    monkeypatch.setattr(body_spooling, "MIN_BYTES_PER_SECOND", 10)
    connection.protocol.dataReceived(HEAD + b"Content-Length: 1000\r\n\r\n" + b"x" * 600)
    clock.advance(body_spooling.BASE_TIMEOUT_SECONDS + 59)
    assert (connection.response_text(), connection.wire.disconnecting) == (b"", False)
    clock.advance(1)
    assert (connection.response_text(), connection.handed_on) == (body_spooling.TIMEOUT_RESPONSE, 0)
    connection.protocol.dataReceived(b"x" * 400)
    assert connection.handed_on == 0


def test_daphne_complete_request_has_no_timeout(connection: DaphneConnection, clock: Clock) -> None:
    """No timeout, however long the response takes."""
    connection.protocol.dataReceived(HEAD + b"Content-Length: 10\r\n\r\n" + b"x" * 10)
    clock.advance(10 * body_spooling.BASE_TIMEOUT_SECONDS)
    assert (connection.handed_on, connection.response_text()) == (1, b"")


@pytest.mark.parametrize(
    "head",
    [
        HEAD + b"X-Long: " + b"a" * 2**20 + b"\r\n\r\n",
        HEAD + b"X-Many: a\r\n" * 10_000 + b"\r\n",
        b"GET /" + b"a" * 2**20 + b" HTTP/1.1\r\n\r\n",
    ],
    ids=["a megabyte", "ten thousand", "address"],
)
def test_daphne_endless_headers_are_refused(connection: DaphneConnection, head: bytes) -> None:
    """Nothing is passed on, and the connection ends."""
    for start in range(0, len(head), 2**16):
        connection.protocol.dataReceived(head[start : start + 2**16])
    assert connection.wire.disconnecting
    assert connection.handed_on == 0


def test_asgi_module_limits_daphne() -> None:
    """The ASGI module that Daphne starts with sets the limit."""
    asgi = (Path(body_limits.__file__).parents[2] / "asgi.py").read_text()
    assert "\ninstall_bounded_requests()\n" in asgi
