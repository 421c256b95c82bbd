"""Notes for people on how a document was read, kept with its pages as codes; interfaces hold the texts."""

from enum import StrEnum


class Note(StrEnum):
    """Note that people should see before they rely on a page; it belongs to the page that it is about."""

    PLAIN_LAYOUT = "plain_layout"  # drawn from the text only: the file's own pages could not be rendered
    UNCALCULATED = "uncalculated"  # the file has formulas without results, which could not be computed
    XFA_FORM = "xfa_form"  # only Adobe's programs draw its form: its content may be missing here
    SIGNED = "signed"  # carries a digital signature, which is not checked
    PORTFOLIO = "portfolio"  # a cover around other files
    WAS_LOCKED = "was_locked"  # opened with a password
    REPAIRED = "repaired"  # damaged, and repaired as far as possible: content may be missing
    FONT_MAP_CORRECTED = "font_map_corrected"  # a font held wrong characters for its print: replaced by OCR
    PICTURE_UNREAD = "picture_unread"  # a picture with print on it was not read
    CUT_TO_PRINT = "cut_to_print"  # a page larger than paper, of which only the printed part is shown


NOTES = frozenset(note.value for note in Note)
CHECKED_NOTES = frozenset({Note.UNCALCULATED.value, Note.PICTURE_UNREAD.value, Note.FONT_MAP_CORRECTED.value})
"""Notes that a check of the quality engine reports as an issue."""


def known_notes(codes: object) -> tuple[str, ...]:
    """Return the known ones of the codes that a child process sent, without duplicates."""
    if not isinstance(codes, list):
        return ()
    return tuple(dict.fromkeys(str(code) for code in codes if code in NOTES))
