"""User-facing labels of stages, failures, skipped files and file types."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ingestion.domain.formats.containers import SkipReason
from ingestion.domain.formats.intake import UNKNOWN_MEDIA_TYPE as NO_KIND
from ingestion.domain.formats.registry import FORMATS
from ingestion.domain.page.notes import Note

STAGE_LABELS = {
    "queued": _("Waiting for a worker"),
    "held": _("Paused with its batch"),
    "cancelled": _("Cancelled with its batch"),
    "scanning": _("Being scanned for malware"),
    "reading": _("Pages are being read"),
    "unpacking": _("Files are being extracted"),
    "assessing": _("Checks are running"),
    "waiting_for_password": _("Waiting for its password"),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Problem, and what the user can do about it."""

    title: str | Promise
    advice: str | Promise


SEND_AGAIN = _("The original is kept. Ask the sender for another copy, or have it read again.")
FAILURES = {
    "corrupt": Explanation(_("The file is damaged"), SEND_AGAIN),
    "empty": Explanation(_("The file is empty"), SEND_AGAIN),
    "unsupported": Explanation(
        _("Files of this kind are not read"), _("Send it as PDF, or as pictures of its pages. It is kept.")
    ),
    "too_large": Explanation(
        _("The file is larger than allowed"), _("Split it, or ask an administrator to raise the limit.")
    ),
    "policy": Explanation(
        _("A rule of your organisation does not allow this file"), _("Ask an administrator which rule.")
    ),
    "not_scanned": Explanation(
        _("The virus scanner could not check the whole file"),
        _("Split it, or ask an administrator to raise the scanner's limits and have it read again."),
    ),
    "wrong_password": Explanation(
        _("That password did not open the file"), _("Give the right one below. Passwords are never kept.")
    ),
    "needs_password": Explanation(_("The file is locked"), _("Give its password below. Passwords are never kept.")),
    "missing": Explanation(
        _("The file is gone from storage"),
        _("Send the same file again, then have this document read again. Tell your operator: storage lost it."),
    ),
    "attachments": Explanation(
        _("The attached files could not be extracted"),
        _("Its own pages were read. Ask the sender for the files, or have it read again."),
    ),
    "malware": Explanation(
        _("The virus scan found something"), _("The file is quarantined. Only an operator can release it.")
    ),
    "resource_limit": Explanation(
        _("Reading this file exceeded the resource limits"),
        _("It was stopped twice. An operator can have it read again."),
    ),
    "poison": Explanation(
        _("Reading failed three times"), _("The original is kept. An operator can have it read again.")
    ),
}
SKIP_REASON_LABELS = {
    SkipReason.LITTER: _("Operating system file"),
    SkipReason.LOGO: _("A small picture in the mail's own text"),
    SkipReason.SIDE: _("A signature, an invitation or a receipt"),
    SkipReason.DATA: _("The invoice as data, read with the document"),
    SkipReason.DAMAGED: _("Damaged: cannot be extracted"),
    SkipReason.METHOD: _("Unsupported compression method"),
    SkipReason.LOCKED: _("Encrypted with another password"),
    SkipReason.ERASED: _("Erased"),
}
UNKNOWN = Explanation(_("The document could not be read"), SEND_AGAIN)


def explain_failure(code: str) -> Explanation | None:
    """Return the explanation of an error code; None without an error."""
    return FAILURES.get(code, UNKNOWN) if code else None


NOTE_EXPLANATIONS = {
    Note.PLAIN_LAYOUT: Explanation(
        _("These pages were rendered from text only"),
        _("No office program could lay it out: pictures, headers and the look of the original are missing."),
    ),
    Note.UNCALCULATED: Explanation(
        _("This workbook has formulas whose results are not stored in it"),
        _("Open the original in a spreadsheet program, save it there, and send it again."),
    ),
    Note.XFA_FORM: Explanation(
        _("This PDF holds a form that only Adobe's programs draw (XFA)"),
        _("What is filled in may be missing here: compare the original, or ask for a printed copy."),
    ),
    Note.SIGNED: Explanation(
        _("This PDF carries a digital signature"), _("It is kept with the original and has not been checked.")
    ),
    Note.PORTFOLIO: Explanation(
        _("This PDF is a portfolio: a cover around other files"), _("They are separate documents.")
    ),
    Note.WAS_LOCKED: Explanation(
        _("This file was opened with a password"), _("Its pages are kept; the password is not.")
    ),
    Note.REPAIRED: Explanation(
        _("This PDF was damaged and has been repaired"),
        _("Some of it may be missing: compare another copy, or ask for the file again."),
    ),
    Note.FONT_MAP_CORRECTED: Explanation(
        _("A font in this PDF holds wrong characters"),
        _("They were replaced by those that the page shows: text that is copied from the file is wrong."),
    ),
    Note.PICTURE_UNREAD: Explanation(
        _("A picture on this page was not read"), _("Read its region, or enter the values that it shows.")
    ),
    Note.CUT_TO_PRINT: Explanation(
        _("Only the printed part of this page is shown"),
        _("The sheet is larger than paper, and the rest of it is empty: the original has all of it."),
    ),
}


def explain_note(code: str) -> Explanation | None:
    """Return the explanation of a page note; None for an unknown one."""
    return NOTE_EXPLANATIONS[Note(code)] if code in NOTE_EXPLANATIONS else None


FILE_TYPE_LABELS = {one.media_type: _(one.label or one.name) for one in FORMATS}


def file_type_label(media_type: str) -> str:
    """Return the user-facing name of a file type, or the media type if it has none."""
    return gettext("Unknown file type") if media_type == NO_KIND else str(FILE_TYPE_LABELS.get(media_type, media_type))
