"""The web process: HTTP, and sockets that need a signed-in session from this site's own origin."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "refinery.settings.local")
http = get_asgi_application()  # sets Django up: what follows needs its apps

from refinery.core.web.access_log import reword_daphne  # noqa: E402 - after the set-up
from refinery.core.web.body_limits import BodyLimit  # noqa: E402 - after the set-up
from refinery.core.web.body_spooling import bound_daphne  # noqa: E402 - after the set-up
from refinery.routing import sockets  # noqa: E402 - after the set-up

bound_daphne()
reword_daphne()
application = ProtocolTypeRouter({"http": BodyLimit(http), "websocket": sockets})
