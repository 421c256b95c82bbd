"""Live updates over PostgreSQL: the package's channel layer, extended to survive a lost database."""

import asyncio
from base64 import b64encode
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final
from weakref import WeakSet

import structlog
from channels_postgres.core import PostgresChannelLayer as PackagesLayer
from channels_postgres.db import GROUP_CHANNEL_TABLE, MESSAGE_TABLE
from psycopg import Error, sql
from psycopg_pool import AsyncConnectionPool

log = structlog.get_logger(__name__)

RECONNECT_SECONDS: Final = 1.0
LEAVE_GROUP_SQL = sql.SQL("DELETE FROM {} WHERE group_key = %s AND channel = %s").format(
    sql.Identifier(GROUP_CHANNEL_TABLE)
)

# The table's trigger notifies the listeners of each row.
SEND_TO_GROUPS_SQL = sql.SQL(
    "INSERT INTO {messages} (channel, message, expire)"
    " SELECT DISTINCT channel, %s::bytea, now() + make_interval(secs => %s) FROM {members} WHERE group_key = ANY(%s)"
).format(messages=sql.Identifier(MESSAGE_TABLE), members=sql.Identifier(GROUP_CHANNEL_TABLE))


class PostgresChannelLayer(PackagesLayer):  # type: ignore[misc]  # channels_postgres has no types
    """Channel layer that sends to groups in one statement, and leaves them through its own pool.

    The package needs four round trips for each group, also for one without members, and a separate Django database to
    leave a group.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Override the deletion of group members, and check connections before the pool hands them out."""
        options = {"check": AsyncConnectionPool.check_connection, **kwargs.pop("PSYCOPG_OPTIONS", {})}
        super().__init__(*args, **kwargs, PSYCOPG_OPTIONS=options)
        self.django_db.delete_channel_group = self._leave
        self._listening: WeakSet[asyncio.AbstractEventLoop] = WeakSet()

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """Send a message to a group."""
        await self.send_to_groups((group,), message)

    async def send_to_groups(self, groups: Iterable[str], message: dict[str, Any]) -> None:
        """Send a message to all members of some groups, once to a member of several."""
        keys = [self._group_key(group) for group in groups if self.require_valid_group_name(group)]
        pool = await self.django_db.get_db_pool(db_params=self.django_db.db_params)
        async with pool.connection() as connection:
            await connection.execute(SEND_TO_GROUPS_SQL, (self.serialize(message), self.expiry, keys))

    async def listen_to_all_channels(self) -> None:
        """Listen, and reconnect when a lost database is available again; once per event loop.

        The package's listener ends silently with its connection: open pages would appear live but receive nothing more.
        Messages sent meanwhile stay in the database for a minute and are delivered after the reconnect, some twice.
        """
        loop = asyncio.get_running_loop()
        if loop in self._listening:
            return
        self._listening.add(loop)
        try:
            while True:
                if await self._listen_until_stopped():
                    return
                await asyncio.sleep(RECONNECT_SECONDS)
        finally:
            self._listening.discard(loop)

    async def _listen_until_stopped(self) -> bool:
        """Listen until stopped; False if the connection was lost before."""
        listening, _ = self._get_or_create_listener_task()
        missed = asyncio.create_task(self._deliver_missed(listening))
        try:
            await super().listen_to_all_channels()
        except Error as reason:
            listening.clear()
            log.warning("live_listener_lost", reason=type(reason).__name__)
            return False
        finally:
            missed.cancel()
        return True

    async def _deliver_missed(self, listening: asyncio.Event) -> None:
        """Deliver what was sent after the package read the stored messages and before it listened."""
        await listening.wait()
        with suppress(Error):  # the listener meets the same lost database, and reconnects
            for number, channel, message, expires in await self.django_db.retrieve_non_expired_queued_messages():
                event = f"{number}:{channel}:{b64encode(message).decode()}:{expires}"
                self._get_or_create_queue(channel).put_nowait(event)

    async def _leave(self, group_key: str, channel: str) -> None:
        pool = await self.django_db.get_db_pool(db_params=self.django_db.db_params)
        async with pool.connection() as connection:
            await connection.execute(LEAVE_GROUP_SQL, (group_key, channel))
