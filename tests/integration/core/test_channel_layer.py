"""Channel layer on real PostgreSQL: leaving a group, and recovery after closed connections."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from channels_postgres import db
from psycopg import AsyncConnection

from refinery.core.web import channel_layer, live_events
from refinery.core.web.channel_layer import PostgresChannelLayer
from refinery.settings.base import database
from refinery.stack.services import PostgresServer


@pytest.fixture(autouse=True)
def separate_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use a separate connection pool, because the package keeps one per process and it is bound to the event loop."""
    monkeypatch.setattr(db, "connection_pool", None)
    monkeypatch.setattr(db, "is_creating_connection_pool", asyncio.Lock())


@pytest.mark.usefixtures("committed_db")
async def test_channel_layer_group_discard_removes_only_that_channel(postgres: PostgresServer) -> None:
    """One of two channels leaves; the other remains, and leaving twice is no error."""
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
async def test_channel_layer_reconnects_after_lost_database(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The listener's and all pool connections are closed; listeners still receive later messages."""
    monkeypatch.setattr(channel_layer, "RECONNECT_SECONDS", 0.01)
    layer = PostgresChannelLayer(**database(postgres.url_app), ATOMIC_REQUESTS=False, AUTOCOMMIT=True)
    layer.listener_task_is_running = listening = asyncio.Event()
    channel = await layer.new_channel()
    await layer.group_add("queue", channel)
    heard = asyncio.create_task(layer.receive(channel))
    try:
        await asyncio.wait_for(listening.wait(), 60)
        pool = db.connection_pool
        assert pool is not None
        await terminate_connections(postgres, [one.info.backend_pid for one in pool._pool])
        await layer.group_send("queue", {"type": "live.event", "event": {"id": "7"}})
        assert (await asyncio.wait_for(heard, 60))["event"] == {"id": "7"}
    finally:
        heard.cancel()
        if db.connection_pool is not None:
            with suppress(asyncio.CancelledError):
                await db.connection_pool.close()


@pytest.mark.usefixtures("committed_db")
async def test_channel_layer_delivers_message_sent_before_listen(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package reads the stored messages and listens only then; a message between the two is no loss."""
    layer = PostgresChannelLayer(**database(postgres.url_app), ATOMIC_REQUESTS=False, AUTOCOMMIT=True)
    channel = await layer.new_channel()
    retrieve = layer.django_db.retrieve_non_expired_queued_messages
    calls: list[int] = []

    async def retrieve_then_send() -> object:
        rows = await retrieve()
        if not calls:
            await layer.send(channel, {"type": "live.event", "event": {"id": "9"}})
        calls.append(len(rows))
        return rows

    monkeypatch.setattr(layer.django_db, "retrieve_non_expired_queued_messages", retrieve_then_send)
    heard = asyncio.create_task(layer.receive(channel))
    try:
        assert (await asyncio.wait_for(heard, 60))["event"] == {"id": "9"}
    finally:
        if db.connection_pool is not None:
            with suppress(asyncio.CancelledError):
                await db.connection_pool.close()


async def terminate_connections(postgres: PostgresServer, pids: list[int]) -> None:
    """Terminate the connections of the pool and the listener, as a stopping server does."""
    query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %%' OR pid = ANY(%s)"
    async with await AsyncConnection.connect(postgres.url_app) as own:
        await own.execute(query, [pids])


@pytest.mark.usefixtures("committed_db")
async def test_message_to_groups_reaches_each_member_once(postgres: PostgresServer) -> None:
    """A member of both groups gets one message, other groups none."""
    layer = PostgresChannelLayer(**database(postgres.url_app), ATOMIC_REQUESTS=False, AUTOCOMMIT=True)
    both, one, none = [await layer.new_channel() for _ in range(3)]
    for group, channel in (("queue", both), ("document", both), ("document", one), ("batch", none)):
        await layer.group_add(group, channel)
    try:
        await layer.send_to_groups(("queue", "document", "empty"), {"type": "live.event", "event": {"id": "3"}})
        stored = await layer.django_db.retrieve_non_expired_queued_messages()
        assert sorted(channel for _, channel, _, _ in stored) == sorted([both, one])
        assert {layer.deserialize(message)["event"]["id"] for _, _, message, _ in stored} == {"3"}
        with pytest.raises(TypeError):
            await layer.send_to_groups(("no group!",), {"type": "live.event"})
    finally:
        if db.connection_pool is not None:
            with suppress(asyncio.CancelledError):
                await db.connection_pool.close()


async def test_live_event_is_sent_to_all_groups_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A layer that can send to several groups is asked once."""
    sent: list[tuple[tuple[str, ...], dict[str, Any]]] = []

    class Layer:
        async def send_to_groups(self, groups: tuple[str, ...], message: dict[str, Any]) -> None:
            sent.append((groups, message))

    monkeypatch.setattr(live_events, "get_channel_layer", Layer)
    await live_events._send_all(("queue.1", "document.2"), {"id": "2"})
    assert sent == [(("queue.1", "document.2"), {"type": "live.event", "event": {"id": "2"}})]
