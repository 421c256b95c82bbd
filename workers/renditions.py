"""Office files on their way to the reader: their pages are made once, as a PDF that is kept beside the original.

An office program takes seconds to start. So what it makes is stored under the hash of the file and the name of the
maker, and a retry, a second run, a place that is read again and a split all rest on the same pages.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from ingestion.blobs import fetch, is_stored, store_file
from ingestion.domain.errors import MissingFile
from ingestion.domain.formats.intake import PDF
from ingestion.domain.formats.office import OFFICE
from ingestion.domain.page.elements import Word
from ingestion.domain.ports import NotMade, PageReader, PaperMaker, ReadingOptions, ReadPage, RegionReader
from ingestion.services.erasure import forget_late_papers
from refinery.core.types import BoundingBox

_DIGITS = 16


class Reader(PageReader, RegionReader, Protocol):
    """Reads whole files, and parts of their pages."""


@dataclass(frozen=True, slots=True)
class PaperReader:
    """A Reader for which the pages of office files are made first; where they cannot be, it draws their text."""

    reader: Reader
    maker: PaperMaker

    def read(self, source: Path, folder: Path, options: ReadingOptions) -> Iterator[ReadPage]:
        """Yield pages as they are read; images are written below `folder`. Raises ReadingError subclasses."""
        with TemporaryDirectory(prefix="paper-", dir=folder, ignore_cleanup_errors=True) as name:
            paper, changed = self._paper(source, Path(name), options)
            yield from self.reader.read(paper, folder, changed)

    def reread_region(
        self, source: Path, page: int, bbox: BoundingBox, options: ReadingOptions
    ) -> tuple[Word, ...]:
        """Read a part of a page again; boxes are those of the page. Raises ReadingError subclasses."""
        with TemporaryDirectory(prefix="paper-", dir=source.parent, ignore_cleanup_errors=True) as name:
            paper, changed = self._paper(source, Path(name), options)
            return self.reader.reread_region(paper, page, bbox, changed)

    def _paper(self, source: Path, folder: Path, options: ReadingOptions) -> tuple[Path, ReadingOptions]:
        if options.media_type not in OFFICE:
            return source, options
        try:
            paper = self._made(source, folder, options)
        except NotMade:
            return source, options
        return paper, replace(options, media_type=PDF, made=True, password=None)

    def _made(self, source: Path, folder: Path, options: ReadingOptions) -> Path:
        key = paper_key(options.paper, self.maker.version) if options.paper else ""
        if key and is_stored(key):
            try:
                return fetch(key, folder / "paper.pdf")
            except MissingFile:
                pass  # erased between the two questions
        paper = self.maker.make(source, folder, options.media_type, options.password)
        if key and options.password is None:  # what somebody locked is not kept open
            store_file(key, paper)
            forget_late_papers(options.paper)
        return paper


def paper_key(folder: str, maker: str) -> str:
    """The place of a made PDF: by the original's hash, and by what made it."""
    return f"{folder}/{hashlib.sha256(maker.encode()).hexdigest()[:_DIGITS]}.pdf"
