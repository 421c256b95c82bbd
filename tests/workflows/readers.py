"""A page reader for tests: it reads a small text format of its own, and fails where the file tells it to.

A file is lines of text after a PDF's first line, its pages parted by form feeds. A page that begins with
`!<code>` raises that typed failure; a first line `password: <word>` asks for that password; a page with the line
`attached` tells of a file in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from ingestion.adapters.formats.containers.contained_file import Held
from ingestion.adapters.formats.containers.open_container import open_container
from ingestion.domain import errors
from ingestion.domain.formats.containers import LeftOut
from ingestion.domain.formats.intake import UNKNOWN
from ingestion.domain.page.elements import PageReading, Word, WordSource
from ingestion.domain.ports import Contents, ReadingOptions, ReadPage, Unpacked, UnpackOptions
from refinery.core.types import BoundingBox

FAILURES: dict[str, type[Exception]] = {
    kind.code: kind
    for kind in (
        errors.CorruptFile,
        errors.EmptyFile,
        errors.TooLarge,
        errors.UnsupportedFile,
        errors.ResourceLimit,
    )
} | {"bug": ZeroDivisionError}
LINE_HEIGHT = 0.02


@dataclass
class TextReader:
    """Implements ports.PageReader for text; `read_pages` counts what was read, over all calls."""

    read_pages: list[int] = field(default_factory=list)

    def read(self, source: Path, folder: Path, options: ReadingOptions) -> Iterator[ReadPage]:
        """Yield the pages from `options.first_page` on."""
        if options.media_type == UNKNOWN:
            raise errors.UnsupportedFile("Files of this kind are not read.")
        pages = source.read_text().removeprefix("%PDF-1.7\n").split("\f")
        head, _, rest = pages[0].partition("\n")
        if head.startswith("password: "):
            _open(head.removeprefix("password: "), options.password)
            pages[0] = rest
        for number, text in enumerate(pages, start=1):
            if number >= options.first_page and number not in options.known:
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
        return ReadPage(page_of(number, text), total, image, thumbnail, attachments=attached)


class OpenUnpacker:
    """Implements ports.Unpacker in this process: its tests bring honest files alone."""

    def unpack(self, source: Path, folder: Path, options: UnpackOptions) -> Contents:
        """Write what the container holds."""
        files, left_out, letterhead = [], [], None
        for found in open_container(source, options.media_type, options.depth, options.limits, options.password):
            if isinstance(found, Held):
                files.append(self.written(found, folder / str(found.part)))
            elif isinstance(found, LeftOut):
                left_out.append(found)
            else:
                letterhead = found
        return Contents(tuple(files), tuple(left_out), letterhead)

    def written(self, held: Held, place: Path) -> Unpacked:
        """Write one file."""
        content = b"".join(held.chunks)
        place.write_bytes(content)
        digest = sha256(content).hexdigest()
        return Unpacked(held.part, held.name, held.declared_type, place, len(content), digest, content[:4096])


def _open(right: str, given: str | None) -> None:
    if given is None:
        raise errors.NeedsPassword
    if given != right:
        raise errors.WrongPassword


def page_of(number: int, text: str) -> PageReading:
    """Lay the lines of a text on a page, each word where its characters would stand."""
    words = [word for line, row in enumerate(text.splitlines()) for word in _line(line, row)]
    return PageReading(number, 1240, 1754, WordSource.NATIVE, 0.99, tuple(words))


def _line(line: int, row: str) -> Iterator[Word]:
    at = 0
    for text in row.split():
        at = row.index(text, at)
        y = 0.05 + line * 1.5 * LINE_HEIGHT
        box = BoundingBox.clipped(0.05 + at * 0.01, y, 0.05 + (at + len(text)) * 0.01, y + LINE_HEIGHT)
        yield Word(text, box, 0.99, WordSource.NATIVE, line)
        at += len(text)
