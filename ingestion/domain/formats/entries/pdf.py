"""PDF."""

from ingestion.domain.formats.entries.archives import tar_type
from ingestion.domain.formats.entries.mails import is_mail
from ingestion.domain.formats.file_format import FileFormat, FormatKind, Precedence
from ingestion.domain.formats.signatures import unread_type_name

PDF = "application/pdf"
_HEADER = b"%PDF-"
_HEADER_WITHIN = 1024  # readers accept a header after junk: ISO 32000-1, implementation note 13


def _is_pdf(head: bytes) -> bool:
    """Return whether a header is near the start, and not inside a file of another type."""
    if _HEADER not in head[: _HEADER_WITHIN + len(_HEADER)]:
        return False
    return not (unread_type_name(head) or tar_type(head) or is_mail(head, hinted=False))


FORMATS = (
    FileFormat(
        media_type=PDF,
        name="PDF",
        kind=FormatKind.PDF,
        suffixes=(".pdf",),
        precedence=Precedence.MAGIC_NUMBER_WITHIN,
        proves=_is_pdf,
        example=b"%PDF-1.7\n",
        note="MuPDF; the text layer where it agrees with the print, else OCR; attached files become documents",
    ),
)
