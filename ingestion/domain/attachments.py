"""What is attached to a mail or a PDF: which of it is a document of its own."""

from dataclasses import dataclass
from pathlib import PurePosixPath

INLINE_BYTES_FROM = 20 * 1024
"""A picture within a mail's text from this size on may be a photographed page; below it, it is a logo."""

E_INVOICE_NAMES = frozenset({
    "factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "cii-rechnung.xml", "ubl-rechnung.xml",
})  # fmt: skip
"""The invoice as data, within the PDF that shows it: it says what the page says, and is no other document."""

_SIGNATURES = frozenset({".p7s", ".asc", ".sig"})
_SIDE_TYPES = frozenset({
    "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature",
    "application/pgp-keys", "application/pgp-encrypted", "message/delivery-status",
    "message/disposition-notification", "text/calendar", "text/rfc822-headers",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as its mail describes it; `inline` is one that the mail's own text shows."""

    name: str
    media_type: str
    size: int
    inline: bool = False


def worth_reading(attachment: Attachment) -> bool:
    """Say whether it becomes a document: not signatures, invitations and receipts of delivery, nor logos."""
    if attachment.media_type.lower() in _SIDE_TYPES or _suffix(attachment.name) in _SIGNATURES:
        return False
    picture = attachment.media_type.lower().startswith("image/")
    return not (attachment.inline and picture and attachment.size < INLINE_BYTES_FROM)


def is_e_invoice(name: str) -> bool:
    """Say whether a PDF's attachment is the data of the invoice that the PDF is."""
    return name.strip().lower() in E_INVOICE_NAMES


def _suffix(name: str) -> str:
    return PurePosixPath(name.lower().replace("\\", "/")).suffix
