"""A fake of each port: it says what it is told to say, and keeps what it was asked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from ingestion.domain.errors import ReadingError, ScannerUnavailable
from ingestion.domain.formats.attachments import Letterhead
from ingestion.domain.formats.containers import LeftOut
from ingestion.domain.layout.analysis import arrange
from ingestion.domain.page.elements import PageReading, Word, WordSource
from ingestion.domain.ports import (
    Contents,
    Raster,
    ReadingOptions,
    ReadPage,
    ScanVerdict,
    Unpacked,
    UnpackOptions,
)
from refinery.core.types import BoundingBox

_JPEG = b"\xff\xd8\xff\xe0 no picture, but its first bytes"


def page_of(text: str, *, number: int = 1, confidence: float = 0.98) -> PageReading:
    """Lay `text` out as a page, a line a line, each character as wide as the next."""
    words, lines = [], text.splitlines()
    for row, line in enumerate(lines):
        top, at = 0.05 + row * 0.02, 0
        for token in line.split(" "):
            if token:
                box = BoundingBox.clipped(0.05 + at * 0.01, top, 0.05 + (at + len(token)) * 0.01, top + 0.012)
                words.append(Word(token, box, confidence, WordSource.NATIVE, row))
            at += len(token) + 1
    layout = arrange(words, aspect=1.414)
    return PageReading(number, 1240, 1754, WordSource.NATIVE, confidence, layout.words, layout.blocks)


@dataclass
class FakePageReader:
    """Yields the pages that it was given; `failure` is raised before page `fails_at` (0: at once)."""

    pages: Sequence[PageReading] = ()
    failure: ReadingError | None = None
    fails_at: int = 0
    region: Sequence[Word] = ()
    asked: list[ReadingOptions] = field(default_factory=list)

    def read(self, source: Path, folder: Path, options: ReadingOptions) -> Iterator[ReadPage]:
        """Yield from `options.first_page` on, with a tiny file for each image."""
        self.asked.append(options)
        if self.failure and not self.fails_at:
            raise self.failure
        for number, page in enumerate(self.pages, 1):
            if self.failure and number == self.fails_at:
                raise self.failure
            if number >= options.first_page and number not in options.known:
                image, thumbnail = folder / f"{number}.jpg", folder / f"{number}-small.jpg"
                image.write_bytes(_JPEG + str(number).encode())
                thumbnail.write_bytes(_JPEG)
                yield ReadPage(replace(page, number=number), len(self.pages), image, thumbnail)

    def reread_region(
        self, source: Path, page: int, bbox: BoundingBox, options: ReadingOptions
    ) -> tuple[Word, ...]:
        """Give the words told."""
        self.asked.append(options)
        return tuple(self.region)


@dataclass
class FakeUnpacker:
    """Gives the files that it was told, by name; `failure` is raised instead."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    failure: ReadingError | None = None
    left_out: Sequence[LeftOut] = ()
    letterhead: Letterhead | None = None
    asked: list[UnpackOptions] = field(default_factory=list)

    def unpack(self, source: Path, folder: Path, options: UnpackOptions) -> Contents:
        """Write each file below `folder`."""
        self.asked.append(options)
        if self.failure:
            raise self.failure
        files = tuple(self.file(number, folder) for number in range(1, len(self.files) + 1))
        return Contents(files, tuple(self.left_out), self.letterhead)

    def file(self, number: int, folder: Path) -> Unpacked:
        """Write one of the files."""
        name, content = list(self.files.items())[number - 1]
        place = folder / str(number)
        place.write_bytes(content)
        return Unpacked(number, name, "", place, len(content), sha256(content).hexdigest(), content[:4096])


@dataclass
class FakeOcrEngine:
    """Reads the same words from any picture."""

    words: Sequence[Word] = ()
    name: str = "fake"

    def recognise(self, image: Raster) -> tuple[Word, ...]:
        """Give the words told."""
        return tuple(self.words)


@dataclass
class FakeVirusScanner:
    """Finds `signature`, nothing, or is not there."""

    signature: str | None = None
    down: bool = False
    scanned: list[Path] = field(default_factory=list)

    def scan(self, source: Path) -> ScanVerdict:
        """Give the verdict told; raises ScannerUnavailable while `down`."""
        if self.down:
            raise ScannerUnavailable
        self.scanned.append(source)
        return ScanVerdict(self.signature)
