"""Every socket of the web process."""

from channels.routing import URLRouter
from channels.sessions import SessionMiddlewareStack
from django.urls import path, re_path

from ingestion.consumers import BatchConsumer, DocumentConsumer
from refinery.core.web.origins import FromThisSite
from refinery.core.web.sockets import NowhereConsumer
from review.consumers import QueueConsumer

urlpatterns = [
    path("ws/documents/<uuid:document_id>", DocumentConsumer.as_asgi()),
    path("ws/batches/<uuid:batch_id>", BatchConsumer.as_asgi()),
    path("ws/queue", QueueConsumer.as_asgi()),
    re_path("", NowhereConsumer.as_asgi()),
]
sockets = FromThisSite(SessionMiddlewareStack(URLRouter(urlpatterns)))
