"""Daphne takes in a whole body before the application sees a byte of it: this bounds what it takes in.

Without a bound, a client could fill the disk with a body that is refused afterwards. Daphne has no setting for
this, so its request is given one; other servers are bounded by BodyLimit alone.
"""

from typing import Any, Final

from daphne import http_protocol  # type: ignore[import-untyped]  # daphne has no types
from daphne.server import reactor  # type: ignore[import-untyped]  # the one on asyncio, which daphne installs

from refinery.core.web.body_limits import STATUS, answer, limit

LINGER_SECONDS: Final = 10.0  # a client that still sends gets to read its answer; then it is cut off
PATIENCE_SECONDS: Final = 60.0  # for the head, and for a body to begin
SLOWEST: Final = 16 * 2**10  # bytes a second that a body comes with at least, over all of it
TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class BoundedRequest(http_protocol.WebRequest):  # type: ignore[misc]  # the same
    """Daphne's request, bounded: its body by what the headers declare and by what arrives, all of it in time.

    Twisted gives up a client that is silent for a minute; one that sends a byte now and then would hold its
    connection for days.
    """

    _taken_in = 0
    _refused = False

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Start the clock with the request's first line.

        Django takes forms apart. Twisted would as well, for an argument that nobody asks for: the whole upload in
        memory several times over, and everyone waiting meanwhile.
        """
        super().__init__(*args, **{**kwargs, "parsePOSTFormSubmission": False})
        self._began = reactor.seconds()
        self._due = reactor.callLater(PATIENCE_SECONDS, self._look_at_clock)

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        """Refuse a declared length that is too large; None stands for chunks."""
        super().gotLength(0 if length is not None and length > limit() else length)
        if length is not None and length > limit():
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Take a piece in; drop it once the body is refused."""
        self._taken_in += len(data)
        if not self._refused and self._taken_in > limit():
            self._refuse()
        if not self._refused:
            super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:  # noqa: N802 - Twisted's name
        """Hand a whole request to the application, unless it was refused on its way."""
        self._stop_clock()
        if not self._refused:
            super().requestReceived(command, path, version)

    def connectionLost(self, reason: object) -> None:  # noqa: N802 - Twisted's name
        """Nothing more will come."""
        self._stop_clock()
        super().connectionLost(reason)

    def _stop_clock(self) -> None:
        if self._due.active():
            self._due.cancel()

    def _look_at_clock(self) -> None:
        """Give up a request that comes too slowly; look again when what came so far has used up its time."""
        left = self._began + PATIENCE_SECONDS + self._taken_in / SLOWEST - reactor.seconds()
        if left > 0:
            self._due = reactor.callLater(left, self._look_at_clock)
        else:
            self._refused = True
            if self.content is not None:  # it is made behind the head
                self.content.truncate(0)
            self.channel.transport.write(TOO_SLOW)
            self.channel.transport.loseConnection()

    def _refuse(self) -> None:
        """Answer at once and close for writing; closing altogether would reset the answer away."""
        self._refused = True
        self._stop_clock()
        self.content.truncate(0)
        self.requestHeaders.removeHeader(b"expect")  # or Twisted would ask for the body after all
        headers, body = answer()
        lines = [b"HTTP/1.1 %d Content Too Large" % STATUS, *(b"%s: %s" % pair for pair in headers)]
        transport: Any = self.channel.transport
        transport.write(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        transport.loseWriteConnection()
        cut = reactor.callLater(LINGER_SECONDS, transport.abortConnection)
        self.notifyFinish().addBoth(lambda _: cut.cancel() if cut.active() else None)


def bound_daphne() -> None:
    """Let Daphne make bounded requests from here on."""
    http_protocol.WebRequest = BoundedRequest
