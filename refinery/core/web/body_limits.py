"""Refuse bodies that are too large before they fill memory or disk: by their declared length, and on their way."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from django.conf import settings

Message = Mapping[str, Any]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

OVERHEAD_BYTES: Final = 2**20  # a multipart envelope and its other fields
STATUS: Final = 413


def limit() -> int:
    """Give the bytes that a body may have: one file of the largest size and its envelope."""
    return int(settings.UPLOAD_MAX_BYTES) + OVERHEAD_BYTES


def answer() -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Write the problem as headers and a body; the connection closes, for what was sent will not be read."""
    body = json.dumps(
        {
            "type": "urn:refinery:problem:too_large",
            "title": "The file is too large",
            "status": STATUS,
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
    """An ASGI wrapper, for whatever server stands in front: a body may have `limit()` bytes, no more."""

    def __init__(self, app: App) -> None:
        """Keep the application behind."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 at once when the declared length is too large; cut off a body that grows beyond it."""
        declared = dict(scope.get("headers", [])).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > limit():
            await refuse(send)
            return
        counted = _Counted(receive, send)
        await self.app(scope, counted.receive, counted.send)
        if counted.cut_off and not counted.answered:
            await refuse(send)


class _Counted:
    """A request whose bytes are counted: a client that lied or sent chunks has gone away, to the application."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._received = 0
        self.cut_off = self.answered = False

    async def receive(self) -> Message:
        message: Message = {"type": "http.disconnect"}
        if not self.cut_off:
            message = await self._receive()
            self._received += len(message.get("body", b""))
            self.cut_off = self._received > limit()
        return {"type": "http.disconnect"} if self.cut_off else message

    async def send(self, message: Message) -> None:
        self.answered = True
        await self._send(message)


async def refuse(send: Send) -> None:
    """Send the problem."""
    headers, body = answer()
    await send({"type": "http.response.start", "status": STATUS, "headers": headers})
    await send({"type": "http.response.body", "body": body})
