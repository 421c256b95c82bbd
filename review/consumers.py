"""The socket of a tenant's desks."""

from typing import Any, ClassVar

from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.roles import Verb
from refinery.core.web.live_events import queue_group
from refinery.core.web.sockets import LiveConsumer


class QueueConsumer(LiveConsumer):
    """What comes into the queues and leaves them."""

    verb: ClassVar = Verb.DOCUMENT_VIEW

    def find_group(self, actor: Actor, ids: dict[str, Any]) -> str | None:
        """Give the group of the actor's own tenant."""
        return queue_group(actor.tenant_id)
