"""Every socket of the web process."""

from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from channels.sessions import SessionMiddlewareStack

sockets = AllowedHostsOriginValidator(SessionMiddlewareStack(URLRouter([])))
