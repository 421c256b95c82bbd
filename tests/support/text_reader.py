"""Page reader for tests: it reads a small text format and fails where the file requests it.

A file is lines of text after a PDF's first line, with pages separated by form feeds. A page that begins with
`!<code>` raises that typed failure; a first line `password: <word>` requires that password; a page with the line
`attached` reports an attachment.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from ingestion.adapters.formats.containers.contained_file import ContainerFile
from ingestion.adapters.formats.open_file import open_container
from ingestion.domain import errors
from ingestion.domain.formats.containers import SkippedFile
from ingestion.domain.formats.intake import UNKNOWN_MEDIA_TYPE
from ingestion.domain.page.elements import WordSource
from ingestion.domain.ports import ContainerContents, ReadingOptions, ReadPage, UnpackedFile, UnpackOptions
from tests.support.text_pages import FIXED_GRID, page_from_text

FAILURES: dict[str, type[Exception]] = {
    kind.code: kind
    for kind in (errors.CorruptFile, errors.EmptyFile, errors.TooLarge, errors.UnsupportedFile, errors.ResourceLimit)
} | {"bug": ZeroDivisionError}


@dataclass
class TextReader:
    """Implements ports.PageReader for text; `read_pages` lists the page numbers read, over all calls."""

    read_pages: list[int] = field(default_factory=list)

    def read(self, source: Path, folder: Path, options: ReadingOptions) -> Iterator[ReadPage]:
        """Yield the pages from `options.first_page` on."""
        if options.media_type == UNKNOWN_MEDIA_TYPE:
            raise errors.UnsupportedFile("Files of this kind are not read.")
        pages = source.read_text().removeprefix("%PDF-1.7\n").split("\f")
        head, _, rest = pages[0].partition("\n")
        if head.startswith("password: "):
            _open(head.removeprefix("password: "), options.password)
            pages[0] = rest
        for number, text in enumerate(pages, start=1):
            if number >= options.first_page and number not in options.known_pages:
                self.read_pages.append(number)
                yield self.page(number, len(pages), text, folder)

    def page(self, number: int, total: int, text: str, folder: Path) -> ReadPage:
        """Read one page."""
        if text.startswith("!"):
            raise FAILURES[text[1:].strip()]
        image = folder / f"{number}.jpg"
        image.write_bytes(b"\xff\xd8\xff" + text.encode())
        thumbnail = folder / f"{number}.thumb.jpg"
        thumbnail.write_bytes(b"\xff\xd8\xff" + text.encode()[:20])
        attached = int("attached" in text.splitlines())
        reading = page_from_text(text, number=number, source=WordSource.NATIVE, confidence=0.99, grid=FIXED_GRID)
        return ReadPage(reading, total, image, thumbnail, attachments=attached)


class InProcessUnpacker:
    """Implements ports.Unpacker in this process; its tests use harmless files only."""

    def unpack(self, source: Path, folder: Path, options: UnpackOptions) -> ContainerContents:
        """Write the files of the container."""
        files, skipped, mail_headers = [], [], None
        for found in open_container(source, options.media_type, options.depth, options.limits, options.password):
            if isinstance(found, ContainerFile):
                files.append(self.write_file(found, folder / str(found.part)))
            elif isinstance(found, SkippedFile):
                skipped.append(found)
            else:
                mail_headers = found
        return ContainerContents(tuple(files), tuple(skipped), mail_headers)

    def write_file(self, held: ContainerFile, place: Path) -> UnpackedFile:
        """Write one file."""
        content = b"".join(held.chunks)
        place.write_bytes(content)
        digest = sha256(content).hexdigest()
        return UnpackedFile(held.part, held.name, held.declared_type, place, len(content), digest, content[:4096])


def _open(right: str, given: str | None) -> None:
    if given is None:
        raise errors.NeedsPassword
    if given != right:
        raise errors.WrongPassword
