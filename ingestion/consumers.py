"""WebSockets of one document and of one batch."""

from typing import Any, ClassVar

from ingestion.models import Batch, Document
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.live_events import batch_group, document_group
from refinery.core.web.sockets import LiveConsumer


class DocumentConsumer(LiveConsumer):
    """Live events of one document."""

    permission: ClassVar = Permission.DOCUMENT_VIEW

    def find_group(self, actor: Actor, ids: dict[str, Any]) -> str | None:
        """Return the document's group."""
        found = Document.objects.visible_to(actor).filter(pk=ids["document_id"]).exists()
        return document_group(ids["document_id"]) if found else None


class BatchConsumer(LiveConsumer):
    """Live events of one batch."""

    permission: ClassVar = Permission.BATCH_VIEW

    def find_group(self, actor: Actor, ids: dict[str, Any]) -> str | None:
        """Return the batch's group."""
        found = Batch.objects.visible_to(actor).filter(pk=ids["batch_id"]).exists()
        return batch_group(ids["batch_id"]) if found else None
