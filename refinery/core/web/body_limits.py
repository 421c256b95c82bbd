"""Limits for request bodies, by declared length and while streaming, before they fill memory or disk."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from django.conf import settings

AsgiMessage = Mapping[str, Any]
AsgiScope = dict[str, Any]
AsgiReceive = Callable[[], Awaitable[AsgiMessage]]
AsgiSend = Callable[[AsgiMessage], Awaitable[None]]
AsgiApp = Callable[[AsgiScope, AsgiReceive, AsgiSend], Awaitable[None]]

OVERHEAD_BYTES: Final = 2**20  # multipart envelope and other form fields
TOO_LARGE_STATUS: Final = 413
ANONYMOUS_BODY_BYTES: Final = 256 * 2**10
"""Largest body of a client without credentials, who may only sign in."""
UPLOAD_PATHS: Final = frozenset({"/v1/documents/ingest", "/v1/extract"})


def max_body_bytes(path: str, *, has_credentials: bool) -> int:
    """Return the largest size of a body in bytes, before the credentials are checked.

    Only uploads with credentials may be as large as a file of the largest size and its envelope.
    """
    upload = int(settings.UPLOAD_MAX_BYTES) + OVERHEAD_BYTES
    if not has_credentials:
        return min(upload, ANONYMOUS_BODY_BYTES)
    return upload if path in UPLOAD_PATHS else min(upload, int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE) + OVERHEAD_BYTES)


def too_large_messages(limit: int) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Return the problem as headers and body; the connection closes because the rest of the request is not read."""
    upload = limit >= int(settings.UPLOAD_MAX_BYTES)
    most = f"A file may have at most {settings.UPLOAD_MAX_BYTES // 2**20} MB."
    body = json.dumps(
        {
            "type": "urn:refinery:problem:too_large",
            "title": "The file is too large" if upload else "The request is too large",
            "status": TOO_LARGE_STATUS,
            "detail": f"{most if upload else f'Its body may have at most {limit} bytes.'} Nothing of it was kept.",
        }
    ).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    return headers, body


class BodyLimit:
    """ASGI middleware, independent of the server: a body may have at most `max_body_bytes` bytes."""

    def __init__(self, app: AsgiApp) -> None:
        """Store the wrapped application."""
        self.app = app

    async def __call__(self, scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        """Respond 413 at once if the declared length is too large; cut off a body that exceeds it while streaming."""
        headers = dict(scope.get("headers", []))
        has_credentials = b"authorization" in headers or b"cookie" in headers
        limit = max_body_bytes(str(scope.get("path", "")), has_credentials=has_credentials)
        if _exceeds(headers.get(b"content-length", b"0"), limit):
            await send_too_large(send, limit)
            return
        counted = _CountedBody(receive, send, limit)
        await self.app(scope, counted.receive, counted.send)
        if counted.cut_off and not counted.answered:
            await send_too_large(send, limit)


def _exceeds(declared: bytes, limit: int) -> bool:
    """Return whether a declared length exceeds the limit; a long number is not converted."""
    digits = declared.lstrip(b"0")
    return declared.isdigit() and (len(digits) > len(str(limit)) or int(digits or b"0") > limit)


class _CountedBody:
    """Request with a byte count: if it exceeds the limit, the application sees a disconnected client."""

    def __init__(self, receive: AsgiReceive, send: AsgiSend, limit: int) -> None:
        self._receive, self._send, self._limit = receive, send, limit
        self._received = 0
        self.cut_off = self.answered = False

    async def receive(self) -> AsgiMessage:
        message: AsgiMessage = {"type": "http.disconnect"}
        if not self.cut_off:
            message = await self._receive()
            self._received += len(message.get("body", b""))
            self.cut_off = self._received > self._limit
        return {"type": "http.disconnect"} if self.cut_off else message

    async def send(self, message: AsgiMessage) -> None:
        self.answered = True
        await self._send(message)


async def send_too_large(send: AsgiSend, limit: int) -> None:
    """Send the 413 problem."""
    headers, body = too_large_messages(limit)
    await send({"type": "http.response.start", "status": TOO_LARGE_STATUS, "headers": headers})
    await send({"type": "http.response.body", "body": body})
