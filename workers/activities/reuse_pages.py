"""Pages that need not be read, for they were before by the same means: taken over ahead of any child process."""

from collections.abc import Callable

from ingestion.blobs import open_stored
from ingestion.domain.ports import ReadingOptions
from ingestion.services.page_reuse import Taken
from workers.activities.heartbeat import Pulse, leave_if_asked

Named = Callable[[ReadingOptions], str]
"""Names all that a reading depends on besides its file, as a digest; empty to take nothing over."""


def unnamed(_: ReadingOptions) -> str:
    """Take nothing over, and let nothing be taken."""
    return ""


def taken_over(
    take: Callable[[int], Taken | None], original: str, done: int, total: int, pulse: Pulse
) -> tuple[int, int]:
    """Take over all that follows page `done` without a gap; gives the last page's number and the file's total.

    Raises as open_stored: a document whose original is lost has to say so, whatever is known of its pages.
    """
    open_stored(original).close()
    while not done or done < total:
        taken = take(done)
        if taken is None:
            break
        done, total = taken.last, taken.total
        pulse.reached(done)
        leave_if_asked()
    return done, total
