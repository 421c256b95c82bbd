"""Live updates over PostgreSQL: the package's layer, as one that outlives its database's absence."""

import asyncio
from typing import Any, Final
from weakref import WeakSet

import structlog
from channels_postgres.core import PostgresChannelLayer as PackagesLayer
from channels_postgres.db import GROUP_CHANNEL_TABLE
from psycopg import Error, sql
from psycopg_pool import AsyncConnectionPool

log = structlog.get_logger(__name__)

AGAIN_SECONDS: Final = 1.0
LEAVE = sql.SQL("DELETE FROM {} WHERE group_key = %s AND channel = %s").format(sql.Identifier(GROUP_CHANNEL_TABLE))


class PostgresChannelLayer(PackagesLayer):  # type: ignore[misc]  # channels_postgres has no types
    """The package leaves a group over a Django database of its own name; here its pool does that too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the package's signature
        """Take the way of leaving a group into our own hands, and no connection that has ended."""
        options = {"check": AsyncConnectionPool.check_connection, **kwargs.pop("PSYCOPG_OPTIONS", {})}
        super().__init__(*args, **kwargs, PSYCOPG_OPTIONS=options)
        self.django_db.delete_channel_group = self._leave
        self._listening: WeakSet[asyncio.AbstractEventLoop] = WeakSet()

    async def listen_to_all_channels(self) -> None:
        """Listen, and again once a database that was gone is back; once on each event loop.

        The package's listener ends with its connection, without a word, and every open page would call itself live
        and hear nothing more. What was sent meanwhile lies in its table for a minute and is heard then.
        """
        loop = asyncio.get_running_loop()
        if loop in self._listening:
            return
        self._listening.add(loop)
        try:
            while True:
                if await self._listened_out():
                    return
                await asyncio.sleep(AGAIN_SECONDS)
        finally:
            self._listening.discard(loop)

    async def _listened_out(self) -> bool:
        """Listen until told to stop; False when the connection was lost before."""
        try:
            await super().listen_to_all_channels()
        except Error as reason:
            log.warning("live_listener_lost", reason=type(reason).__name__)
            return False
        return True

    async def _leave(self, group_key: str, channel: str) -> None:
        pool = await self.django_db.get_db_pool(db_params=self.django_db.db_params)
        async with pool.connection() as connection:
            await connection.execute(LEAVE, (group_key, channel))
