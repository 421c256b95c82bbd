"""Ports of the reading domain, as protocols; tests/support/fakes.py has a fake of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ingestion.domain.einvoice.found import FoundEInvoice
from ingestion.domain.exporting import ExportFacts
from ingestion.domain.formats.attachments import MailHeaders
from ingestion.domain.formats.containers import ContainerLimits, SkippedFile
from ingestion.domain.page.elements import PageReading, Word
from ingestion.domain.schemas.fields import ExtractedField
from refinery.core.types import BoundingBox


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How to read one file: `engines` in order of preference, `first_page` to resume after a retry (from 1).

    `known_pages` are pages after the first one that are read already: they are left out. `rotations` are pages that a
    person has rotated, each with its clockwise quarter turns.
    """

    media_type: str
    engines: tuple[str, ...] = ("rapidocr", "tesseract")
    language: str = "eng"
    mode: str = "standard"  # fast | standard | thorough
    first_page: int = 1
    known_pages: tuple[int, ...] = ()
    rotations: tuple[tuple[int, int], ...] = ()
    max_pages: int = 2000
    is_rendition: bool = False  # a PDF rendered here from another file: its text layer equals the print
    rendition_key: str = ""  # storage key of the PDF rendered from the file; not stored if empty
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """Page's reading with its two images on disk (JPEG or WebP): `image` full size, `thumbnail` 200 px wide.

    `attachments` counts the files that have been found in the document so far.
    """

    reading: PageReading
    total_pages: int
    image: Path
    thumbnail: Path
    image_type: str = "image/jpeg"
    einvoice: FoundEInvoice | None = None  # only with the first page of an attempt
    attachments: int = 0


class PageReader(Protocol):
    """Reads untrusted bytes page by page, in order, in a separate process.

    Raises ingestion.domain.errors.ReadingError subclasses: CorruptFile, EmptyFile, UnsupportedFile,
    NeedsPassword, WrongPassword, TooLarge, ResourceLimit. One bad page never raises: its reading has `error`.
    """

    def read(self, source: Path, folder: Path, options: ReadingOptions) -> Iterator[ReadPage]:
        """Yield pages as they are read; images are written below `folder`."""
        ...


class FieldConfidenceModel(Protocol):
    """Estimates the probability that extracted values are right; quality's champion model implements it."""

    @property
    def version(self) -> str:
        """Return the version of the model."""
        ...

    def with_confidence(self, fields: Sequence[ExtractedField], schema_key: str) -> tuple[ExtractedField, ...]:
        """Return the fields with the model's confidences."""
        ...


class RegionReader(Protocol):
    """Reads a part of one page again, while someone waits for it. Raises ReadingError subclasses as PageReader."""

    def read_region(self, source: Path, page: int, bbox: BoundingBox, options: ReadingOptions) -> tuple[Word, ...]:
        """Return the words of the part in reading order; their boxes are those of the page."""
        ...


@dataclass(frozen=True, slots=True)
class UnpackOptions:
    """What to unpack and within which limits; `depth` counts the containers around the content, itself included."""

    media_type: str
    depth: int = 1
    limits: ContainerLimits = field(default_factory=ContainerLimits)
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class UnpackedFile:
    """File from a container, on disk: `part` is its position there, the same each time; name and type are hints."""

    part: int
    name: str
    declared_type: str
    path: Path
    size: int
    sha256: str
    head: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ContainerContents:
    """Contents of a container: files that become documents, skipped files, and the headers of a mail."""

    files: tuple[UnpackedFile, ...] = ()
    skipped: tuple[SkippedFile, ...] = ()
    mail_headers: MailHeaders | None = None


class Unpacker(Protocol):
    """Unpacks untrusted containers in a separate process. Raises ReadingError subclasses as PageReader does.

    They include PolicyViolation and TooLarge, for containers made to do harm.
    """

    def unpack(self, source: Path, folder: Path, options: UnpackOptions) -> ContainerContents:
        """Write the files of a container below `folder`, in order; each part is in `files` or in `skipped`."""
        ...


class RenditionFailed(Exception):
    """No pages could be rendered from an office file: the program is missing or failed. The text can still be read."""


class RenditionPending(Exception):
    """The office program is only just being installed: the file is read a little later."""


class PdfRenderer(Protocol):
    """Renders the pages of an office file as a PDF, in a separate sandbox."""

    @property
    def version(self) -> str:
        """Return the version of the renderer: equal versions render equal pages."""
        ...

    def render(self, source: Path, folder: Path, media_type: str, password: str | None = None) -> Path:
        """Write the PDF below `folder`; raises RenditionFailed, and ReadingError for problems of the file."""
        ...


class LineEngine(Protocol):
    """Engine that reads images of one line, several at a time."""

    name: str

    def read_lines(self, lines: Sequence["Raster"]) -> tuple[tuple[str, float], ...]:
        """Return each line's text and the engine's confidence, 0..1, uncalibrated."""
        ...


class LineReader(Protocol):
    """Reads regions of a page's image that our own reader has rendered."""

    def read_lines(self, picture: Path, boxes: Sequence[BoundingBox]) -> tuple[tuple[str, float], ...]:
        """Return the text of each region, and the engine's confidence."""
        ...


@dataclass(frozen=True, slots=True)
class Raster:
    """Uncompressed image: `pixels` is height x width x 3 bytes, RGB, row by row."""

    width: int
    height: int
    pixels: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ScanResult:
    """Result of a virus scan: `signature` names the malware, None if clean."""

    signature: str | None


class VirusScanner(Protocol):
    """Scans for malware. Raises ScannerUnavailable if it cannot answer: the document then waits."""

    def scan(self, source: Path) -> ScanResult:
        """Scan one file."""
        ...


class ArtefactExporter(Protocol):
    """Makes exports in one format. Raises ValueError if the facts do not fit the format."""

    def make(self, facts: ExportFacts) -> bytes:
        """Return the file's bytes."""
        ...
