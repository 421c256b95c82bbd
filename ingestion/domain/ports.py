"""What reading needs from outside, as protocols; a fake of each stands in tests/fakes.py."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ingestion.domain.layout import PageReading, Word
from refinery.types import BoundingBox


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How to read one file: `engines` in order of preference, `first_page` to resume after a retry (from 1)."""

    media_type: str
    engines: tuple[str, ...] = ("rapidocr", "tesseract")
    language: str = "eng"
    mode: str = "standard"  # fast | standard | thorough
    first_page: int = 1
    max_pages: int = 2000
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page's reading with its two images on disk (JPEG or WebP): `image` full size, `thumbnail` 200 px wide."""

    reading: PageReading
    total_pages: int
    image: Path
    thumbnail: Path
    image_type: str = "image/jpeg"


class PageReader(Protocol):
    """Reads foreign bytes page by page, in order, in a process of its own.

    Raises ingestion.domain.errors.ReadingError subclasses: CorruptFile, EmptyFile, UnsupportedFile,
    NeedsPassword, WrongPassword, TooLarge, ResourceLimit. One bad page never raises: its reading has `error`.
    """

    def read(self, source: Path, folder: Path, options: ReadingOptions) -> Iterator[ReadPage]:
        """Yield pages as they are read; images are written below `folder`."""
        ...


class RegionReader(Protocol):
    """Reads a part of one page again, while someone waits for it. Raises ReadingError subclasses as PageReader."""

    def reread_region(
        self, source: Path, page: int, bbox: BoundingBox, options: ReadingOptions
    ) -> tuple[Word, ...]:
        """Give the words of the part in reading order; their boxes are those of the page."""
        ...


class OcrEngine(Protocol):
    """One text recogniser behind a common shape."""

    name: str

    def recognise(self, image: "Raster") -> tuple[Word, ...]:
        """Read an RGB raster; boxes are normalised to it."""
        ...


@dataclass(frozen=True, slots=True)
class Raster:
    """An uncompressed image: `pixels` is height x width x 3 bytes, RGB, row by row."""

    width: int
    height: int
    pixels: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ScanVerdict:
    """A virus scanner's answer: `signature` names what was found, None when clean."""

    signature: str | None


class VirusScanner(Protocol):
    """Looks for malware. Raises ScannerUnavailable when it cannot answer: the document then waits."""

    def scan(self, source: Path) -> ScanVerdict:
        """Scan one file."""
        ...
