"""Reads a specimen with the real reader and measures, from outside, its outcome and its processes."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.reader.unpacker import SandboxedUnpacker
from ingestion.adapters.sandbox.pool import SandboxPool
from ingestion.domain.errors import ReadingError
from ingestion.domain.formats.intake import IntakeLimits, admit_file
from ingestion.domain.formats.registry import ARCHIVES, MAILS
from ingestion.domain.ports import ReadingOptions, UnpackOptions
from tests.support.hostile.processes import ProcessSnapshot, process_tree
from tests.support.hostile.specimen import FILES, PAGES, Specimen

EVERY_SECONDS = 0.05
INTAKE = "door"


@dataclass(frozen=True, slots=True)
class ReadingOutcome:
    """Outcome of a specimen: `pages`, `files` or an error code; page or file count, failures, most expensive child.

    `children` counts its processes, `stage` is the stage that refused it (intake or reader), `seconds` is the time
    from start to end.
    """

    specimen: Specimen
    end: str
    stage: str
    pages: int
    failed: int
    children: int
    cpu_seconds: float
    memory: int
    seconds: float


@dataclass
class ProcessWatch:
    """Samples a reader's children and their descendants from outside while they run."""

    pool: SandboxPool
    processes: dict[tuple[int, float], ProcessSnapshot] = field(default_factory=dict)
    _stopped: threading.Event = field(default_factory=threading.Event)

    def sample_processes(self) -> None:
        """Sample until stopped."""
        while not self._stopped.wait(EVERY_SECONDS):
            for child in self.pool.busy():
                for process in process_tree(child.pid):
                    self.processes[process.pid, process.started] = process

    @contextmanager
    def watching(self) -> Iterator["ProcessWatch"]:
        """Sample in a thread for the duration of the block."""
        thread = threading.Thread(target=self.sample_processes, name="watch", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._stopped.set()
            thread.join()

    def parsers(self) -> list[ProcessSnapshot]:
        """Return the processes that parse, that is, those that run the reader's child module."""
        return [process for process in self.processes.values() if process.is_parser]


def read_specimen(reader: SandboxedPageReader, specimen: Specimen, folder: Path) -> tuple[ReadingOutcome, ProcessWatch]:
    """Pass a specimen through intake and reader, as in production; `folder` is empty."""
    content, original, images = specimen.make(), folder / "original", folder / "pages"
    original.write_bytes(content)
    images.mkdir()
    watch, count, failed, at, started = ProcessWatch(reader.pool), 0, 0, INTAKE, time.monotonic()
    with watch.watching():
        try:
            media_type = _admitted_media_type(specimen, content)
            at = "reader"
            if media_type in ARCHIVES | MAILS:
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
    return ReadingOutcome(
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
    """Unpack a container and return its number of files."""
    SandboxedUnpacker(reader.pool).unpack(original, folder, UnpackOptions(media_type))
    return sum(1 for _ in folder.iterdir())


def _read(reader: SandboxedPageReader, original: Path, folder: Path, media_type: str) -> tuple[int, int]:
    """Read all pages, delete their images, and return the number of pages and of failed pages."""
    count = failed = 0
    for page in reader.read(original, folder, ReadingOptions(media_type)):
        count += 1
        failed += page.reading.error is not None
        for file in folder.iterdir():
            file.unlink()
    return count, failed


def _admitted_media_type(specimen: Specimen, content: bytes) -> str:
    facts = {"filename": specimen.filename, "declared_type": "", "sha256": "", "limits": IntakeLimits()}
    return admit_file(head=content[:4096], size=len(content), **facts).media_type  # type: ignore[arg-type]
