"""Reader of office files: their pages are rendered once, as a PDF stored beside the original.

An office program takes seconds to start. So the PDF is stored under the hash of the file and the name of the
renderer; a retry, a second run, a region read again and a split all use the same pages.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from ingestion.blobs import download_blob, is_stored, store_file
from ingestion.domain.errors import MissingFile
from ingestion.domain.formats.entries.pdf import PDF
from ingestion.domain.formats.registry import OFFICE
from ingestion.domain.page.elements import Word
from ingestion.domain.ports import (
    PageReader,
    PdfRenderer,
    ReadingOptions,
    ReadPage,
    RegionReader,
    RenditionFailed,
    RenditionPending,
)
from ingestion.services.erasure import delete_orphaned_renditions
from refinery.core.types import BoundingBox

_DIGITS = 16


class PageAndRegionReader(PageReader, RegionReader, Protocol):
    """Reader of whole files and of regions of their pages."""


@dataclass(frozen=True, slots=True)
class RenderingReader:
    """Reader that renders office files first; if rendering fails, the wrapped reader draws their text.

    `is_pending` says that the office program is being installed: whole files then wait for it.
    """

    reader: PageAndRegionReader
    renderer: PdfRenderer
    is_pending: Callable[[], bool] = lambda: False

    def read(self, source: Path, folder: Path, options: ReadingOptions) -> Iterator[ReadPage]:
        """Yield pages as they are read; write images below `folder`.

        Raises ReadingError subclasses, and RenditionPending.
        """
        with TemporaryDirectory(prefix="rendition-", dir=folder, ignore_cleanup_errors=True) as name:
            rendition, changed = self._rendition(source, Path(name), options)
            if rendition == source and options.media_type in OFFICE and self.is_pending():
                raise RenditionPending
            yield from self.reader.read(rendition, folder, changed)

    def read_region(self, source: Path, page: int, bbox: BoundingBox, options: ReadingOptions) -> tuple[Word, ...]:
        """Read a region of a page again; boxes are in page coordinates.

        Raises ReadingError subclasses.
        """
        with TemporaryDirectory(prefix="rendition-", dir=source.parent, ignore_cleanup_errors=True) as name:
            rendition, changed = self._rendition(source, Path(name), options)
            return self.reader.read_region(rendition, page, bbox, changed)

    def _rendition(self, source: Path, folder: Path, options: ReadingOptions) -> tuple[Path, ReadingOptions]:
        if options.media_type not in OFFICE:
            return source, options
        try:
            rendition = self._fetch_or_render(source, folder, options)
        except RenditionFailed:
            return source, options
        return rendition, replace(options, media_type=PDF, is_rendition=True, password=None)

    def _fetch_or_render(self, source: Path, folder: Path, options: ReadingOptions) -> Path:
        key = rendition_path(options.rendition_key, self.renderer.version) if options.rendition_key else ""
        if key and is_stored(key):
            try:
                return download_blob(key, folder / "paper.pdf")
            except MissingFile:
                pass  # erased between the two calls
        rendition = self.renderer.render(source, folder, options.media_type, options.password)
        if key and options.password is None:  # a rendition of a locked file would be readable without its password
            store_file(key, rendition)
            delete_orphaned_renditions(options.rendition_key)
        return rendition


def rendition_path(folder: str, renderer_version: str) -> str:
    """Return the storage path of a rendition, from the original's hash and the renderer's version."""
    return f"{folder}/{hashlib.sha256(renderer_version.encode()).hexdigest()[:_DIGITS]}.pdf"
