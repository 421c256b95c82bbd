"""Reuse of pages that were read before with the same settings, before any child process is used."""

from collections.abc import Callable

from ingestion.blobs import open_blob
from ingestion.domain.ports import ReadingOptions
from ingestion.services.page_reuse import ReusedPages
from workers.activities.heartbeat import Heartbeat, stop_if_shutting_down

SettingsDigest = Callable[[ReadingOptions], str]
"""Returns a digest of everything that a reading depends on besides its file; empty disables reuse."""


def no_settings_digest(_: ReadingOptions) -> str:
    """Return an empty digest, which disables page reuse."""
    return ""


def reuse_known_pages(
    reuse_next: Callable[[int, bool], ReusedPages | None], blob_key: str, done: int, total: int, heartbeat: Heartbeat
) -> int:
    """Reuse earlier readings after page `done`: first without a gap, then pages further on; return the page count.

    `reuse_next` gets the last page number, and whether gaps are allowed. Raises the errors of `open_blob`: a document
    whose original is lost must fail, even if its pages are known.
    """
    open_blob(blob_key).close()
    for scattered in (False, True):
        while not done or done < total:
            reused = reuse_next(done, scattered)
            if reused is None:
                break
            done, total = reused.last_page, reused.total_pages
            if not scattered:
                heartbeat.advance(done)
            stop_if_shutting_down()
    return total
