"""The web process hands a request over to its thread as rarely as possible."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import Any

import pytest
from asgiref.sync import SyncToAsync
from asgiref.testing import ApplicationCommunicator
from django.core.signals import request_finished, request_started
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import override_settings
from django.urls import path

from refinery.core.web.request_handler import OneCallHandler
from refinery.core.web.streaming import PieceByPiece

HEADERS = [(b"host", b"localhost")]


def show_thread(request: HttpRequest) -> HttpResponse:
    """Return the name of the thread."""
    return HttpResponse(threading.current_thread().name, status=int(request.GET.get("status", "200")))


def fail(request: HttpRequest) -> HttpResponse:
    """Raise an error."""
    raise LookupError(request.path)


ENDED: list[str] = []


class ClosableResponse(PieceByPiece):
    """Streamed response that reports its close."""

    def close(self) -> None:
        """Record the close."""
        super().close()
        ENDED.append("closed")


def send_pieces(request: HttpRequest) -> HttpResponseBase:
    """Stream two pieces."""
    return ClosableResponse(iter([b"one", b"two"]))


def send_endlessly(request: HttpRequest) -> HttpResponseBase:
    """Stream without end."""
    return ClosableResponse(repeat(b"more"))


def break_off(request: HttpRequest) -> HttpResponseBase:
    """Stream a piece, then raise an error."""

    def pieces() -> Iterator[bytes]:
        yield b"one"
        message = "a piece"
        raise LookupError(message)

    return ClosableResponse(pieces())


urlpatterns = [
    path("thread", show_thread),
    path("fail", fail),
    path("pieces", send_pieces),
    path("endless", send_endlessly),
    path("broken", break_off),
]


def communicator(address: str, query: bytes = b"", application: OneCallHandler | None = None) -> Any:  # noqa: ANN401 - asgiref's classes have no annotations
    """Return asgiref's client for one request."""
    scope = {"type": "http", "method": "GET", "path": address, "query_string": query, "headers": HEADERS}
    return ApplicationCommunicator(application or OneCallHandler(), scope)  # type: ignore[no-untyped-call]  # asgiref's


async def respond(address: str, query: bytes = b"", application: OneCallHandler | None = None) -> list[dict[str, Any]]:
    """Send one request to the handler and return all messages of its response."""
    client = communicator(address, query, application)
    await client.send_input({"type": "http.request"})
    messages = [await client.receive_output(timeout=20)]
    while messages[-1]["type"] != "http.response.body" or messages[-1].get("more_body"):
        messages.append(await client.receive_output(timeout=20))
    await client.wait(timeout=20)
    return messages


@pytest.fixture
def hand_overs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the functions that are handed over to Django's thread of the request."""
    calls: list[str] = []
    original = SyncToAsync.__call__

    async def count(self: SyncToAsync[..., object], *args: Any, **kwargs: Any) -> object:
        calls.append(getattr(self.func, "__name__", repr(self.func)))
        return await original(self, *args, **kwargs)

    monkeypatch.setattr(SyncToAsync, "__call__", count)
    return calls


@override_settings(ROOT_URLCONF=__name__)
def test_signals_middleware_and_view_are_one_call_on_another_thread(hand_overs: list[str]) -> None:
    start, body = asyncio.run(respond("/thread", b"status=418"))
    assert start["status"] == 418
    assert body["body"].decode().startswith("request")
    assert not hand_overs


@override_settings(ROOT_URLCONF=__name__)
def test_threads_are_used_again() -> None:
    async def names() -> set[str]:
        application = OneCallHandler()
        application.threads = ThreadPoolExecutor(1, thread_name_prefix="only")
        answers = await asyncio.gather(*(respond("/thread", application=application) for _ in range(3)))
        return {body["body"].decode() for _, body in answers}

    assert asyncio.run(names()) == {"only_0"}


@override_settings(ROOT_URLCONF=__name__)
def test_signals_frame_the_request_on_its_thread() -> None:
    seen: list[str] = []

    def begin(**_: object) -> None:
        seen.append(f"begin {threading.current_thread().name}")

    def end(**_: object) -> None:
        seen.append(f"end {threading.current_thread().name}")

    request_started.connect(begin)
    request_finished.connect(end)
    try:
        _, body = asyncio.run(respond("/thread"))
    finally:
        request_started.disconnect(begin)
        request_finished.disconnect(end)
    name = body["body"].decode()
    assert seen == [f"begin {name}", f"end {name}"]


@override_settings(ROOT_URLCONF=__name__)
def test_a_streamed_response_is_sent_piece_by_piece_and_closed() -> None:
    ENDED.clear()
    _, *pieces = asyncio.run(respond("/pieces"))
    assert [piece.get("body", b"") for piece in pieces] == [b"one", b"two", b""]
    assert ENDED == ["closed"]


@override_settings(ROOT_URLCONF=__name__)
def test_a_client_that_disconnects_ends_a_streamed_response() -> None:
    async def leave() -> bytes:
        client = communicator("/endless")
        await client.send_input({"type": "http.request"})
        await client.receive_output(timeout=20)
        piece: bytes = (await client.receive_output(timeout=20))["body"]
        await client.send_input({"type": "http.disconnect"})
        await client.wait(timeout=20)
        return piece

    ENDED.clear()
    assert asyncio.run(leave()) == b"more"
    assert ENDED == ["closed"]


@override_settings(ROOT_URLCONF=__name__)
def test_an_error_of_a_piece_reaches_the_server() -> None:
    with pytest.raises(LookupError, match="a piece"):
        asyncio.run(respond("/broken"))


@override_settings(ROOT_URLCONF=__name__)
def test_all_middleware_acts_on_the_response() -> None:
    start, _ = asyncio.run(respond("/thread"))
    names = {name.decode().lower() for name, _ in start["headers"]}
    assert names >= {"content-security-policy", "x-request-id", "x-frame-options", "x-content-type-options"}


@override_settings(ROOT_URLCONF=__name__)
def test_an_error_of_a_view_is_a_response() -> None:
    start, _ = asyncio.run(respond("/fail"))
    assert start["status"] == 500
