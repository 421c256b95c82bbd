"""Live updates over PostgreSQL: the package's layer, without its need of a second Django database."""

from typing import Any

from channels_postgres.core import PostgresChannelLayer as PackagesLayer
from channels_postgres.db import GROUP_CHANNEL_TABLE
from psycopg import sql

LEAVE = sql.SQL("DELETE FROM {} WHERE group_key = %s AND channel = %s").format(sql.Identifier(GROUP_CHANNEL_TABLE))


class PostgresChannelLayer(PackagesLayer):  # type: ignore[misc]  # channels_postgres has no types
    """The package leaves a group over a Django database of its own name; here its pool does that too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the package's signature
        """Take the way of leaving a group into our own hands."""
        super().__init__(*args, **kwargs)
        self.django_db.delete_channel_group = self._leave

    async def _leave(self, group_key: str, channel: str) -> None:
        pool = await self.django_db.get_db_pool(db_params=self.django_db.db_params)
        async with pool.connection() as connection:
            await connection.execute(LEAVE, (group_key, channel))
