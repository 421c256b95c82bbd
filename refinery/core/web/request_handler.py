"""ASGI handler of HTTP requests that runs a request in one call on a thread of a pool."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import IO, Final, cast

from asgiref.sync import sync_to_async
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.db import close_old_connections
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from refinery.core.web.body_limits import AsgiReceive, AsgiScope, AsgiSend

MAX_THREADS: Final = 96
"""Most requests that run at the same time: 24 may wait in long polling, the others share the database's pool."""


class OneCallHandler(ASGIHandler):
    """Django's handler without asynchronous middleware, and without a thread for each request.

    Django's own middleware accepts both kinds of calls. In front of synchronous views it is called asynchronously, and
    then each of its steps is handed to the request's thread and awaited: some ten hand-overs for each request, most
    of which wait for the interpreter's lock while other requests run. Django also starts a thread for each request,
    which creates its own objects for the database. Here signals, middleware, view and the close of the response are
    one call, on a thread that the next request uses again. Only a streamed response continues as Django does it.
    """

    def __init__(self) -> None:
        """Start with no thread; they start when requests need them."""
        super().__init__()
        self.threads = ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="request")

    def load_middleware(self, is_async: bool = False) -> None:
        """Load the middleware for synchronous calls."""
        super().load_middleware(is_async=False)

    async def handle(self, scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        """Read the body, run the request on a thread, and send the response."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with body:
            call = partial(copy_context().run, self._respond, scope, body)
            response = await asyncio.get_running_loop().run_in_executor(self.threads, call)
            if response.streaming:
                await self._stream(response, receive, send)
            else:
                await self.send_response(response, send)

    def _respond(self, scope: AsgiScope, body: IO[bytes]) -> HttpResponseBase:
        """Return the response, closed unless it is streamed; the thread's database connection is released."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(scope, body)
        response: HttpResponseBase = self.get_response(request) if request else cast("HttpResponse", refusal)
        setattr(response, "_handler_class", self.__class__)  # noqa: B010 - the sender of request_finished, not annotated
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if response.streaming:
            close_old_connections()  # its pieces are fetched on another thread, which has its own
        else:
            response.close()
        return response

    async def _stream(self, response: HttpResponseBase, receive: AsgiReceive, send: AsgiSend) -> None:
        """Send the pieces until the end, or until the client disconnects."""
        sending = asyncio.create_task(self.send_response(response, send))
        leaving = asyncio.create_task(self.listen_for_disconnect(receive))
        try:
            await asyncio.wait([sending, leaving], return_when=asyncio.FIRST_COMPLETED)
        finally:
            sending.cancel()
            leaving.cancel()
            await asyncio.gather(sending, leaving, return_exceptions=True)
            await sync_to_async(response.close)()
        if not sending.cancelled():
            sending.result()  # raises what a piece raised
