"""Readings of real files for benchmarks, by the program's own reader, cached if a folder is set."""

import json
import tempfile
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.adapters.reader.wire import page_from_json, page_to_json
from ingestion.domain.page.elements import PageReading
from ingestion.domain.ports import ReadingOptions

MEDIA_TYPES = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".png": "image/png", ".tif": "image/tiff"}


class Readings:
    """Reads files, or loads cached readings of the same bytes."""

    def __init__(self, folder: Path | None) -> None:
        """Cache readings below `folder`; None disables the cache."""
        self._folder = folder
        self._reader = SandboxedPageReader()

    def __enter__(self) -> Self:
        """Create the folder of the cache and return self."""
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the reader's child process."""
        self._reader.close()

    def of(self, path: Path) -> tuple[PageReading, ...]:
        """Return the pages of a file."""
        kept = self._folder / f"{sha256(path.read_bytes()).hexdigest()[:32]}.page.json" if self._folder else None
        if kept and kept.exists():
            return tuple(page_from_json(page) for page in json.loads(kept.read_text()))
        pages = self._read(path)
        if kept and not any(page.error for page in pages):
            kept.write_text(json.dumps([page_to_json(page) for page in pages]))
        return pages

    def _read(self, path: Path) -> tuple[PageReading, ...]:
        options = ReadingOptions(media_type=MEDIA_TYPES[path.suffix.lower()])
        with tempfile.TemporaryDirectory() as folder:
            return tuple(page.reading for page in self._reader.read(path, Path(folder), options))
