"""The live-update layer on the real PostgreSQL: who leaves a group hears nothing more of it."""

import asyncio
from contextlib import suppress

import pytest
from channels_postgres import db

from refinery.settings.base import database
from refinery.stack.services import PostgresServer
from refinery.web.layers import PostgresChannelLayer


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
