"""What reading needs from outside, as protocols; a fake of each stands in tests/fakes.py."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ingestion.domain.einvoice import FoundEInvoice
from ingestion.domain.formats.attachments import Letterhead
from ingestion.domain.formats.containers import ContainerLimits, LeftOut
from ingestion.domain.page.elements import PageReading, Word
from refinery.core.types import BoundingBox


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How to read one file: `engines` in order of preference, `first_page` to resume after a retry (from 1).

    `known` are pages behind the first one that are read already: they are left out. `turns` are pages that a
    person has turned, each with its quarters, clockwise.
    """

    media_type: str
    engines: tuple[str, ...] = ("rapidocr", "tesseract")
    language: str = "eng"
    mode: str = "standard"  # fast | standard | thorough
    first_page: int = 1
    known: tuple[int, ...] = ()
    turns: tuple[tuple[int, int], ...] = ()
    max_pages: int = 2000
    made: bool = False  # a PDF that was made here, from another file: its text is what is printed
    paper: str = ""  # where a PDF that is made of the file may be kept; nowhere when empty
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page's reading with its two images on disk (JPEG or WebP): `image` full size, `thumbnail` 200 px wide.

    `attachments` counts the files that have been seen in the document so far.
    """

    reading: PageReading
    total_pages: int
    image: Path
    thumbnail: Path
    image_type: str = "image/jpeg"
    einvoice: FoundEInvoice | None = None  # with the first page of an attempt alone
    attachments: int = 0


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


@dataclass(frozen=True, slots=True)
class UnpackOptions:
    """What to unpack and within which bounds; `depth` counts the containers around the content, with itself."""

    media_type: str
    depth: int = 1
    limits: ContainerLimits = field(default_factory=ContainerLimits)
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A file from a container, on disk: `part` is its place there, the same each time; name and type are hints."""

    part: int
    name: str
    declared_type: str
    path: Path
    size: int
    sha256: str
    head: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Contents:
    """All that is in a container: the files that become documents, those that do not, and who wrote a mail."""

    files: tuple[Unpacked, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    letterhead: Letterhead | None = None


class Unpacker(Protocol):
    """Takes foreign containers apart, in a process of its own. Raises ReadingError subclasses as PageReader does.

    PolicyViolation and TooLarge among them, for what is made to do harm.
    """

    def unpack(self, source: Path, folder: Path, options: UnpackOptions) -> Contents:
        """Write the files of a container below `folder`, in order; each part is in `files` or in `left_out`."""
        ...


class NotMade(Exception):
    """No pages could be made of an office file: its program is missing, or failed over it. It has a text still."""


class PaperMaker(Protocol):
    """Makes the true pages of an office file, as a PDF, in a sandbox of its own."""

    @property
    def version(self) -> str:
        """Name what makes them: equal names make equal pages."""
        ...

    def make(self, source: Path, folder: Path, media_type: str, password: str | None = None) -> Path:
        """Write the PDF below `folder`; raises NotMade, and ReadingError for what is wrong with the file."""
        ...


class OcrEngine(Protocol):
    """One text recogniser behind a common shape."""

    name: str

    def recognise(self, image: "Raster") -> tuple[Word, ...]:
        """Read an RGB raster; boxes are normalised to it."""
        ...


class LineEngine(Protocol):
    """An engine that reads pictures of one line, several at a time."""

    name: str

    def read_lines(self, lines: Sequence["Raster"]) -> tuple[tuple[str, float], ...]:
        """Give each line's text and how sure the engine is of it, 0..1, uncalibrated."""
        ...


class LineReader(Protocol):
    """Reads places of a page's picture that our own reader has drawn."""

    def read_lines(self, picture: Path, boxes: Sequence[BoundingBox]) -> tuple[tuple[str, float], ...]:
        """Give the text of each place, and how sure the engine is of it."""
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
