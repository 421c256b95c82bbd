"""Page reader: untrusted bytes go into a child process, checked pages come out."""

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ingestion.adapters.reader.received_einvoice import receive_einvoice
from ingestion.adapters.reader.wire import checked_int, page_from_json, word_from_json
from ingestion.adapters.sandbox.frames import Frame
from ingestion.adapters.sandbox.limits import BACKGROUND_NICENESS
from ingestion.adapters.sandbox.pool import SandboxDied, SandboxPool, SandboxProcess
from ingestion.domain import errors
from ingestion.domain.einvoice.found import FoundEInvoice
from ingestion.domain.page.elements import PageReading, Word
from ingestion.domain.ports import ReadingOptions, ReadPage
from refinery.core.types import BoundingBox

_PAGE_ATTEMPTS = 2
_MAX_FAILED_PAGES = 5
_MAX_CPU_DEATHS = 1
_BY_CODE = errors.ERRORS_BY_CODE | {errors.ResourceLimit.code: errors.ResourceLimit}
_SUFFIX = {"image/jpeg": ".jpg", "image/webp": ".webp"}
_MAGIC = {"image/jpeg": b"\xff\xd8\xff", "image/webp": b"RIFF"}


@dataclass(slots=True)
class _ReadingProgress:
    """Progress of a document's reading, over all children that it needed."""

    next_page: int
    total: int = 0
    failed_pages: dict[int, str] = field(default_factory=dict)
    deaths: dict[int, int] = field(default_factory=dict)
    cpu_deaths: int = 0
    done: bool = False
    einvoice: FoundEInvoice | None = None
    known: frozenset[int] = frozenset()

    def advance(self) -> None:
        """Advance to the next unknown page."""
        self.next_page += 1
        self.skip_known()

    def skip_known(self) -> None:
        """Skip known pages."""
        while self.next_page in self.known:
            self.next_page += 1

    def with_einvoice(self, page: ReadPage) -> ReadPage:
        """Return the page with the e-invoice found before it, which is attached once."""
        page, self.einvoice = replace(page, einvoice=self.einvoice), None
        return page

    def record_death(self, death: SandboxDied) -> None:
        """Record a child's death: a page is tried twice, then skipped. Raises ReadingError if the whole file fails.

        A page that uses up its processor time is skipped at once, because another child would need as much. With a
        second page that does, the file fails.
        """
        self.cpu_deaths += death.cpu_exhausted
        place = self.next_page if self.total else 0
        self.deaths[place] = self.deaths.get(place, 0) + 1
        if self.deaths[place] < _PAGE_ATTEMPTS and not death.cpu_exhausted:
            return
        failure = error_for_death(death)
        if (
            not place
            or self.total == 1
            or self.cpu_deaths > _MAX_CPU_DEATHS
            or len(self.failed_pages) >= _MAX_FAILED_PAGES
        ):
            raise failure from death
        self.failed_pages[place] = failure.code


def error_for_death(death: SandboxDied) -> errors.ReadingError:
    """Return the typed error for a file over which children die."""
    if death.cpu_exhausted:
        return errors.CpuTimeExceeded("Reading this file takes more processor time than is allowed.")
    if death.exhausted:
        return errors.ResourceLimit("Reading this file takes more memory or time than is allowed.")
    return errors.CorruptFile("The reader crashes on this file.")


@dataclass(slots=True)
class SandboxedPageReader:
    """Implementation of ports.PageReader. One child reads one document; a page that kills two children is skipped."""

    pool: SandboxPool = field(default_factory=SandboxPool)

    def read(self, source: Path, folder: Path, options: ReadingOptions) -> Generator[ReadPage, None, None]:
        """Yield pages as they are read; images are written below `folder`. Raises ReadingError subclasses."""
        progress = _ReadingProgress(options.first_page, known=frozenset(options.known_pages))
        progress.skip_known()
        with open_descriptor(source) as descriptor:
            while not progress.done:
                try:
                    with self._sandbox() as child:
                        child.send_request(_request(options, progress), descriptor)
                        yield from _pages(child, folder, progress)
                except SandboxDied as death:
                    progress.record_death(death)

    def read_region(self, source: Path, page: int, bbox: BoundingBox, options: ReadingOptions) -> tuple[Word, ...]:
        """Read a part of a page again from its image; boxes are those of the page. Raises ReadingError."""
        request = {**_options_json(options), "kind": "region", "page": page, "bbox": bbox.as_list()}
        try:
            with open_descriptor(source) as descriptor, self._sandbox() as child:
                child.send_request(Frame(request), descriptor)
                head = raise_if_failed(child.receive_frame()).head
                return tuple(word_from_json(word) for word in head["words"])
        except SandboxDied as death:
            raise error_for_death(death) from death
        except (KeyError, TypeError, ValueError) as nonsense:
            raise errors.CorruptFile("The reader gave an invalid answer.") from nonsense

    def prepare(self) -> None:
        """Start a child ahead of the first document; returns at once."""
        self.pool.prepare()

    def close(self) -> None:
        """Stop the waiting child."""
        self.pool.close()

    @contextmanager
    def _sandbox(self) -> Iterator[SandboxProcess]:
        child = self.pool.acquire()
        try:
            yield child
        finally:
            self.pool.release(child)


@contextmanager
def open_descriptor(source: Path) -> Iterator[int]:
    """Open a file whose descriptor is passed to a child."""
    descriptor = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _options_json(options: ReadingOptions) -> dict[str, Any]:
    return {
        "media_type": options.media_type,
        "engines": list(options.engines),
        "language": options.language,
        "mode": options.mode,
        "password": options.password,
        "is_rendition": options.is_rendition,
        "rotations": [list(rotation) for rotation in options.rotations],
    }


def _request(options: ReadingOptions, progress: _ReadingProgress) -> Frame:
    return Frame(
        {
            **_options_json(options),
            "kind": "read",
            "niceness": BACKGROUND_NICENESS,
            "first_page": progress.next_page,
            "max_pages": options.max_pages,
            "known_pages": sorted(progress.known),
            "failed_pages": {str(number): code for number, code in progress.failed_pages.items()},
            "einvoice": 0 not in progress.deaths,
            "retry": bool(progress.deaths),
        }
    )


def _pages(child: SandboxProcess, folder: Path, progress: _ReadingProgress) -> Iterator[ReadPage]:
    while True:
        frame = raise_if_failed(child.receive_frame())
        if frame.kind == "opened":
            progress.total = _received_total(frame)
        elif frame.kind == "einvoice":
            progress.einvoice = _received_einvoice(frame, folder)
        elif frame.kind == "done":
            progress.done = True
            return
        else:
            page = _received_page(frame, folder, progress)
            progress.advance()
            yield progress.with_einvoice(page)


def raise_if_failed(frame: Frame) -> Frame:
    """Raise the error that a child reported; return any other frame."""
    if frame.kind == "failed":
        kind = _BY_CODE.get(str(frame.head.get("code")), errors.CorruptFile)
        raise kind(str(frame.head.get("message", ""))[:300])
    return frame


def _received_total(frame: Frame) -> int:
    try:
        return checked_int(frame.head["total"])
    except (KeyError, TypeError, ValueError) as nonsense:
        raise SandboxDied(exhausted=False) from nonsense


def _received_einvoice(frame: Frame, folder: Path) -> FoundEInvoice:
    try:
        return receive_einvoice(frame, folder)
    except (KeyError, TypeError, ValueError) as nonsense:
        raise SandboxDied(exhausted=False) from nonsense


def _received_page(frame: Frame, folder: Path, progress: _ReadingProgress) -> ReadPage:
    try:
        reading = page_from_json(frame.head["page"])
        image, thumbnail = frame.parts
        image_type = str(frame.head["image_type"])
        honest = image.startswith(_MAGIC[image_type]) and thumbnail.startswith(_MAGIC["image/jpeg"])
        attachments = max(0, checked_int(frame.head.get("attachments") or 0))
    except (KeyError, TypeError, ValueError) as nonsense:
        raise SandboxDied(exhausted=False) from nonsense
    if not honest or reading.number != progress.next_page:
        raise SandboxDied(exhausted=False)
    page = _write_images(reading, image, thumbnail, image_type, folder, progress.total)
    return replace(page, attachments=attachments) if attachments else page


def _write_images(
    reading: PageReading, image: bytes, thumbnail: bytes, image_type: str, folder: Path, total: int
) -> ReadPage:
    place = folder / f"page-{reading.number:05d}{_SUFFIX[image_type]}"
    small = folder / f"page-{reading.number:05d}-small.jpg"
    place.write_bytes(image)
    small.write_bytes(thumbnail)
    return ReadPage(reading, total, place, small, image_type)
