"""Fakes of the ports: each returns configured results and records its requests."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from ingestion.domain.errors import ReadingError, ScannerUnavailable
from ingestion.domain.formats.attachments import MailHeaders
from ingestion.domain.formats.containers import SkippedFile
from ingestion.domain.page.elements import PageReading, Word
from ingestion.domain.ports import ContainerContents, ReadingOptions, ReadPage, ScanResult, UnpackedFile, UnpackOptions
from refinery.core.types import BoundingBox

_JPEG = b"\xff\xd8\xff\xe0 no picture, but its first bytes"


@dataclass
class FakePageReader:
    """PageReader that yields `pages`; `failure` is raised before page `fails_at` (0: at once)."""

    pages: Sequence[PageReading] = ()
    failure: ReadingError | None = None
    fails_at: int = 0
    region_words: Sequence[Word] = ()
    requests: list[ReadingOptions] = field(default_factory=list)

    def read(self, source: Path, folder: Path, options: ReadingOptions) -> Iterator[ReadPage]:
        """Yield the pages from `options.first_page` on, each with a tiny image file."""
        self.requests.append(options)
        if self.failure and not self.fails_at:
            raise self.failure
        for number, page in enumerate(self.pages, 1):
            if self.failure and number == self.fails_at:
                raise self.failure
            if number >= options.first_page and number not in options.known_pages:
                image, thumbnail = folder / f"{number}.jpg", folder / f"{number}-small.jpg"
                image.write_bytes(_JPEG + str(number).encode())
                thumbnail.write_bytes(_JPEG)
                yield ReadPage(replace(page, number=number), len(self.pages), image, thumbnail)

    def read_region(self, source: Path, page: int, bbox: BoundingBox, options: ReadingOptions) -> tuple[Word, ...]:
        """Return `region_words`."""
        self.requests.append(options)
        return tuple(self.region_words)


@dataclass
class FakeUnpacker:
    """Unpacker that returns `files` by name, or raises `failure`."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    failure: ReadingError | None = None
    skipped_files: Sequence[SkippedFile] = ()
    mail_headers: MailHeaders | None = None
    requests: list[UnpackOptions] = field(default_factory=list)

    def unpack(self, source: Path, folder: Path, options: UnpackOptions) -> ContainerContents:
        """Write each file to `folder`."""
        self.requests.append(options)
        if self.failure:
            raise self.failure
        files = tuple(self.write_file(number, folder) for number in range(1, len(self.files) + 1))
        return ContainerContents(files, tuple(self.skipped_files), self.mail_headers)

    def write_file(self, number: int, folder: Path) -> UnpackedFile:
        """Write one of the files."""
        name, content = list(self.files.items())[number - 1]
        place = folder / str(number)
        place.write_bytes(content)
        return UnpackedFile(number, name, "", place, len(content), sha256(content).hexdigest(), content[:4096])


@dataclass
class FakeVirusScanner:
    """Virus scanner that finds `signature`, finds nothing, or is unavailable."""

    signature: str | None = None
    unavailable: bool = False
    scanned: list[Path] = field(default_factory=list)

    def scan(self, source: Path) -> ScanResult:
        """Return the configured result; raise ScannerUnavailable while `unavailable`."""
        if self.unavailable:
            raise ScannerUnavailable
        self.scanned.append(source)
        return ScanResult(self.signature)
