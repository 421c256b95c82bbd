"""Attachments of mails and PDFs: which of them are documents; and the headers of mails."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from ingestion.domain.formats.containers import SkipReason

INLINE_BYTES_FROM = 20 * 1024
"""Size from which a picture in a mail's text may be a photographed page; smaller ones are logos."""

E_INVOICE_NAMES = frozenset(
    {"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "cii-rechnung.xml", "ubl-rechnung.xml"}
)
"""Names of an invoice's data within the PDF that shows it: it repeats the page and is not a separate document."""

TNEF_TYPE = "application/ms-tnef"
"""Type of a `winmail.dat`; one whose files were taken out is not among the attachments any more."""

_SIGNATURES = frozenset({".p7s", ".asc", ".sig"})
_AUXILIARY_TYPES = frozenset(
    (
        "application/pkcs7-signature application/x-pkcs7-signature application/pgp-signature application/pgp-keys "
        "application/pgp-encrypted message/delivery-status message/disposition-notification text/calendar "
        f"text/rfc822-headers {TNEF_TYPE}"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """File as its mail describes it; `inline` if the mail's text shows it."""

    name: str
    media_type: str
    size: int
    inline: bool = False


@dataclass(frozen=True, slots=True)
class MailHeaders:
    """Headers of a mail: `sent` is ISO 8601 with its zone, empty if the date cannot be read."""

    sender: str = ""
    to: str = ""
    cc: str = ""
    subject: str = ""
    sent: str = ""


def attachment_skip_reason(attachment: Attachment) -> SkipReason | None:
    """Return why an attachment is not a document, None if it is: signatures, invitations, receipts, logos are not."""
    if attachment.media_type.lower() in _AUXILIARY_TYPES or _suffix(attachment.name) in _SIGNATURES:
        return SkipReason.SIDE
    picture = attachment.media_type.lower().startswith("image/")
    return SkipReason.LOGO if attachment.inline and picture and attachment.size < INLINE_BYTES_FROM else None


def is_e_invoice(name: str) -> bool:
    """Return whether a PDF's attachment is the data of the invoice in the PDF."""
    return name.strip().lower() in E_INVOICE_NAMES


def _suffix(name: str) -> str:
    return PurePosixPath(name.lower().replace("\\", "/")).suffix
