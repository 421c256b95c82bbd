"""Identifiers that sort by time (UUID version 7, RFC 9562): inserts go to the end of an index."""

from datetime import UTC, datetime
from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """Return a new UUID version 7."""
    return UUID(int=uuid_utils.uuid7().int)


def first_id_at(moment: datetime) -> UUID:
    """Return the lowest UUID version 7 of a moment: ids created later are greater."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (2 << 62))


def moment_of_id(row_id: UUID) -> datetime:
    """Return the time, in milliseconds, at which a UUID version 7 was made."""
    return datetime.fromtimestamp((row_id.int >> 80) / 1000, UTC)
