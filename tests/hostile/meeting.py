"""A specimen meets the real reader: how it ends, and what its processes took, looked at from outside."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.adapters.nursery import Nursery
from ingestion.adapters.reader import SandboxedPageReader
from ingestion.domain.errors import ReadingError
from ingestion.domain.intake import IntakeLimits, admit
from ingestion.domain.ports import ReadingOptions
from tests.hostile.processes import Process, family
from tests.hostile.specimen import PAGES, Specimen

EVERY_SECONDS = 0.05
DOOR = "door"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a specimen ended: `pages` or a code, its pages and those that failed, and the dearest child's costs.

    `children` counts the processes that it took, `at` says who refused it: the door or the reader.
    """

    specimen: Specimen
    end: str
    at: str
    pages: int
    failed: int
    children: int
    cpu_seconds: float
    memory: int


@dataclass
class Watch:
    """Looks at a reader's children and their children from outside, as long as they live."""

    nursery: Nursery
    seen: dict[tuple[int, float], Process] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        """Look until told to stop."""
        while not self._over.wait(EVERY_SECONDS):
            for child in self.nursery.busy():
                for process in family(child.pid):
                    self.seen[process.pid, process.started] = process

    @contextmanager
    def watching(self) -> Iterator["Watch"]:
        """Look beside the block."""
        thread = threading.Thread(target=self.look, name="watch", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._over.set()
            thread.join()

    def parsers(self) -> list[Process]:
        """Give the processes that parse: our own module's."""
        return [process for process in self.seen.values() if process.parses]


def meet(reader: SandboxedPageReader, specimen: Specimen, folder: Path) -> tuple[Outcome, Watch]:
    """Let a specimen through the door and to the reader, as intake and worker do; `folder` is empty."""
    content, original, images = specimen.make(), folder / "original", folder / "pages"
    original.write_bytes(content)
    images.mkdir()
    watch, count, failed, at = Watch(reader.nursery), 0, 0, DOOR
    with watch.watching():
        try:
            media_type = _at_the_door(specimen, content)
            at = "reader"
            for page in reader.read(original, images, ReadingOptions(media_type)):
                count += 1
                failed += page.reading.error is not None
                for image in (page.image, page.thumbnail):
                    image.unlink()
            end = PAGES
        except ReadingError as reason:
            end = reason.code
    parsers = watch.parsers()
    return Outcome(
        specimen,
        end,
        at,
        count,
        failed,
        len(parsers),
        max((process.cpu_seconds for process in parsers), default=0.0),
        max((process.memory for process in parsers), default=0),
    ), watch


def _at_the_door(specimen: Specimen, content: bytes) -> str:
    facts = {"filename": specimen.filename, "declared_type": "", "sha256": "", "limits": IntakeLimits()}
    return admit(head=content[:4096], size=len(content), **facts).media_type  # type: ignore[arg-type]
