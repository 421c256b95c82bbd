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


def reuse_leading_pages(
    reuse_next: Callable[[int], ReusedPages | None], blob_key: str, done: int, total: int, heartbeat: Heartbeat
) -> tuple[int, int]:
    """Reuse all pages that follow page `done` without a gap; return the last page number and the page count.

    Raises the errors of `open_blob`: a document whose original is lost must fail, even if its pages are known.
    """
    open_blob(blob_key).close()
    while not done or done < total:
        reused = reuse_next(done)
        if reused is None:
            break
        done, total = reused.last_page, reused.total_pages
        heartbeat.advance(done)
        stop_if_shutting_down()
    return done, total
