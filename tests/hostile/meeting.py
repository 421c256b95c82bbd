"""A specimen meets the real reader: how it ends, and what its processes took, looked at from outside."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.reader.unpacker import SandboxedUnpacker
from ingestion.adapters.sandbox.pool import Nursery
from ingestion.domain.errors import ReadingError
from ingestion.domain.formats.containers import CONTAINERS
from ingestion.domain.formats.intake import IntakeLimits, admit
from ingestion.domain.ports import ReadingOptions, UnpackOptions
from tests.hostile.processes import Process, family
from tests.hostile.specimen import FILES, PAGES, Specimen

EVERY_SECONDS = 0.05
DOOR = "door"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a specimen ended: `pages`, `files` or a code; how many there were, how many failed; its dearest child.

    `children` counts the processes that it took, `at` says who refused it: the door or the reader; `seconds` are
    those from its start to its end.
    """

    specimen: Specimen
    end: str
    at: str
    pages: int
    failed: int
    children: int
    cpu_seconds: float
    memory: int
    seconds: float


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
    watch, count, failed, at, started = Watch(reader.nursery), 0, 0, DOOR, time.monotonic()
    with watch.watching():
        try:
            media_type = _at_the_door(specimen, content)
            at = "reader"
            if media_type in CONTAINERS:
                end, count = FILES, _unpack(reader, original, images, media_type)
            else:
                count, failed = _read(reader, original, images, media_type)
                end = PAGES
        except ReadingError as reason:
            end = reason.code
        finally:
            for file in images.iterdir():
                file.unlink()
    spent, parsers = time.monotonic() - started, watch.parsers()
    return Outcome(
        specimen,
        end,
        at,
        count,
        failed,
        len(parsers),
        max((process.cpu_seconds for process in parsers), default=0.0),
        max((process.memory for process in parsers), default=0),
        spent,
    ), watch


def _unpack(reader: SandboxedPageReader, original: Path, folder: Path, media_type: str) -> int:
    """Take a container apart; gives how many files it held."""
    SandboxedUnpacker(reader.nursery).unpack(original, folder, UnpackOptions(media_type))
    return sum(1 for _ in folder.iterdir())


def _read(reader: SandboxedPageReader, original: Path, folder: Path, media_type: str) -> tuple[int, int]:
    """Read all pages and throw their images away; gives how many there were, and how many of them failed."""
    count = failed = 0
    for page in reader.read(original, folder, ReadingOptions(media_type)):
        count += 1
        failed += page.reading.error is not None
        for file in folder.iterdir():
            file.unlink()
    return count, failed


def _at_the_door(specimen: Specimen, content: bytes) -> str:
    facts = {"filename": specimen.filename, "declared_type": "", "sha256": "", "limits": IntakeLimits()}
    return admit(head=content[:4096], size=len(content), **facts).media_type  # type: ignore[arg-type]
