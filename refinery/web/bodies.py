"""Refuse bodies that are too large before they are spooled: by their declared length, and while they arrive."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

OVERHEAD_BYTES = 2**20  # a multipart envelope and its other fields


class BodyLimit:
    """An ASGI wrapper: a request may carry UPLOAD_MAX_BYTES and its envelope, no more."""

    def __init__(self, app: App) -> None:
        """Keep the application behind."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 at once when the declared length is too large; cut off a body that grows beyond it."""
        limit = settings.UPLOAD_MAX_BYTES + OVERHEAD_BYTES
        declared = dict(scope.get("headers", [])).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > limit:
            await refuse(send)
            return
        received = 0

        async def counted() -> MutableMapping[str, Any]:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                # The client lied or sent chunks: to the application it has gone away.
                return {"type": "http.disconnect"}
            return message

        await self.app(scope, counted, send)


async def refuse(send: Send) -> None:
    """Send the problem; the connection closes, for its body will not be read."""
    body = json.dumps(
        {
            "type": "urn:refinery:problem:too_large",
            "title": "Too large",
            "status": 413,
            "detail": f"A file may have at most {settings.UPLOAD_MAX_BYTES // 2**20} MB.",
        }
    ).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
