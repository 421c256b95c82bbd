"""Read a document's pages: one activity a document, which goes on where an earlier attempt stopped."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from temporalio import activity

from ingestion.blobs import fetch, paper_folder
from ingestion.domain.errors import TooLarge
from ingestion.domain.page.rotation import turned_settings
from ingestion.domain.ports import PageReader, ReadingOptions, ReadPage
from ingestion.services.reading import (
    Finished,
    Original,
    begin_reading,
    finish_reading,
    known_pages,
    reading_done,
    store_page,
    take_over_pages,
    take_over_scattered,
)
from ingestion.services.third_engine import wants_second_look
from workers.activities.heartbeat import Pulse, beating, leave_if_asked
from workers.activities.reuse_pages import Named, taken_over, unnamed
from workers.activities.run_scope import ref_of
from workers.activities.sealed_password import password_in
from workers.messages import DocumentOrder, PagesRead, ReadOrder


class ReadingActivities:
    """Reading, on the cpu queue."""

    def __init__(
        self, reader: PageReader, folder: Path | None = None, named: Named = unnamed, *, third: bool = False
    ) -> None:
        """Take the reader; `folder` holds what is read meanwhile, the system's own place by default.

        `named` names what a reading depends on, so that the same need not be read again. `third` says that a third
        engine is set up for what stays in doubt.
        """
        self._reader = reader
        self._folder = folder
        self._named = named
        self._third = third

    @activity.defn
    def read_pages(self, read: ReadOrder) -> PagesRead:
        """Read every page that is not read yet, and keep each as it comes."""
        done = reading_done(ref_of(read.order))
        if done:
            return self._told(read.order, done)
        original = begin_reading(ref_of(read.order))
        with (
            beating() as pulse,
            TemporaryDirectory(prefix="read-", dir=self._folder, ignore_cleanup_errors=True) as name,
        ):
            total = self._read(read, original, Path(name), pulse)
            finished = finish_reading(ref_of(read.order), total, original.fence)
        return self._told(read.order, replace(finished, pages=total))

    def _told(self, order: DocumentOrder, done: Finished) -> PagesRead:
        look_again = self._third and wants_second_look(ref_of(order))
        return PagesRead(done.pages, done.failed, done.attachments, look_again)

    def _read(self, read: ReadOrder, original: Original, folder: Path, pulse: Pulse) -> int:
        """Give the number of pages that the file has."""
        total = original.pages
        if original.size > original.most_bytes:
            raise TooLarge(f"The file is larger than {original.most_bytes // 2**20} MB.")
        if original.pages_done >= total > 0:
            return total
        pulse.starts_at(original.pages_done)
        options = ReadingOptions(
            media_type=original.media_type,
            mode=original.mode,
            paper=paper_folder(original.blob_key),
            password=password_in(read.sealed),
            turns=tuple(original.turns.items()),
        )
        settings = self._named(options)
        total = self._take_over(read.order, original, settings, pulse)
        # a file whose pages nobody has counted yet has none here
        done, known = known_pages(ref_of(read.order)) if total else (0, ())
        if done >= total > 0:
            return total
        source = fetch(original.blob_key, folder / "original")
        images = folder / "pages"
        images.mkdir()
        for page in self._reader.read(source, images, replace(options, first_page=done + 1, known=known)):
            total = page.total_pages
            turn = original.turns.get(page.reading.number, 0)
            self._keep(read.order, page, original.fence, turned_settings(settings, turn))
            pulse.reached(page.reading.number)
        return total

    def _take_over(self, order: DocumentOrder, original: Original, settings: str, pulse: Pulse) -> int:
        """Take over what was read before: first what follows on, then what lies behind pages to be read."""
        if not settings:
            return original.pages
        ref, fence = ref_of(order), original.fence
        done, total = taken_over(
            lambda after: take_over_pages(ref, fence, settings, after=after, turns=original.turns),
            original.blob_key,
            original.pages_done,
            original.pages,
            pulse,
        )
        while not done or done < total:
            taken = take_over_scattered(ref, fence, settings, after=done, turns=original.turns)
            if taken is None:
                break
            done, total = taken.last, taken.total
            leave_if_asked()
        return total

    def _keep(self, order: DocumentOrder, page: ReadPage, fence: int, settings: str) -> None:
        store_page(ref_of(order), page, fence, settings)
        for image in (page.image, page.thumbnail):
            image.unlink(missing_ok=True)
        leave_if_asked()
