"""Stored files in responses: a missing or damaged one is 404, an unavailable store 503."""

from typing import IO, cast

from ingestion.blobs import open_blob
from ingestion.domain.errors import MissingFile
from refinery.core.web.file_store import StoreUnavailable
from refinery.core.web.problems import Problem


def open_for_response(key: str) -> IO[bytes]:
    """Open a stored file; raises Problem 404 if the store has lost it, StoreUnavailable if it does not answer."""
    try:
        return cast("IO[bytes]", open_blob(key))
    except MissingFile as reason:
        raise Problem(404, "not-found", "Not found", str(reason)) from reason
    except FileNotFoundError as reason:
        raise StoreUnavailable(type(reason).__name__) from reason
