"""Activity that reads a document's pages; it continues where an earlier attempt stopped."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from temporalio import activity

from ingestion.blobs import download_blob, rendition_folder
from ingestion.domain.errors import TooLarge
from ingestion.domain.page.rotation import rotated_settings
from ingestion.domain.ports import PageReader, ReadingOptions, ReadPage
from ingestion.services import reading
from ingestion.services.progress import StaleAttempt
from ingestion.services.third_engine import needs_third_engine
from workers.activities.heartbeat import Heartbeat, heartbeats, stop_if_shutting_down
from workers.activities.reuse_pages import SettingsDigest, no_settings_digest, reuse_known_pages
from workers.activities.run_scope import ref_of
from workers.activities.sealed_password import unsealed_password
from workers.messages import DocumentInput, OriginalInput, ReadPagesResult


class ReadingActivities:
    """Reading activities on the cpu queue."""

    def __init__(
        self,
        reader: PageReader,
        folder: Path | None = None,
        settings_digest: SettingsDigest = no_settings_digest,
        *,
        third_engine: bool = False,
    ) -> None:
        """Store the reader; `folder` holds temporary files, in the system's default location if None.

        `settings_digest` identifies everything that a reading depends on, so that identical pages can be reused.
        `third_engine` says that a third engine is configured for doubted lines.
        """
        self._reader = reader
        self._folder = folder
        self._settings_digest = settings_digest
        self._third_engine = third_engine

    @activity.defn
    def read_pages(self, original_input: OriginalInput) -> ReadPagesResult:
        """Read every page that has not been read yet, and store each as it arrives."""
        try:
            original = reading.begin_reading(ref_of(original_input.document_input))
        except StaleAttempt:
            done = reading.find_reading_summary(ref_of(original_input.document_input))
            if done is None:
                raise
            return self._read_pages_result(original_input.document_input, done)
        with (
            heartbeats() as heartbeat,
            TemporaryDirectory(prefix="read-", dir=self._folder, ignore_cleanup_errors=True) as name,
        ):
            total = self._read(original_input, original, Path(name), heartbeat)
            finished = reading.finish_reading(ref_of(original_input.document_input), total, original.fence)
        return self._read_pages_result(original_input.document_input, replace(finished, pages=total))

    def _read_pages_result(self, document_input: DocumentInput, done: reading.ReadingSummary) -> ReadPagesResult:
        third_engine_needed = self._third_engine and needs_third_engine(ref_of(document_input))
        return ReadPagesResult(done.pages, done.failed, done.attachments, third_engine_needed)

    def _read(
        self, original_input: OriginalInput, original: reading.OriginalFile, folder: Path, heartbeat: Heartbeat
    ) -> int:
        """Read the pages and return the page count of the file."""
        total = original.pages
        if original.size > original.max_bytes:
            raise TooLarge(f"The file is larger than {original.max_bytes // 2**20} MB.")
        if original.pages_done >= total > 0:
            return total
        heartbeat.start(original.pages_done)
        options = ReadingOptions(
            media_type=original.media_type,
            mode=original.mode,
            rendition_key=rendition_folder(original.blob_key),
            password=unsealed_password(original_input.sealed),
            rotations=tuple(original.rotations.items()),
        )
        settings = self._settings_digest(options)
        total = self._reuse_pages(original_input.document_input, original, settings, heartbeat)
        # before the page count is known, no page of the file is stored
        done, known = reading.stored_pages(ref_of(original_input.document_input)) if total else (0, ())
        if done >= total > 0:
            return total
        source = download_blob(original.blob_key, folder / "original")
        images = folder / "pages"
        images.mkdir()
        for page in self._reader.read(source, images, replace(options, first_page=done + 1, known_pages=known)):
            total = page.total_pages
            turn = original.rotations.get(page.reading.number, 0)
            self._store_page(original_input.document_input, page, original.fence, rotated_settings(settings, turn))
            heartbeat.advance(page.reading.number)
        return total

    def _reuse_pages(
        self, document_input: DocumentInput, original: reading.OriginalFile, settings: str, heartbeat: Heartbeat
    ) -> int:
        """Reuse earlier readings: first the pages that follow without a gap, then pages further on."""
        if not settings or not original.is_known:
            return original.pages
        ref, fence, turns = ref_of(document_input), original.fence, original.rotations
        return reuse_known_pages(
            lambda after, scattered: reading.reuse_pages(
                ref, fence, settings, after=after, rotations=turns, scattered=scattered
            ),
            original.blob_key,
            original.pages_done,
            original.pages,
            heartbeat,
        )

    def _store_page(self, document_input: DocumentInput, page: ReadPage, fence: int, settings: str) -> None:
        reading.store_page(ref_of(document_input), page, fence, settings)
        for image in (page.image, page.thumbnail):
            image.unlink(missing_ok=True)
        stop_if_shutting_down()
