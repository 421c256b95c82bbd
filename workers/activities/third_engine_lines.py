"""Show a third engine the lines that two have left in doubt, or all: on the gpu queue, where one is set up."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from temporalio import activity

from ingestion.blobs import fetch
from ingestion.domain.ocr.third_engine import LineRead
from ingestion.domain.ports import LineReader
from ingestion.services.third_engine import DoubtedPage, doubted_pages, keep_second_look
from refinery.core.types import TenantId
from review.contracts import CandidateRef
from review.services.reprocessing_lines import keep_lines, lines_to_read
from workers.activities.heartbeat import beating, leave_if_asked
from workers.activities.run_scope import ref_of
from workers.messages import EVERY, CandidateOrder, DocumentOrder, LinesRead


class LineActivities:
    """Second looks, one document at a time."""

    def __init__(self, reader: LineReader, folder: Path | None = None) -> None:
        """Take the reader; `folder` holds pages' pictures meanwhile, the system's own place by default."""
        self._reader = reader
        self._folder = folder

    @activity.defn
    def look_again(self, order: DocumentOrder) -> LinesRead:
        """Read the doubted lines of every page; a second time weighs what is still in doubt."""
        ref = ref_of(order)
        return self._look(doubted_pages(ref), lambda number, read: keep_second_look(ref, number, read))

    @activity.defn
    def look_at_candidate(self, order: CandidateOrder) -> LinesRead:
        """Read a candidate's lines: every one, which is then the engine's own reading, or the doubted ones."""
        candidate = CandidateRef(TenantId(UUID(order.tenant)), UUID(order.rereading))
        every = order.third == EVERY
        pages = lines_to_read(candidate, every=every)
        return self._look(pages, lambda number, read: keep_lines(candidate, number, read, every=every))

    def _look(self, pages: Sequence[DoubtedPage], keep: Callable[[int, Sequence[LineRead]], int]) -> LinesRead:
        lines = changed = 0
        with (
            beating() as pulse,
            TemporaryDirectory(prefix="lines-", dir=self._folder, ignore_cleanup_errors=True) as name,
        ):
            for page in pages:
                changed += keep(page.number, self._read(page, Path(name) / "picture"))
                lines += len(page.lines)
                pulse.reached(page.number)
                leave_if_asked()
        return LinesRead(lines, changed)

    def _read(self, page: DoubtedPage, place: Path) -> list[LineRead]:
        boxes = [line.bbox for line in page.lines]
        read = self._reader.read_lines(fetch(page.image_key, place), boxes)
        return [LineRead(line.line, text, sure) for line, (text, sure) in zip(page.lines, read, strict=True)]
