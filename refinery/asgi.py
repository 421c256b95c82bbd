"""ASGI application: HTTP, and WebSockets, which require a signed-in session from this site's own origin."""

import gc
import os

import django
from channels.routing import ProtocolTypeRouter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "refinery.settings.local")
django.setup(set_prefix=False)  # the following imports need it

from refinery.core.web.access_log import install_access_log  # noqa: E402 - after the set-up
from refinery.core.web.body_limits import BodyLimit  # noqa: E402 - after the set-up
from refinery.core.web.body_spooling import install_bounded_requests  # noqa: E402 - after the set-up
from refinery.core.web.request_handler import OneCallHandler  # noqa: E402 - after the set-up
from refinery.routing import sockets  # noqa: E402 - after the set-up

install_bounded_requests()
install_access_log()
application = ProtocolTypeRouter({"http": BodyLimit(OneCallHandler()), "websocket": sockets})
gc.collect()
gc.freeze()  # modules live as long as the process: a full collection over them pauses all requests
gc.set_threshold(20_000, 20, 20)  # a request allocates thousands of objects, nearly all without cycles
