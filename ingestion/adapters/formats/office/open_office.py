"""Open an office file from its text, or a book, as sheets."""

from pathlib import Path

import pymupdf

from ingestion.adapters.formats.office.office_text import text_of
from ingestion.adapters.formats.office.precheck import readable
from ingestion.adapters.formats.pdf.document import MadeSource, PdfSource
from ingestion.adapters.formats.pdf.generated import PrintedSource
from ingestion.adapters.formats.text.typesetting import PAGES_TO, typeset
from ingestion.domain.errors import CorruptFile, EmptyFile, TooLarge, UnsupportedFile
from ingestion.domain.page.notes import Note

BYTES_TO = 100 * 2**20
_PAPER = (420.0, 595.0)  # A5, as a book is printed
_LETTERS = 11.0
_LOCKED = ("DRM", "encrypt")


def open_plainly(path: Path, media_type: str, password: str | None = None) -> PdfSource:
    """Lay out an office file's text; raises ReadingError subclasses."""
    opened = readable(path, media_type, password)
    if opened is None:
        if path.stat().st_size > BYTES_TO:
            raise TooLarge(f"This document is larger than {BYTES_TO // 2**20} MB: split it.")
        opened = path.read_bytes()
    return PrintedSource(typeset(text_of(opened, media_type)), notes=(Note.PLAIN_LAYOUT.value,))


def open_book(path: Path, media_type: str) -> PdfSource:
    """Lay out an EPUB; raises ReadingError subclasses."""
    readable(path, media_type)
    try:
        with pymupdf.open(str(path), filetype="epub") as book:
            book.layout(width=_PAPER[0], height=_PAPER[1], fontsize=_LETTERS)
            if book.page_count > PAGES_TO:
                raise TooLarge(f"This document has more than {PAGES_TO} pages: split it.")
            if not book.page_count:
                raise EmptyFile("There is no text in this file.")
            return MadeSource(book.convert_to_pdf())
    except (RuntimeError, ValueError) as broken:
        if any(word in str(broken) for word in _LOCKED):
            raise UnsupportedFile("This book is locked by its seller: send a copy without that.") from broken
        raise CorruptFile("This book is damaged.") from broken
