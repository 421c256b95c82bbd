"""ASGI application: HTTP, and WebSockets, which require a signed-in session from this site's own origin."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "refinery.settings.local")
http = get_asgi_application()  # sets up Django, which the following imports need

from refinery.core.web.access_log import install_access_log  # noqa: E402 - after the set-up
from refinery.core.web.body_limits import BodyLimit  # noqa: E402 - after the set-up
from refinery.core.web.body_spooling import install_bounded_requests  # noqa: E402 - after the set-up
from refinery.routing import sockets  # noqa: E402 - after the set-up

install_bounded_requests()
install_access_log()
application = ProtocolTypeRouter({"http": BodyLimit(http), "websocket": sockets})
