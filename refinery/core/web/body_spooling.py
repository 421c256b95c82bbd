"""Limits for the bodies that Daphne buffers completely before the application sees them.

Without a limit, a client could fill the disk with a body that is rejected afterwards. Daphne has no setting for
this, so its request class is replaced; with other servers, only BodyLimit applies.
"""

from typing import Any, Final

from daphne import http_protocol  # type: ignore[import-untyped]  # daphne has no types
from daphne.server import reactor  # type: ignore[import-untyped]  # the one on asyncio, which daphne installs

from refinery.core.web.body_limits import TOO_LARGE_STATUS, max_body_bytes, too_large_messages

LINGER_SECONDS: Final = 10.0  # a client that is still sending can read the response before the connection is aborted
BASE_TIMEOUT_SECONDS: Final = 60.0  # for the headers, and for the body to start
MIN_BYTES_PER_SECOND: Final = 16 * 2**10  # minimum average rate of a body
TIMEOUT_RESPONSE: Final = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class BoundedRequest(http_protocol.WebRequest):  # type: ignore[misc]  # the same
    """Daphne's request with limits: declared body length, received bytes and total time.

    Twisted drops a client that is silent for a minute; one that sends a byte now and then would keep its connection
    open for days.
    """

    _received_bytes = 0
    _refused = False
    _limit = 0

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Start the timeout with the request line.

        Django parses forms itself. Twisted would parse them as well, for an argument that is not used: the whole upload
        in memory several times, blocking all other requests.
        """
        super().__init__(*args, **{**kwargs, "parsePOSTFormSubmission": False})
        self._began = reactor.seconds()
        self._timeout_call = reactor.callLater(BASE_TIMEOUT_SECONDS, self._check_timeout)

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        """Reject a declared length that is too large; None means chunked encoding."""
        self._limit = max_body_bytes(self._requested_path(), has_credentials=self._has_credentials())
        super().gotLength(0 if length is not None and length > self._limit else length)
        if length is not None and length > self._limit:
            self._refuse()

    def _requested_path(self) -> str:
        """Return the path of the request line, which Twisted hands over only with the complete request."""
        return bytes(getattr(self.channel, "_path", b"")).partition(b"?")[0].decode("latin-1")

    def _has_credentials(self) -> bool:
        return any(self.requestHeaders.hasHeader(name) for name in (b"authorization", b"cookie"))

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Buffer a chunk; discard it once the body is rejected."""
        self._received_bytes += len(data)
        if not self._refused and self._received_bytes > self._limit:
            self._refuse()
        if not self._refused:
            super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:  # noqa: N802 - Twisted's name
        """Pass a complete request to the application, unless it was rejected."""
        self._cancel_timeout()
        if not self._refused:
            super().requestReceived(command, path, version)

    def connectionLost(self, reason: object) -> None:  # noqa: N802 - Twisted's name
        """Cancel the timeout."""
        self._cancel_timeout()
        super().connectionLost(reason)

    def _cancel_timeout(self) -> None:
        if self._timeout_call.active():
            self._timeout_call.cancel()

    def _check_timeout(self) -> None:
        """Abort a request that is too slow; check again when the time earned by the received bytes has passed."""
        left = self._began + BASE_TIMEOUT_SECONDS + self._received_bytes / MIN_BYTES_PER_SECOND - reactor.seconds()
        if left > 0:
            self._timeout_call = reactor.callLater(left, self._check_timeout)
        else:
            self._refused = True
            if self.content is not None:  # it is created after the headers
                self.content.truncate(0)
            self.channel.transport.write(TIMEOUT_RESPONSE)
            self.channel.transport.loseConnection()

    def _refuse(self) -> None:
        """Respond at once and close for writing; a full close would reset the connection and lose the response."""
        self._refused = True
        self._cancel_timeout()
        self.content.truncate(0)
        self.requestHeaders.removeHeader(b"expect")  # otherwise Twisted would still ask for the body
        headers, body = too_large_messages(self._limit)
        lines = [b"HTTP/1.1 %d Content Too Large" % TOO_LARGE_STATUS, *(b"%s: %s" % pair for pair in headers)]
        transport: Any = self.channel.transport
        transport.write(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        transport.loseWriteConnection()
        cut = reactor.callLater(LINGER_SECONDS, transport.abortConnection)
        self.notifyFinish().addBoth(lambda _: cut.cancel() if cut.active() else None)


def install_bounded_requests() -> None:
    """Make Daphne use the limited request class."""
    http_protocol.WebRequest = BoundedRequest
