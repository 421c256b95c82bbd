"""WebSocket of a tenant's review desks."""

from typing import Any, ClassVar

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Permission
from refinery.core.web.live_events import queue_group
from refinery.core.web.sockets import LiveConsumer


class QueueConsumer(LiveConsumer):
    """Live events of tasks that enter or leave the queues."""

    permission: ClassVar = Permission.DOCUMENT_VIEW

    def find_group(self, actor: Actor, ids: dict[str, Any]) -> str | None:
        """Return the group of the actor's tenant."""
        return queue_group(actor.tenant_id)
