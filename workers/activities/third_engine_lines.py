"""Activities that run a third engine on doubted or all lines, on the gpu queue where one is configured."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from temporalio import activity

from ingestion.blobs import download_blob
from ingestion.contracts import ReprocessingRef
from ingestion.domain.ocr.third_engine import LineReading
from ingestion.domain.ports import LineReader
from ingestion.services.reprocessing_lines import lines_for_third_engine, store_third_engine_lines
from ingestion.services.third_engine import DoubtfulPage, find_doubtful_pages, store_third_engine_reading
from refinery.core.types import TenantId
from workers.activities.heartbeat import heartbeats, stop_if_shutting_down
from workers.activities.run_scope import ref_of
from workers.messages import EVERY_LINE, DocumentInput, ReprocessingInput, ThirdEngineResult


class ThirdEngineActivities:
    """Third-engine activities, one document at a time."""

    def __init__(self, reader: LineReader, folder: Path | None = None) -> None:
        """Store the reader; `folder` holds page images temporarily, in the system's default location if None."""
        self._reader = reader
        self._folder = folder

    @activity.defn
    def read_doubted_lines(self, document_input: DocumentInput) -> ThirdEngineResult:
        """Read the doubted lines of every page; a retry covers only lines that are still in doubt."""
        ref = ref_of(document_input)
        return self._read_pages(
            find_doubtful_pages(ref), lambda number, read: store_third_engine_reading(ref, number, read)
        )

    @activity.defn
    def read_reprocessing_lines(self, reprocessing_input: ReprocessingInput) -> ThirdEngineResult:
        """Read a reprocessing run's lines: every line, as the third engine's own reading, or the doubted ones."""
        candidate = ReprocessingRef(TenantId(UUID(reprocessing_input.tenant)), UUID(reprocessing_input.reprocessing))
        every = reprocessing_input.third_engine == EVERY_LINE
        pages = lines_for_third_engine(candidate, every=every)
        return self._read_pages(
            pages, lambda number, read: store_third_engine_lines(candidate, number, read, every=every)
        )

    def _read_pages(
        self, pages: Sequence[DoubtfulPage], keep: Callable[[int, Sequence[LineReading]], int]
    ) -> ThirdEngineResult:
        lines = changed = 0
        with (
            heartbeats() as heartbeat,
            TemporaryDirectory(prefix="lines-", dir=self._folder, ignore_cleanup_errors=True) as name,
        ):
            for page in pages:
                changed += keep(page.number, self._read_page_lines(page, Path(name) / "picture"))
                lines += len(page.lines)
                heartbeat.advance(page.number)
                stop_if_shutting_down()
        return ThirdEngineResult(lines, changed)

    def _read_page_lines(self, page: DoubtfulPage, image_path: Path) -> list[LineReading]:
        boxes = [line.bbox for line in page.lines]
        read = self._reader.read_lines(download_blob(page.image_key, image_path), boxes)
        return [LineReading(line.line, text, sure) for line, (text, sure) in zip(page.lines, read, strict=True)]
