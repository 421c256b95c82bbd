"""Activity that reads part of a page again, from the original or, if that is locked, from the page image."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from temporalio import activity

from ingestion.blobs import download_blob, rendition_folder
from ingestion.contracts import RegionSource
from ingestion.domain.errors import NeedsPassword
from ingestion.domain.page.elements import Word
from ingestion.domain.page.orientation import inverse_rotation
from ingestion.domain.page.rotation import QUARTER_TURNS, rotate_box
from ingestion.domain.ports import ReadingOptions, RegionReader
from ingestion.services.regions import fail_region, finish_region, region_source
from refinery.core.types import TenantId
from workers.messages import RegionFailure, RegionInput


class RegionActivities:
    """Region activities on the interactive queue."""

    def __init__(self, reader: RegionReader, folder: Path | None = None) -> None:
        """Store the reader; `folder` holds temporary files, in the system's default location if None."""
        self._reader = reader
        self._folder = folder

    @activity.defn
    def read_region(self, region_input: RegionInput) -> str:
        """Read the region and store its words; skip a region that is answered, expired or erased."""
        tenant_id, region_id = TenantId(UUID(region_input.tenant)), UUID(region_input.region)
        source = region_source(tenant_id=tenant_id, region_id=region_id)
        if source is None:
            return "over"
        with TemporaryDirectory(prefix="region-", dir=self._folder, ignore_cleanup_errors=True) as name:
            words = self._read(source, Path(name))
        finish_region(tenant_id=tenant_id, region_id=region_id, words=words)
        return "done"

    def _read(self, source: RegionSource, folder: Path) -> tuple[Word, ...]:
        """Read the original; fall back to the page image if it is locked, as passwords are not stored."""
        original = download_blob(source.blob_key, folder / "original")
        renditions = rendition_folder(source.blob_key)
        turn = (source.rotation + source.quarter_turns) % QUARTER_TURNS
        turns = ((source.page, turn),) if turn else ()
        options = ReadingOptions(source.media_type, engines=source.engines, rendition_key=renditions, rotations=turns)
        try:
            return self._read_upright(original, source.page, source, options)
        except NeedsPassword:
            if not source.image_key:
                raise
        picture = download_blob(source.image_key, folder / "picture")
        turns = ((1, source.quarter_turns),) if source.quarter_turns else ()
        options = ReadingOptions(source.image_type, engines=source.engines, rotations=turns)
        return self._read_upright(picture, 1, source, options)

    def _read_upright(self, file: Path, page: int, source: RegionSource, options: ReadingOptions) -> tuple[Word, ...]:
        """Read the region on the upright page: engines cannot detect the orientation of one or two lines."""
        place = rotate_box(source.bbox, source.quarter_turns)
        words = self._reader.read_region(file, page, place, options)
        return tuple(
            replace(word, bbox=rotate_box(word.bbox, inverse_rotation(source.quarter_turns))) for word in words
        )


class RegionRecords:
    """Database activities of regions that could not be read; they run on the io queue."""

    @activity.defn(name="give_up_region")
    def give_up(self, failure: RegionFailure) -> str:
        """Record the failure for the waiting caller."""
        region_input = failure.region_input
        fail_region(
            tenant_id=TenantId(UUID(region_input.tenant)), region_id=UUID(region_input.region), code=failure.code
        )
        return "failed"
