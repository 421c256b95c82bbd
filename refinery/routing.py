"""WebSocket routes of the web process."""

from channels.routing import URLRouter
from channels.sessions import SessionMiddlewareStack
from django.urls import path, re_path

from ingestion.consumers import BatchConsumer, DocumentConsumer
from refinery.core.web.origins import SameOriginSockets
from refinery.core.web.sockets import NotFoundConsumer
from review.consumers import QueueConsumer

urlpatterns = [
    path("ws/documents/<uuid:document_id>", DocumentConsumer.as_asgi()),
    path("ws/batches/<uuid:batch_id>", BatchConsumer.as_asgi()),
    path("ws/queue", QueueConsumer.as_asgi()),
    re_path("", NotFoundConsumer.as_asgi()),
]
sockets = SameOriginSockets(SessionMiddlewareStack(URLRouter(urlpatterns)))
