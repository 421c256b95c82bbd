"""Read a part of a page again: on a queue of its own, from the original or, where that stays shut, its picture."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from temporalio import activity

from ingestion.blobs import fetch, paper_folder
from ingestion.contracts import RegionSource
from ingestion.domain.errors import NeedsPassword
from ingestion.domain.page.elements import Word
from ingestion.domain.page.orientation import back
from ingestion.domain.page.rotation import QUARTERS, turned_box
from ingestion.domain.ports import ReadingOptions, RegionReader
from ingestion.services.regions import fail_region, finish_region, region_source
from refinery.core.types import TenantId
from workers.messages import RegionFailure, RegionOrder


class RegionActivities:
    """Regions, on the queue of what people wait for."""

    def __init__(self, reader: RegionReader, folder: Path | None = None) -> None:
        """Take the reader; `folder` holds what is read meanwhile, the system's own place by default."""
        self._reader = reader
        self._folder = folder

    @activity.defn
    def read_region(self, order: RegionOrder) -> str:
        """Read it and keep the words; one that is answered, forgotten or erased is left alone."""
        tenant_id, region_id = TenantId(UUID(order.tenant)), UUID(order.region)
        source = region_source(tenant_id=tenant_id, region_id=region_id)
        if source is None:
            return "over"
        with TemporaryDirectory(prefix="region-", dir=self._folder, ignore_cleanup_errors=True) as name:
            words = self._read(source, Path(name))
        finish_region(tenant_id=tenant_id, region_id=region_id, words=words)
        return "done"

    def _read(self, source: RegionSource, folder: Path) -> tuple[Word, ...]:
        """A locked original cannot be opened twice: passwords are not kept. What it looks like is."""
        original = fetch(source.blob_key, folder / "original")
        paper = paper_folder(source.blob_key)
        turn = (source.turn + source.lie) % QUARTERS
        turns = ((source.page, turn),) if turn else ()
        options = ReadingOptions(source.media_type, engines=source.engines, paper=paper, turns=turns)
        try:
            return self._standing(original, source.page, source, options)
        except NeedsPassword:
            if not source.image_key:
                raise
        picture = fetch(source.image_key, folder / "picture")
        turns = ((1, source.lie),) if source.lie else ()
        options = ReadingOptions(source.image_type, engines=source.engines, turns=turns)
        return self._standing(picture, 1, source, options)

    def _standing(self, file: Path, page: int, source: RegionSource, options: ReadingOptions) -> tuple[Word, ...]:
        """Read the place on the page set upright: of a line or two no engine can tell how they lie."""
        place = turned_box(source.bbox, source.lie)
        words = self._reader.reread_region(file, page, place, options)
        return tuple(replace(word, bbox=turned_box(word.bbox, back(source.lie))) for word in words)


class RegionRecords:
    """What is written where nothing could be read; wherever workflows run."""

    @activity.defn(name="give_up_region")
    def give_up(self, failure: RegionFailure) -> str:
        """Tell who waits."""
        order = failure.order
        fail_region(tenant_id=TenantId(UUID(order.tenant)), region_id=UUID(order.region), code=failure.code)
        return "failed"
