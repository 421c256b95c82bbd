"""Show a third engine the lines that two have left in doubt: on the gpu queue, where one is set up."""

from pathlib import Path
from tempfile import TemporaryDirectory

from temporalio import activity

from ingestion.blobs import fetch
from ingestion.domain.ports import LineReader
from ingestion.domain.second_look import LineRead
from ingestion.services.second_look import DoubtedPage, doubted_pages, keep_second_look
from workers.activities.beat import beating, leave_if_asked
from workers.activities.scope import ref_of
from workers.messages import DocumentOrder, LinesRead


class LineActivities:
    """Second looks, one document at a time."""

    def __init__(self, reader: LineReader, folder: Path | None = None) -> None:
        """Take the reader; `folder` holds pages' pictures meanwhile, the system's own place by default."""
        self._reader = reader
        self._folder = folder

    @activity.defn
    def look_again(self, order: DocumentOrder) -> LinesRead:
        """Read the doubted lines of every page; a second time weighs what is still in doubt."""
        lines = changed = 0
        with (
            beating() as pulse,
            TemporaryDirectory(prefix="lines-", dir=self._folder, ignore_cleanup_errors=True) as name,
        ):
            for page in doubted_pages(ref_of(order)):
                changed += self._look(order, page, Path(name) / "picture")
                lines += len(page.lines)
                pulse.reached(page.number)
                leave_if_asked()
        return LinesRead(lines, changed)

    def _look(self, order: DocumentOrder, page: DoubtedPage, place: Path) -> int:
        boxes = [line.bbox for line in page.lines]
        read = self._reader.read_lines(fetch(page.image_key, place), boxes)
        readings = [LineRead(line.line, text, sure) for line, (text, sure) in zip(page.lines, read, strict=True)]
        return keep_second_look(ref_of(order), page.number, readings)
