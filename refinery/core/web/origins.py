"""Who may knock at a socket: this site's own pages, and programs, which have no page and show a ticket."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from channels.security.websocket import AllowedHostsOriginValidator

Scope = dict[str, Any]
App = Callable[[Scope, Any, Any], Awaitable[None]]


class FromThisSite:
    """An ASGI wrapper for sockets: a page's origin has to be this site's, a ticket needs none."""

    def __init__(self, app: App) -> None:
        """Keep the application behind, and the same behind the check of a page's origin."""
        self.app = app
        self.for_pages = AllowedHostsOriginValidator(app)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's callables
        """Let a program through to have its ticket read; everyone else comes from a page."""
        app = self.app if is_program(scope) else self.for_pages
        await app(scope, receive, send)


def is_program(scope: Scope) -> bool:
    """Tell a program: a browser always names its page's origin, and with a ticket no cookie is looked at."""
    named = any(name == b"origin" for name, _ in scope.get("headers", []))
    return not named and "token" in parse_qs(scope.get("query_string", b"").decode("latin-1"))
