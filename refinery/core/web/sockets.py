"""WebSocket for live events: opened with a session cookie or a ticket, and checked again while open."""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.actor import Actor
from refinery.core.tenancy.authentication import InvalidCredentials
from refinery.core.tenancy.roles import Permission
from refinery.core.tenancy.tickets import actor_of_ticket
from refinery.core.web.middleware import actor_of_session

RECHECK_SECONDS: Final = 30.0  # a socket closes within twice this time after its session is revoked
NOT_SIGNED_IN, NOT_FOUND, TOO_MANY = 4401, 4404, 4429


@dataclass(slots=True)
class SocketCounter:
    """Open sockets of this process, by tenant and by caller, with their limits.

    Used from the event loop only, so it needs no lock.
    """

    per_tenant: int
    per_caller: int
    _open: Counter[str] = field(default_factory=Counter)

    def enter(self, actor: Actor) -> bool:
        """Count a socket; False, and not counted, if the tenant or the caller has as many as allowed."""
        tenant, caller = self._names(actor)
        if self._open[tenant] >= self.per_tenant or self._open[caller] >= self.per_caller:
            return False
        self._open.update((tenant, caller))
        return True

    def leave(self, actor: Actor) -> None:
        """Count a closed socket."""
        for name in self._names(actor):
            self._open[name] -= 1
            if not self._open[name]:
                del self._open[name]

    @staticmethod
    def _names(actor: Actor) -> tuple[str, str]:
        return f"tenant {actor.tenant_id}", f"caller {actor.tenant_id} {actor.key_id or actor.user_id}"


OPEN_SOCKETS: Final = SocketCounter(per_tenant=1000, per_caller=40)
"""A page uses one or two sockets."""


class LiveConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """WebSocket of one group: subclasses set the permission and find the group; None closes it as not found."""

    permission: ClassVar[Permission]
    actor: Actor | None = None
    group: str | None = None
    recheck_task: "asyncio.Task[None] | None" = None
    counted: Actor | None = None

    def find_group(self, actor: Actor, ids: dict[str, Any]) -> str | None:
        """Return the group for the ids in the URL, None if the actor may not see it."""
        raise NotImplementedError

    async def connect(self) -> None:
        """Check access and join the group. The handshake is accepted first, so that the close code reaches the page."""
        await self.accept()
        self.actor = await database_sync_to_async(self._actor)()
        if self.actor is None:
            await self.close(NOT_SIGNED_IN)
            return
        if not OPEN_SOCKETS.enter(self.actor):
            await self.close(TOO_MANY)
            return
        self.counted = self.actor
        ids = self.scope["url_route"]["kwargs"]
        self.group = await database_sync_to_async(self._group)(self.actor, ids)
        if self.group is None:
            await self.close(NOT_FOUND)
            return
        await self.channel_layer.group_add(self.group, self.channel_name)
        self.recheck_task = asyncio.create_task(self._recheck_access())
        await self.send_json({"type": "live.ready"})

    async def disconnect(self, code: int) -> None:
        """Leave the group."""
        if self.counted is not None:
            OPEN_SOCKETS.leave(self.counted)
            self.counted = None
        if self.recheck_task is not None:
            self.recheck_task.cancel()
            with suppress(asyncio.CancelledError):
                await self.recheck_task
        if self.group is not None:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: Any = None, bytes_data: Any = None, **kwargs: Any) -> None:  # noqa: ANN401 - channels' signature
        """Ignore messages, whatever they contain: pages only listen."""

    async def live_event(self, message: dict[str, Any]) -> None:
        """Forward an event to the page."""
        await self.send_json(message["event"])

    async def _recheck_access(self) -> None:
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            if await database_sync_to_async(self._actor)() is None:
                await self.close(NOT_SIGNED_IN)
                return

    def _actor(self) -> Actor | None:
        """Authenticate again: a ticket's age is checked only at the handshake, its holder every time."""
        tickets = parse_qs(self.scope.get("query_string", b"").decode()).get("token", [])
        try:
            actor = (
                self._of_session()
                if not tickets
                else actor_of_ticket(tickets[0], already_admitted=self.actor is not None)
            )
        except InvalidCredentials:
            return None
        return actor if actor is not None and actor.can(self.permission) else None

    def _of_session(self) -> Actor | None:
        session: SessionBase = self.scope["session"]
        request = HttpRequest()
        request.session = session.__class__(session.session_key)  # type() would return channels' lazy wrapper
        return actor_of_session(request, "")

    def _group(self, actor: Actor, ids: dict[str, Any]) -> str | None:
        with tenant_scope(actor.tenant_id):
            return self.find_group(actor, ids)


class NotFoundConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """WebSocket for an unknown URL: closes with a code instead of an error."""

    async def connect(self) -> None:
        """Accept first, so that the close code reaches the client."""
        await self.accept()
        await self.close(NOT_FOUND)
