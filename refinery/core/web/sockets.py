"""WebSocket for live events: opened with a session cookie or a ticket, and checked again while open."""

import asyncio
from contextlib import suppress
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
NOT_SIGNED_IN, NOT_FOUND = 4401, 4404


class LiveConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """WebSocket of one group: subclasses set the permission and find the group; None closes it as not found."""

    permission: ClassVar[Permission]
    actor: Actor | None = None
    group: str | None = None
    recheck_task: "asyncio.Task[None] | None" = None

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
        if self.recheck_task is not None:
            self.recheck_task.cancel()
            with suppress(asyncio.CancelledError):
                await self.recheck_task
        if self.group is not None:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:  # noqa: ANN401 - channels' signature
        """Ignore messages: pages only listen."""

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
