"""Stages and failures of documents, and what stays in a container, in the words of the people who read them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ingestion.domain.formats.containers import EML, MSG, ZIP, Why
from ingestion.domain.formats.intake import UNKNOWN as NO_KIND
from ingestion.domain.formats.office import DOC, DOCX, EPUB, ODP, ODS, ODT, PPT, PPTX, RTF, XLS, XLSX
from ingestion.domain.formats.tar import TAR, TGZ
from ingestion.domain.formats.text import CSV, HTML, JSON, MARKDOWN, RST, TXT, XML
from ingestion.domain.page.notes import Note

STAGES = {
    "queued": _("Waiting for a worker"),
    "held": _("Held with its batch"),
    "cancelled": _("Cancelled with its batch"),
    "scanning": _("Being scanned for malware"),
    "reading": _("Pages are being read"),
    "unpacking": _("Files are being taken out"),
    "assessing": _("Checks are running"),
    "waiting_for_password": _("Waiting for its password"),
}


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, and what to do about it."""

    title: str | Promise
    advice: str | Promise


SEND_AGAIN = _("The original is kept. Ask the sender for another copy, or have it read again.")
FAILURES = {
    "corrupt": Failure(_("The file is damaged"), SEND_AGAIN),
    "empty": Failure(_("The file is empty"), SEND_AGAIN),
    "unsupported": Failure(
        _("Files of this kind are not read"),
        _("Send it as PDF, or as pictures of its pages. It is kept."),
    ),
    "too_large": Failure(
        _("The file is larger than allowed"), _("Split it, or ask an administrator to raise the limit.")
    ),
    "policy": Failure(_("A rule of your organisation refuses this file"), _("Ask an administrator which rule.")),
    "not_scanned": Failure(
        _("The virus scan could not look at all of this file"),
        _("Split it, or ask an administrator to raise the scanner's limits and have it read again."),
    ),
    "wrong_password": Failure(
        _("That password did not open the file"), _("Give the right one below. Passwords are never kept.")
    ),
    "needs_password": Failure(_("The file is locked"), _("Give its password below. Passwords are never kept.")),
    "missing": Failure(
        _("The file is gone from storage"),
        _("Send the same file again, then have this document read again. Tell your operator: storage lost it."),
    ),
    "attachments": Failure(
        _("The files in it could not be taken out"),
        _("Its own pages were read. Ask the sender for the files, or have it read again."),
    ),
    "malware": Failure(
        _("The virus scan found something"), _("The file is locked away. Only an operator can free it.")
    ),
    "resource_limit": Failure(
        _("Reading this file took more than it may"),
        _("It was stopped twice. An operator can have it read again."),
    ),
    "poison": Failure(
        _("Reading failed three times"), _("The original is kept. An operator can have it read again.")
    ),
}
LEFT_OUT = {
    Why.LITTER: _("Left there by an operating system"),
    Why.LOGO: _("A small picture in the mail's own text"),
    Why.SIDE: _("A signature, an invitation or a receipt"),
    Why.DATA: _("The invoice as data, read with the document"),
    Why.DAMAGED: _("Damaged: it cannot be taken out"),
    Why.METHOD: _("Packed in a way that is not read"),
    Why.LOCKED: _("Another password opens it"),
    Why.ERASED: _("Erased"),
}
UNKNOWN = Failure(_("The document could not be read"), SEND_AGAIN)


def failure(code: str) -> Failure | None:
    """Give the words for an error code; None when there is no error."""
    return FAILURES.get(code, UNKNOWN) if code else None


NOTES = {
    Note.PLAIN_LAYOUT: Failure(
        _("These pages were drawn from the file's text alone"),
        _("No office program could lay it out: pictures, headers and the look of the original are missing."),
    ),
    Note.XFA_FORM: Failure(
        _("This PDF holds a form that only Adobe's programs draw (XFA)"),
        _("What is filled in may be missing here: compare the original, or ask for a printed copy."),
    ),
    Note.SIGNED: Failure(
        _("This PDF carries a digital signature"), _("It is kept with the original and has not been checked.")
    ),
    Note.PORTFOLIO: Failure(
        _("This PDF is a portfolio: a cover around other files"), _("They are documents of their own.")
    ),
    Note.WAS_LOCKED: Failure(
        _("This file was opened by a password"), _("What it looks like is kept here; the password is not.")
    ),
    Note.REPAIRED: Failure(
        _("This PDF was damaged and has been repaired"),
        _("Some of it may be missing: compare another copy, or ask for the file again."),
    ),
}


def note_words(code: str) -> Failure | None:
    """Give the words for a note beside a page; None for one that is not known."""
    return NOTES[Note(code)] if code in NOTES else None


FILES = {
    "application/pdf": "PDF", "image/png": "PNG", "image/jpeg": "JPEG", "image/tiff": "TIFF", "image/webp": "WebP",
    "image/bmp": "BMP", "image/gif": "GIF", "image/heic": "HEIC", DOCX: "DOCX", XLSX: "XLSX",
    PPTX: "PPTX", ODT: "ODT", ODS: "ODS", ODP: "ODP", DOC: "DOC", XLS: "XLS", PPT: "PPT", RTF: "RTF", EPUB: "EPUB",
    HTML: "HTML", CSV: "CSV", XML: "XML", JSON: "JSON", MARKDOWN: "Markdown", RST: "reStructuredText",
    ZIP: "ZIP", TAR: "TAR", TGZ: "TAR (gzip)",
    TXT: _("Plain text"), EML: _("Mail (EML)"), MSG: _("Mail (MSG)"),
}  # fmt: skip


def file_words(media_type: str) -> str:
    """Name a kind of file as people do; one without a name by its type."""
    return gettext("Of no known kind") if media_type == NO_KIND else str(FILES.get(media_type, media_type))
