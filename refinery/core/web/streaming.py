"""Responses that are sent piece by piece, also under ASGI.

Django collects a synchronous iterator into a list before an ASGI server sends any of it. These responses fetch one
piece after another in the request's thread, so that a large answer is never in memory as a whole.
"""

import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

JSON_TYPE: Final = "application/json"


class PieceByPiece(StreamingHttpResponse):
    """Streaming response whose synchronous iterator is consumed lazily."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the pieces, each fetched in the request's thread."""
        pieces = iter(self)
        while (piece := await sync_to_async(_next_piece)(pieces)) is not None:
            yield piece

    @property
    def content(self) -> bytes:  # type: ignore[override]  # Django's raises AttributeError
        """Return all pieces at once, for tests and for middleware that insists."""
        return self.getvalue()

    @property
    def text(self) -> str:  # type: ignore[override]  # the same
        """Return all pieces at once as text."""
        return self.content.decode(self.charset)


def _next_piece(pieces: Iterator[bytes]) -> bytes | None:
    return next(pieces, None)


class StreamedFile(PieceByPiece, FileResponse):
    """File that is read while it is sent."""


def streamed_json(head: Mapping[str, Any], name: str, rows: Iterable[object]) -> Iterator[str]:
    """Yield a JSON object with the members of `head` and, last, the list `name`, one row at a time."""
    opening = "".join(f"{_json(key)}: {_json(value)}, " for key, value in head.items())
    yield f"{{{opening}{_json(name)}: ["
    for position, row in enumerate(rows):
        yield f"{', ' if position else ''}{_json(row)}"
    yield "]}"


def attached(pieces: Iterable[str], media_type: str, name: str) -> HttpResponseBase:
    """Return pieces of text as a file to save."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return PieceByPiece(pieces, content_type=media_type, headers=headers)


def _json(value: object) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)
