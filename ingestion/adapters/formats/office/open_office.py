"""Opening of office files from their text, and of books, as pages."""

from pathlib import Path

import pymupdf

from ingestion.adapters.formats.office.office_text import lay_out_office_text
from ingestion.adapters.formats.office.precheck import check_and_unlock
from ingestion.adapters.formats.pdf.document import GeneratedPdfSource, PdfSource
from ingestion.adapters.formats.text.typeset_source import open_typeset
from ingestion.adapters.formats.text.typesetting import MAX_TYPESET_PAGES
from ingestion.domain.errors import CorruptFile, EmptyFile, TooLarge, UnsupportedFile
from ingestion.domain.page.notes import Note

MAX_OFFICE_BYTES = 100 * 2**20
_PAPER = (420.0, 595.0)  # A5, as a book is printed
_FONT_SIZE = 11.0
_DRM_MARKS = ("DRM", "encrypt")


def open_office_text(path: Path, media_type: str, password: str | None = None) -> PdfSource:
    """Lay out an office file's text; raises ReadingError subclasses."""
    opened = check_and_unlock(path, media_type, password)
    if opened is None:
        if path.stat().st_size > MAX_OFFICE_BYTES:
            raise TooLarge(f"This document is larger than {MAX_OFFICE_BYTES // 2**20} MB: split it.")
        opened = path.read_bytes()
    return open_typeset(lay_out_office_text(opened, media_type), notes=(Note.PLAIN_LAYOUT.value,))


def open_book(path: Path, media_type: str) -> PdfSource:
    """Lay out an EPUB; raises ReadingError subclasses."""
    check_and_unlock(path, media_type)
    try:
        with pymupdf.open(str(path), filetype="epub") as book:
            book.layout(width=_PAPER[0], height=_PAPER[1], fontsize=_FONT_SIZE)
            if book.page_count > MAX_TYPESET_PAGES:
                raise TooLarge(f"This document has more than {MAX_TYPESET_PAGES} pages: split it.")
            if not book.page_count:
                raise EmptyFile("There is no text in this file.")
            return GeneratedPdfSource(book.convert_to_pdf())
    except (RuntimeError, ValueError) as broken:
        if any(word in str(broken) for word in _DRM_MARKS):
            raise UnsupportedFile("This book is copy-protected: send a copy without protection.") from broken
        raise CorruptFile("This book is damaged.") from broken
