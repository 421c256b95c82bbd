"""Locks on stored files, held by whoever is about to refer to a file or to delete it.

Files are stored before the rows that refer to them, in another transaction. Between the two, the erasure of another
document with the same bytes may delete the file. Both sides take the file's lock: who refers to it makes sure that it
is still there, who deletes it that nobody refers to it by now.
"""

from collections.abc import Collection

from ingestion.blobs import is_stored
from refinery.core.database.prepared import prepared_cursor
from refinery.core.web.file_store import StoreUnavailable

LOCK_SQL = """
SELECT pg_advisory_xact_lock(lock) FROM
  (SELECT DISTINCT hashtextextended(key, 0) AS lock FROM unnest(%s::text[]) AS key ORDER BY lock) AS locks
"""


class BlobGone(StoreUnavailable):
    """The file was deleted after it had been stored: storing it again helps."""


def lock_blobs(keys: Collection[str]) -> None:
    """Lock the files of these keys until the transaction ends, always in the same order."""
    with prepared_cursor() as cursor:
        cursor.execute(LOCK_SQL, [[key for key in keys if key]])


def hold_blobs(keys: Collection[str]) -> None:
    """Lock the files until the transaction ends, so that a row may refer to them; raises BlobGone."""
    lock_blobs(keys)
    if not all(is_stored(key) for key in keys if key):
        message = "a stored file was deleted before it was referred to"
        raise BlobGone(message)
