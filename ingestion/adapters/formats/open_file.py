"""Open any file as sheets, by the type that its bytes proved; its library is loaded for that kind alone."""

from pathlib import Path

from ingestion.adapters.formats.page_source import SheetSource
from ingestion.domain.einvoice.detection import looks_like_einvoice
from ingestion.domain.errors import CorruptFile, EmptyFile, UnsupportedFile
from ingestion.domain.formats.containers import MAILS
from ingestion.domain.formats.images import PICTURES
from ingestion.domain.formats.intake import PDF, named, sniff
from ingestion.domain.formats.office import EPUB, OFFICE
from ingestion.domain.formats.text import TEXTS, XML

_HEAD = 4096


def open_source(path: Path, media_type: str, password: str | None = None, *, made: bool = False) -> SheetSource:
    """Open a file; `made` says that it was made here, from another one. Raises ReadingError subclasses.

    The first bytes are looked at once more: what is no PDF never reaches MuPDF, which would open HTML, fonts
    and archives as well.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise EmptyFile("The file is empty.")
    is_einvoice = media_type == XML and looks_like_einvoice(head)
    if (media_type in {PDF, *PICTURES} or is_einvoice) and sniff(head) != media_type:
        raise CorruptFile("The file is not what it says it is.")
    if media_type == PDF:
        from ingestion.adapters.formats.pdf.document import PdfSource

        return PdfSource(path, password, made=made)
    if media_type in PICTURES:
        from ingestion.adapters.formats.image.image import PictureSource

        return PictureSource(path, media_type)
    if is_einvoice:
        from ingestion.adapters.formats.einvoice.source import InvoiceSource

        return InvoiceSource(path)
    return _laid_out(path, media_type, password)


def _laid_out(path: Path, media_type: str, password: str | None) -> SheetSource:
    """Open what has no pages of its own."""
    if media_type in TEXTS | MAILS:
        from ingestion.adapters.formats.text.open_text import open_written

        return open_written(path, media_type)
    if media_type in OFFICE:
        from ingestion.adapters.formats.office.open_office import open_plainly

        return open_plainly(path, media_type, password)
    if media_type == EPUB:
        from ingestion.adapters.formats.office.open_office import open_book

        return open_book(path, media_type)
    with path.open("rb") as file:
        other = named(file.read(_HEAD))
    if other:
        raise UnsupportedFile(f"This is {other}, which is not read here.")
    raise UnsupportedFile("Nothing in this file says what it is.")
