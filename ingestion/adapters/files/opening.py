"""Open a file by the type that its bytes proved."""

from pathlib import Path

from ingestion.adapters.files.sheet import SheetSource
from ingestion.domain.einvoice.sniffing import XML
from ingestion.domain.errors import CorruptFile, EmptyFile, UnsupportedFile
from ingestion.domain.intake import JPEG, PDF, PNG, TIFF, sniff

_HEAD = 4096


def open_source(path: Path, media_type: str, password: str | None = None) -> SheetSource:
    """Open a file as sheets; raises ReadingError subclasses.

    The first bytes are looked at once more: what is no PDF never reaches MuPDF, which would open HTML, fonts
    and archives as well.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise EmptyFile("The file is empty.")
    if media_type not in (PDF, PNG, JPEG, TIFF, XML):
        raise UnsupportedFile(f"{media_type} is not read here.")
    if sniff(head) != media_type:
        raise CorruptFile("The file is not what it says it is.")
    if media_type == PDF:
        from ingestion.adapters.files.pdf import PdfSource

        return PdfSource(path, password)
    if media_type == XML:
        from ingestion.adapters.files.invoice import InvoiceSource

        return InvoiceSource(path)
    from ingestion.adapters.files.picture import PictureSource

    return PictureSource(path, media_type)
