"""The live-update layer on the real PostgreSQL: who leaves a group, and a database that ends its connections."""

import asyncio
from contextlib import suppress

import pytest
from channels_postgres import db
from psycopg import AsyncConnection

from refinery.core.web import channel_layer
from refinery.core.web.channel_layer import PostgresChannelLayer
from refinery.settings.base import database
from refinery.stack.services import PostgresServer


@pytest.fixture(autouse=True)
def own_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package keeps one pool a process: this test's own goes with its event loop."""
    monkeypatch.setattr(db, "connection_pool", None)
    monkeypatch.setattr(db, "is_creating_connection_pool", asyncio.Lock())


@pytest.mark.usefixtures("committed_db")
async def test_leaving_a_group(postgres: PostgresServer) -> None:
    """One of two goes; the other stays, and going twice is no fault."""
    layer = PostgresChannelLayer(**database(postgres.url_app), ATOMIC_REQUESTS=False, AUTOCOMMIT=True)
    first, second = "specific.first!a", "specific.second!b"
    try:
        for channel in (first, second):
            await layer.group_add("queue", channel)
        for _ in range(2):
            await layer.group_discard("queue", first)
        key = layer._group_key("queue")
        assert await layer.django_db.retrieve_group_channels(key) == [second]
    finally:
        if db.connection_pool is not None:
            with suppress(asyncio.CancelledError):
                await db.connection_pool.close()


@pytest.mark.usefixtures("committed_db")
async def test_a_lost_database_costs_no_page_its_events(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The listener's connection and all of the pool's end; whoever listened hears what is sent afterwards."""
    monkeypatch.setattr(channel_layer, "AGAIN_SECONDS", 0.01)
    layer = PostgresChannelLayer(**database(postgres.url_app), ATOMIC_REQUESTS=False, AUTOCOMMIT=True)
    layer.listener_task_is_running = listening = asyncio.Event()
    channel = await layer.new_channel()
    await layer.group_add("queue", channel)
    heard = asyncio.create_task(layer.receive(channel))
    try:
        await asyncio.wait_for(listening.wait(), 60)
        pool = db.connection_pool
        assert pool is not None
        await end(postgres, [one.info.backend_pid for one in pool._pool])
        await layer.group_send("queue", {"type": "live.event", "event": {"id": "7"}})
        assert (await asyncio.wait_for(heard, 60))["event"] == {"id": "7"}
    finally:
        heard.cancel()
        if db.connection_pool is not None:
            with suppress(asyncio.CancelledError):
                await db.connection_pool.close()


async def end(postgres: PostgresServer, pids: list[int]) -> None:
    """End the connections of a pool and of who listens, as a server does that stops."""
    query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %%' OR pid = ANY(%s)"
    async with await AsyncConnection.connect(postgres.url_app) as own:
        await own.execute(query, [pids])
