"""Reprocessing in tests: requests, workflow inputs, and engines that read something different."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingestion.contracts import ReprocessingOptions, RunRef
from ingestion.domain.page.elements import WordSource
from ingestion.domain.ports import ReadingOptions, ReadPage
from ingestion.models import ReprocessingRun
from ingestion.services.reprocessings import request_reprocessing
from refinery.core.database.scope import tenant_scope
from refinery.core.tenancy.roles import Role
from refinery.core.types import BoundingBox
from tests.support.ingest_harness import IngestHarness
from tests.support.text_reader import TextReader
from workers.messages import ReprocessingInput

THOROUGH_OPTIONS = ReprocessingOptions("thorough")


@dataclass
class ThoroughReader(TextReader):
    """Reader that reads a different number and word in thorough mode, as another engine would.

    In that mode a page that begins with `breaks` fails. With `scanned`, the words have an OCR engine as source.
    """

    scanned: bool = False
    thorough: bool = field(default=False, init=False)
    opened: int = field(default=0, init=False)

    def read(self, source: Path, folder: Path, options: ReadingOptions) -> Iterator[ReadPage]:
        """Record the mode and count the call."""
        self.thorough, self.opened = options.mode == "thorough", self.opened + 1
        yield from super().read(source, folder, options)

    def page(self, number: int, total: int, text: str, folder: Path) -> ReadPage:
        """Read one page."""
        if self.thorough:
            changed = text.replace("INV-2041", "INV-2047").replace("seven", "eleven")
            text = "!corrupt" if text.startswith("breaks") else changed
        page = super().page(number, total, text, folder)
        if not self.scanned:
            return page
        words = tuple(replace(word, source=WordSource.RAPIDOCR) for word in page.reading.words)
        return replace(page, reading=replace(page.reading, words=words, source=WordSource.RAPIDOCR))


@dataclass
class FakeThirdEngine:
    """Implements ports.LineReader: returns `text` for every line; `shown` has the number of lines of each call."""

    text: str
    shown: list[int] = field(default_factory=list)

    def read_lines(self, picture: Path, boxes: Sequence[BoundingBox]) -> tuple[tuple[str, float], ...]:
        """Return the text for each line."""
        assert picture.stat().st_size > 0
        self.shown.append(len(boxes))
        return tuple((self.text, 0.9) for _ in boxes)


def queue_reprocessing(
    ingest: IngestHarness, ref: RunRef, means: ReprocessingOptions = THOROUGH_OPTIONS
) -> ReprocessingRun:
    """Request a reprocessing as an operator."""
    with tenant_scope(ingest.tenant_id):
        return request_reprocessing(
            actor=ingest.tenant.actor(Role.OPERATOR), document_id=ref.document_id, options=means
        )


def reprocessing_input(row: ReprocessingRun, third_engine: str = "") -> ReprocessingInput:
    """Return the workflow input of a reprocessing."""
    return ReprocessingInput(str(row.tenant_id), str(row.id), third_engine)
