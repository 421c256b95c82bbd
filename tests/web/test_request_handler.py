"""The web process hands a request over to its thread as rarely as possible."""

import asyncio
import threading
from typing import Any

import pytest
from asgiref.sync import SyncToAsync
from asgiref.testing import ApplicationCommunicator
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from refinery.core.web.request_handler import OneCallHandler

HEADERS = [(b"host", b"localhost")]
HAND_OVERS = 3  # the signal before the request, middleware and view together, the close of the response


def show_thread(request: HttpRequest) -> HttpResponse:
    """Return the name of the thread."""
    return HttpResponse(threading.current_thread().name, status=int(request.GET.get("status", "200")))


def fail(request: HttpRequest) -> HttpResponse:
    """Raise an error."""
    raise LookupError(request.path)


urlpatterns = [path("thread", show_thread), path("fail", fail)]


async def respond(address: str, query: bytes = b"") -> list[dict[str, Any]]:
    """Send one request to the handler and return all messages of its response."""
    scope = {"type": "http", "method": "GET", "path": address, "query_string": query, "headers": HEADERS}
    client: Any = ApplicationCommunicator(OneCallHandler(), scope)  # type: ignore[no-untyped-call]  # asgiref's
    await client.send_input({"type": "http.request"})
    messages = [await client.receive_output(timeout=20)]
    while messages[-1]["type"] != "http.response.body" or messages[-1].get("more_body"):
        messages.append(await client.receive_output(timeout=20))
    await client.wait(timeout=20)
    return messages


@override_settings(ROOT_URLCONF=__name__)
def test_middleware_and_view_are_one_call_on_another_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    original = SyncToAsync.__call__

    async def count(self: SyncToAsync[..., object], *args: Any, **kwargs: Any) -> object:
        calls.append(getattr(self.func, "__name__", repr(self.func)))
        return await original(self, *args, **kwargs)

    monkeypatch.setattr(SyncToAsync, "__call__", count)
    start, body = asyncio.run(respond("/thread", b"status=418"))
    assert start["status"] == 418
    assert body["body"].decode() != threading.current_thread().name
    assert len(calls) == HAND_OVERS, calls


@override_settings(ROOT_URLCONF=__name__)
def test_all_middleware_acts_on_the_response() -> None:
    start, _ = asyncio.run(respond("/thread"))
    names = {name.decode().lower() for name, _ in start["headers"]}
    assert names >= {"content-security-policy", "x-request-id", "x-frame-options", "x-content-type-options"}


@override_settings(ROOT_URLCONF=__name__)
def test_an_error_of_a_view_is_a_response() -> None:
    start, _ = asyncio.run(respond("/fail"))
    assert start["status"] == 500
