"""Activities that reprocess a document with other options, as a separate reading that changes nothing in it."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from temporalio import activity

from ingestion.blobs import download_blob, rendition_folder
from ingestion.contracts import ReprocessingSource
from ingestion.domain.page.rotation import rotated_settings
from ingestion.domain.ports import PageReader, ReadingOptions
from ingestion.domain.reprocessing_status import THIRD_ENGINE_NAME
from ingestion.services import reprocessing_steps
from ingestion.services.reading import stored_pages
from quality.services.champion import load_champion
from refinery.core.types import TenantId
from workers.activities.heartbeat import Heartbeat, heartbeats, stop_if_shutting_down
from workers.activities.reuse_pages import SettingsDigest, no_settings_digest, reuse_known_pages
from workers.activities.sealed_password import unsealed_password
from workers.messages import ReprocessingFailure, ReprocessingInput


class ReprocessingActivities:
    """Reprocessing activities on the cpu queue."""

    def __init__(
        self, reader: PageReader, folder: Path | None = None, settings_digest: SettingsDigest = no_settings_digest
    ) -> None:
        """Store the reader and the digest of its settings; `folder` holds temporary files."""
        self._reader = reader
        self._folder = folder
        self._settings_digest = settings_digest

    @activity.defn
    def reprocess_pages(self, reprocessing_input: ReprocessingInput) -> None:
        """Read every page that has not been read yet; skip a run that is no longer wanted."""
        source = reprocessing_steps.begin_reprocessing(
            tenant_id=TenantId(UUID(reprocessing_input.tenant)), reprocessing_id=UUID(reprocessing_input.reprocessing)
        )
        if source is None:
            return
        with (
            heartbeats() as heartbeat,
            TemporaryDirectory(prefix="reprocessing-", dir=self._folder, ignore_cleanup_errors=True) as name,
        ):
            self._read(source, reprocessing_input.sealed, Path(name), heartbeat)

    def _read(self, source: ReprocessingSource, sealed: str, folder: Path, heartbeat: Heartbeat) -> None:
        ref = reprocessing_steps.reprocessing_run_ref(source)
        heartbeat.start(stored_pages(ref)[0])
        options = replace(_options(source), password=unsealed_password(sealed))
        settings = self._settings_digest(options)
        total = self._reuse_pages(source, settings, heartbeat)
        done, known = stored_pages(ref)
        if done >= total > 0:
            return
        original = download_blob(source.blob_key, folder / "original")
        images = folder / "pages"
        images.mkdir()
        options = replace(options, first_page=done + 1, known_pages=known)
        for page in self._reader.read(original, images, options):
            turn = source.rotations.get(page.reading.number, 0)
            reprocessing_steps.store_reprocessed_page(source, page, rotated_settings(settings, turn))
            for image in (page.image, page.thumbnail):
                image.unlink(missing_ok=True)
            heartbeat.advance(page.reading.number)
            stop_if_shutting_down()

    def _reuse_pages(self, source: ReprocessingSource, settings: str, heartbeat: Heartbeat) -> int:
        """Reuse earlier readings, as the reading of a document does, and return the page count of the file."""
        if not settings:
            return source.pages
        return reuse_known_pages(
            lambda after, scattered: reprocessing_steps.reuse_pages_for_reprocessing(
                source, settings, after=after, scattered=scattered
            ),
            source.blob_key,
            stored_pages(reprocessing_steps.reprocessing_run_ref(source))[0],
            source.pages,
            heartbeat,
        )


def _options(source: ReprocessingSource) -> ReadingOptions:
    renditions, turns = rendition_folder(source.blob_key), tuple(source.rotations.items())
    options = ReadingOptions(
        media_type=source.media_type, mode=source.options.mode, rendition_key=renditions, rotations=turns
    )
    engines = tuple(
        engine for engine in source.options.engines if engine != THIRD_ENGINE_NAME
    )  # the third engine reads lines that the other engines find
    return replace(options, engines=engines) if engines else options


class ReprocessingRecords:
    """Database activities that end a reprocessing run; they run on the io queue."""

    @activity.defn
    def complete_reprocessing(self, reprocessing_input: ReprocessingInput) -> str:
        """Compare the result with the current reading and return the run's status."""
        return reprocessing_steps.finish_reprocessing(
            tenant_id=TenantId(UUID(reprocessing_input.tenant)),
            reprocessing_id=UUID(reprocessing_input.reprocessing),
            load_model=load_champion,
        )

    @activity.defn
    def give_up_reprocessing(self, failure: ReprocessingFailure) -> str:
        """Record the failure for the waiting caller."""
        reprocessing_input = failure.reprocessing_input
        return reprocessing_steps.fail_reprocessing(
            tenant_id=TenantId(UUID(reprocessing_input.tenant)),
            reprocessing_id=UUID(reprocessing_input.reprocessing),
            code=failure.code,
        )
