"""Read a document's pages: one activity a document, which goes on where an earlier attempt stopped."""

from pathlib import Path
from tempfile import TemporaryDirectory

from temporalio import activity
from temporalio.exceptions import ApplicationError

from ingestion.blobs import fetch
from ingestion.domain.errors import WrongPassword
from ingestion.domain.ports import PageReader, ReadingOptions, ReadPage
from ingestion.services.reading import Original, begin_reading, finish_reading, reading_done, store_page
from refinery.web.secrets import BrokenSeal, unseal
from workers.activities.beat import Pulse, beating
from workers.activities.scope import ref_of
from workers.messages import DocumentOrder, PagesRead, ReadOrder


class ReadingActivities:
    """Reading, on the cpu queue."""

    def __init__(self, reader: PageReader, folder: Path | None = None) -> None:
        """Take the reader; `folder` holds what is read meanwhile, the system's own place by default."""
        self._reader = reader
        self._folder = folder

    @activity.defn
    def read_pages(self, read: ReadOrder) -> PagesRead:
        """Read every page that is not read yet, and keep each as it comes."""
        done = reading_done(ref_of(read.order))
        if done:
            return PagesRead(*done)
        original = begin_reading(ref_of(read.order))
        with (
            beating() as pulse,
            TemporaryDirectory(prefix="read-", dir=self._folder, ignore_cleanup_errors=True) as name,
        ):
            total = self._read(read, original, Path(name), pulse)
            failed = finish_reading(ref_of(read.order), total, original.fence)
        return PagesRead(total, failed)

    def _read(self, read: ReadOrder, original: Original, folder: Path, pulse: Pulse) -> int:
        """Give the number of pages that the file has."""
        total = original.pages
        if original.pages_done >= total > 0:
            return total
        pulse.starts_at(original.pages_done)
        source = fetch(original.blob_key, folder / "original")
        options = ReadingOptions(
            media_type=original.media_type,
            mode=original.mode,
            first_page=original.pages_done + 1,
            password=_password(read.sealed),
        )
        images = folder / "pages"
        images.mkdir()
        for page in self._reader.read(source, images, options):
            total = page.total_pages
            self._keep(read.order, page, original.fence)
            pulse.reached(page.reading.number)
        return total

    def _keep(self, order: DocumentOrder, page: ReadPage, fence: int) -> None:
        store_page(ref_of(order), page, fence)
        for image in (page.image, page.thumbnail):
            image.unlink(missing_ok=True)
        if activity.is_worker_shutdown():
            message = "the worker is leaving: another one goes on"
            raise ApplicationError(message, type="leaving")


def _password(sealed: str) -> str | None:
    """Open the seal; a broken one counts as a wrong password, so that people are asked again."""
    if not sealed:
        return None
    try:
        return unseal(sealed)
    except BrokenSeal as reason:
        raise WrongPassword from reason
