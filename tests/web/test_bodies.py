"""Bodies that are too large: refused by their declared length, cut off when they lie or come in chunks."""

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

ALLOWED = 1000
HEAD = b"POST /v1/documents/ingest HTTP/1.1\r\nHost: refinery.example\r\n"


@pytest.fixture(autouse=True)
def small_limit(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body may have ALLOWED bytes."""
    settings.UPLOAD_MAX_BYTES = ALLOWED
    monkeypatch.setattr(body_limits, "OVERHEAD_BYTES", 0)


class Exchange:
    """An ASGI request with pieces of a body, and what came back."""

    def __init__(self, *pieces: bytes, declared: bytes | None = None) -> None:
        self.pieces = list(pieces)
        self.scope = {"type": "http", "headers": [(b"content-length", declared)] if declared else []}
        self.sent: list[Mapping[str, Any]] = []
        self.seen = 0
        self.went_away = False

    async def receive(self) -> Mapping[str, Any]:
        """Give the next piece."""
        piece = self.pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(self.pieces)}

    async def send(self, message: Mapping[str, Any]) -> None:
        """Keep what is answered."""
        self.sent.append(message)

    async def read_all(self, _scope: object, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's callables
        """Read the body as Django does: without a word to a client that went away."""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.went_away = True
                return
            self.seen += len(message["body"])
            if not message["more_body"]:
                await send({"type": "http.response.start", "status": 202})
                return

    async def run(self) -> int:
        """Send it through the limit; the answer's status."""
        await BodyLimit(self.read_all)(self.scope, self.receive, self.send)
        return int(self.sent[0]["status"])


def is_problem(body: bytes) -> bool:
    """Tell whether it is the problem for bodies that are too large."""
    found = json.loads(body)
    return (found["type"], found["status"]) == ("urn:refinery:problem:too_large", 413)


async def test_a_body_within_the_limit_is_read() -> None:
    """The last byte counts as well."""
    exchange = Exchange(b"x" * 400, b"x" * 600, declared=b"1000")
    assert await exchange.run() == 202
    assert exchange.seen == ALLOWED


async def test_a_declared_length_is_refused_before_a_byte_is_read() -> None:
    """The problem, and a connection that closes."""
    exchange = Exchange(b"x" * 1001, declared=b"1001")
    assert await exchange.run() == 413
    assert exchange.pieces
    assert (b"connection", b"close") in exchange.sent[0]["headers"]
    assert is_problem(exchange.sent[1]["body"])


@pytest.mark.parametrize("declared", [None, b"10", b"nonsense"])
async def test_what_grows_beyond_is_cut_off(declared: bytes | None) -> None:
    """Chunks, and a length that lies; what comes after is not asked for."""
    exchange = Exchange(b"x" * 600, b"x" * 600, b"x" * 600, declared=declared)
    assert await exchange.run() == 413
    assert (exchange.seen, exchange.went_away, len(exchange.pieces)) == (600, True, 1)
    assert is_problem(exchange.sent[1]["body"])


async def test_an_answer_that_was_given_stays_the_only_one() -> None:
    """The application answered before it read."""
    exchange = Exchange(b"x" * 2000)

    async def hasty(_scope: object, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's callables
        await send({"type": "http.response.start", "status": 401})
        await receive()

    await BodyLimit(hasty)(exchange.scope, exchange.receive, exchange.send)
    assert [message["status"] for message in exchange.sent] == [401]


class Wire(StringTransport):
    """A transport that keeps what is written and remembers its half-close."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Twisted's
        self.half_closed = False

    def loseWriteConnection(self) -> None:  # noqa: N802 - Twisted's name
        """Close for writing."""
        self.half_closed = True

    def unregisterProducer(self) -> None:  # noqa: N802 - Twisted's name
        """Take it as a socket does: a second time as well."""
        self.producer = None


class Door:
    """One connection to Daphne, without a network; the application behind only counts."""

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
        self.wire = Wire()
        self.protocol = http_protocol.HTTPFactory(server).buildProtocol(None)
        self.protocol.makeConnection(self.wire)

    def _application(self, *_: object) -> None:
        self.handed_on += 1

    def said(self) -> bytes:
        """What was answered so far."""
        return bytes(self.wire.value())  # type: ignore[no-untyped-call]  # Twisted's

    def refused(self) -> bool:
        """Tell whether exactly the problem was answered and nothing handed on."""
        head, _, body = self.said().partition(b"\r\n\r\n")
        return (
            head.startswith(b"HTTP/1.1 413 ") and is_problem(body) and self.wire.half_closed and not self.handed_on
        )


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time that passes when a test says so."""
    made = Clock()
    monkeypatch.setattr(body_spooling, "reactor", made)
    return made


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[Door]:
    """Daphne with its bound, cut off at once when the test ends."""
    monkeypatch.setattr(http_protocol, "WebRequest", http_protocol.WebRequest)
    body_spooling.bound_daphne()
    opened = Door()
    yield opened
    opened.protocol.connectionLost(ConnectionError("the test is over"))


def test_daphne_refuses_a_declared_length_before_the_body(door: Door) -> None:
    """Nothing is spooled, nor asked for with 100 Continue; what still comes is dropped."""
    door.protocol.dataReceived(HEAD + b"Content-Length: 200000000\r\nExpect: 100-continue\r\n\r\n")
    assert door.refused()
    for _ in range(100):
        door.protocol.dataReceived(b"x" * 2**16)
    assert door.refused()
    request = door.protocol._channel.requests[-1]
    assert request.content.getbuffer().nbytes == 0


def test_daphne_cuts_chunks_off(door: Door) -> None:
    """Within the limit they are taken in; beyond it they are let go, even with the last chunk."""
    chunk = b"190\r\n" + b"x" * 400 + b"\r\n"
    door.protocol.dataReceived(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + 2 * chunk)
    assert door.said() == b""
    request = door.protocol._channel.requests[-1]
    assert request.content.tell() == 800
    door.protocol.dataReceived(chunk + b"0\r\n\r\n")
    assert door.refused()
    request.content.seek(0)
    assert request.content.read() == b""


def test_daphne_hands_on_what_is_within(door: Door) -> None:
    """The limit itself is allowed."""
    door.protocol.dataReceived(HEAD + b"Content-Length: 1000\r\n\r\n" + b"x" * ALLOWED)
    assert (door.handed_on, door.said()) == (1, b"")


@pytest.mark.parametrize("kind", [b"multipart/form-data; boundary=b", b"application/x-www-form-urlencoded"])
def test_daphne_takes_no_form_apart(door: Door, kind: bytes) -> None:
    """That is Django's, piece by piece: here it would hold up everyone, with the whole file in memory."""
    body = b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx=y\r\n--b--\r\n'
    door.protocol.dataReceived(HEAD + b"Content-Type: %s\r\nContent-Length: %d\r\n\r\n" % (kind, len(body)) + body)
    assert door.handed_on == 1
    assert door.protocol._channel.requests[-1].args == {}


def test_a_form_without_a_boundary_gets_djangos_answer(door: Door) -> None:
    """It is handed on; a bare 400 that says nothing is no problem+json."""
    door.protocol.dataReceived(HEAD + b"Content-Type: multipart/form-data\r\nContent-Length: 4\r\n\r\nhalf")
    assert (door.handed_on, door.said()) == (1, b"")


def test_a_request_that_drips_is_given_up(door: Door, clock: Clock) -> None:
    """One byte now and then keeps no connection: the head has a minute, a body comes at a pace."""
    door.protocol.dataReceived(HEAD[:-10])
    clock.advance(body_spooling.PATIENCE_SECONDS - 1)
    assert door.said() == b""
    clock.advance(1)
    assert door.said() == body_spooling.TOO_SLOW
    assert door.wire.disconnecting
    assert door.handed_on == 0


def test_a_body_that_comes_at_a_pace_has_its_time(
    door: Door, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came so far is counted; then the same end."""
    monkeypatch.setattr(body_spooling, "SLOWEST", 10)
    door.protocol.dataReceived(HEAD + b"Content-Length: 1000\r\n\r\n" + b"x" * 600)
    clock.advance(body_spooling.PATIENCE_SECONDS + 59)
    assert (door.said(), door.wire.disconnecting) == (b"", False)
    clock.advance(1)
    assert (door.said(), door.handed_on) == (body_spooling.TOO_SLOW, 0)
    door.protocol.dataReceived(b"x" * 400)
    assert door.handed_on == 0


def test_a_whole_request_needs_no_clock(door: Door, clock: Clock) -> None:
    """However long its answer takes."""
    door.protocol.dataReceived(HEAD + b"Content-Length: 10\r\n\r\n" + b"x" * 10)
    clock.advance(10 * body_spooling.PATIENCE_SECONDS)
    assert (door.handed_on, door.said()) == (1, b"")


@pytest.mark.parametrize(
    "head",
    [
        HEAD + b"X-Long: " + b"a" * 2**20 + b"\r\n\r\n",
        HEAD + b"X-Many: a\r\n" * 10_000 + b"\r\n",
        b"GET /" + b"a" * 2**20 + b" HTTP/1.1\r\n\r\n",
    ],
    ids=["a megabyte", "ten thousand", "address"],
)
def test_a_head_without_end_is_refused(door: Door, head: bytes) -> None:
    """Nothing of it is handed on, and the connection ends."""
    for start in range(0, len(head), 2**16):
        door.protocol.dataReceived(head[start : start + 2**16])
    assert door.wire.disconnecting
    assert door.handed_on == 0


def test_the_web_process_is_bounded() -> None:
    """The module that daphne is started with sets the bound."""
    asgi = (Path(body_limits.__file__).parents[2] / "asgi.py").read_text()
    assert "\nbound_daphne()\n" in asgi
