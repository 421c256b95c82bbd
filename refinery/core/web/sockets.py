"""A socket that passes on what moved: opened by the session's cookie or a ticket, looked at again while open."""

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
from refinery.core.tenancy.roles import Verb
from refinery.core.tenancy.tickets import actor_of_ticket
from refinery.core.web.middleware import actor_of_session

RECHECK_SECONDS: Final = 30.0  # a revoked session's socket closes within twice this
NOT_SIGNED_IN, NOT_FOUND = 4401, 4404


class LiveConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """Subclasses name the verb and find the group; a group of None is answered as not found."""

    verb: ClassVar[Verb]
    actor: Actor | None = None
    group: str | None = None
    watch: "asyncio.Task[None] | None" = None

    def find_group(self, actor: Actor, ids: dict[str, Any]) -> str | None:
        """Give the group for the ids of the address, None when the actor may not see it."""
        raise NotImplementedError

    async def connect(self) -> None:
        """Let in who may look. The handshake is accepted first, so that the close code reaches the page."""
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
        self.watch = asyncio.create_task(self._look_again())
        await self.send_json({"type": "live.ready"})

    async def disconnect(self, code: int) -> None:
        """Leave the group."""
        if self.watch is not None:
            self.watch.cancel()
            with suppress(asyncio.CancelledError):
                await self.watch
        if self.group is not None:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:  # noqa: ANN401 - channels' signature
        """Pages only listen."""

    async def live_event(self, message: dict[str, Any]) -> None:
        """Pass an event on."""
        await self.send_json(message["event"])

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            if await database_sync_to_async(self._actor)() is None:
                await self.close(NOT_SIGNED_IN)
                return

    def _actor(self) -> Actor | None:
        """Read the credential afresh: a ticket's age counts at the handshake alone, its holder always."""
        tickets = parse_qs(self.scope.get("query_string", b"").decode()).get("token", [])
        try:
            actor = (
                self._of_session() if not tickets else actor_of_ticket(tickets[0], admitted=self.actor is not None)
            )
        except InvalidCredentials:
            return None
        return actor if actor is not None and actor.can(self.verb) else None

    def _of_session(self) -> Actor | None:
        session: SessionBase = self.scope["session"]
        request = HttpRequest()
        request.session = session.__class__(session.session_key)  # type() would name channels' lazy wrapper
        return actor_of_session(request, "")

    def _group(self, actor: Actor, ids: dict[str, Any]) -> str | None:
        with tenant_scope(actor.tenant_id):
            return self.find_group(actor, ids)


class NowhereConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """What an address that leads nowhere answers: a close code, not a fault."""

    async def connect(self) -> None:
        """Accept, so that the close code reaches who asked."""
        await self.accept()
        await self.close(NOT_FOUND)
