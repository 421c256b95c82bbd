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


def max_body_bytes() -> int:
    """Return the largest size of a body in bytes: one file of the largest size and its envelope."""
    return int(settings.UPLOAD_MAX_BYTES) + OVERHEAD_BYTES


def too_large_messages() -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Return the problem as headers and body; the connection closes because the rest of the request is not read."""
    body = json.dumps(
        {
            "type": "urn:refinery:problem:too_large",
            "title": "The file is too large",
            "status": TOO_LARGE_STATUS,
            "detail": f"A file may have at most {settings.UPLOAD_MAX_BYTES // 2**20} MB. Nothing of it was kept.",
        }
    ).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    return headers, body


class BodyLimit:
    """ASGI middleware, independent of the server: a body may have at most `max_body_bytes()` bytes."""

    def __init__(self, app: AsgiApp) -> None:
        """Store the wrapped application."""
        self.app = app

    async def __call__(self, scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        """Respond 413 at once if the declared length is too large; cut off a body that exceeds it while streaming."""
        declared = dict(scope.get("headers", [])).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > max_body_bytes():
            await send_too_large(send)
            return
        counted = _CountedBody(receive, send)
        await self.app(scope, counted.receive, counted.send)
        if counted.cut_off and not counted.answered:
            await send_too_large(send)


class _CountedBody:
    """Request with a byte count: if it exceeds the limit, the application sees a disconnected client."""

    def __init__(self, receive: AsgiReceive, send: AsgiSend) -> None:
        self._receive, self._send = receive, send
        self._received = 0
        self.cut_off = self.answered = False

    async def receive(self) -> AsgiMessage:
        message: AsgiMessage = {"type": "http.disconnect"}
        if not self.cut_off:
            message = await self._receive()
            self._received += len(message.get("body", b""))
            self.cut_off = self._received > max_body_bytes()
        return {"type": "http.disconnect"} if self.cut_off else message

    async def send(self, message: AsgiMessage) -> None:
        self.answered = True
        await self._send(message)


async def send_too_large(send: AsgiSend) -> None:
    """Send the 413 problem."""
    headers, body = too_large_messages()
    await send({"type": "http.response.start", "status": TOO_LARGE_STATUS, "headers": headers})
    await send({"type": "http.response.body", "body": body})
