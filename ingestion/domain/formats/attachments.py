"""What is attached to a mail or a PDF: which of it is a document of its own; and what a mail says of itself."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from ingestion.domain.formats.containers import Why

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


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who wrote to whom about what: `sent` is ISO 8601 with its zone, empty where the date cannot be read."""

    sender: str = ""
    to: str = ""
    cc: str = ""
    subject: str = ""
    sent: str = ""


def why_left_out(attachment: Attachment) -> Why | None:
    """Say why it becomes no document, None when it does: signatures, invitations, receipts do not, nor logos."""
    if attachment.media_type.lower() in _SIDE_TYPES or _suffix(attachment.name) in _SIGNATURES:
        return Why.SIDE
    picture = attachment.media_type.lower().startswith("image/")
    return Why.LOGO if attachment.inline and picture and attachment.size < INLINE_BYTES_FROM else None


def is_e_invoice(name: str) -> bool:
    """Say whether a PDF's attachment is the data of the invoice that the PDF is."""
    return name.strip().lower() in E_INVOICE_NAMES


def _suffix(name: str) -> str:
    return PurePosixPath(name.lower().replace("\\", "/")).suffix
