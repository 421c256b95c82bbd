"""A fake of each port: it says what it is told to say, and keeps what it was asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingestion.domain.errors import ReadingError, ScannerUnavailable
from ingestion.domain.layout import PageReading, Word, WordSource
from ingestion.domain.ports import Raster, ReadingOptions, ReadPage, ScanVerdict
from ingestion.domain.reading import arrange
from refinery.types import BoundingBox

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
            if number >= options.first_page:
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
