"""Origin check of WebSockets: pages must be of this site; programs have no origin and present a ticket."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from channels.security.websocket import AllowedHostsOriginValidator

SocketScope = dict[str, Any]
SocketApp = Callable[[SocketScope, Any, Any], Awaitable[None]]


class SameOriginSockets:
    """ASGI middleware for WebSockets: a page's origin must be this site, a ticket needs no origin."""

    def __init__(self, app: SocketApp) -> None:
        """Store the application, with and without the origin check."""
        self.app = app
        self.for_pages = AllowedHostsOriginValidator(app)

    async def __call__(self, scope: SocketScope, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's callables
        """Let programs pass, whose ticket is checked later; check the origin of all others."""
        app = self.app if is_program(scope) else self.for_pages
        await app(scope, receive, send)


def is_program(scope: SocketScope) -> bool:
    """Return whether a program connects: browsers always send an origin, and with a ticket no cookie is used."""
    named = any(name == b"origin" for name, _ in scope.get("headers", []))
    return not named and "token" in parse_qs(scope.get("query_string", b"").decode("latin-1"))
