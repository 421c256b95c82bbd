"""Identifiers that sort by time (UUID version 7, RFC 9562): inserts stay at the end of an index."""

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """Make a UUID version 7."""
    return UUID(int=uuid_utils.uuid7().int)
