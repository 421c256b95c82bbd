"""ASGI handler of HTTP requests that runs the middleware and the view in one call on the request's thread."""

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class OneCallHandler(ASGIHandler):
    """Django's handler without asynchronous middleware.

    Django's own middleware accepts both kinds of calls. In front of synchronous views it is called asynchronously, and
    then each of its steps is handed to the request's thread and awaited: some ten hand-overs for each request, most
    of which wait for the interpreter's lock while other requests run.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        """Load the middleware for synchronous calls."""
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """Return the response of the synchronous chain, which runs on the request's thread."""
        respond = sync_to_async(self.get_response, thread_sensitive=True)
        response: HttpResponseBase = await respond(request)
        return response
