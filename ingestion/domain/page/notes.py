"""What people are told of how a document was read, beside its pages: codes here, words where they are shown."""

from enum import StrEnum


class Note(StrEnum):
    """One thing worth knowing before the pages are believed; it stands on the page that it is about."""

    PLAIN_LAYOUT = "plain_layout"  # drawn from the text alone: the file's own pages could not be made
    XFA_FORM = "xfa_form"  # its form is drawn by Adobe's programs alone: what is on it may be missing here
    SIGNED = "signed"  # carries a digital signature, which is not checked
    PORTFOLIO = "portfolio"  # a cover around other files
    WAS_LOCKED = "was_locked"  # opened by a password
    REPAIRED = "repaired"  # damaged, and put together again as far as it went: something may be missing


NOTES = frozenset(note.value for note in Note)


def known_notes(codes: object) -> tuple[str, ...]:
    """Give the codes that are known, each once, from what a child says."""
    if not isinstance(codes, list):
        return ()
    return tuple(dict.fromkeys(str(code) for code in codes if code in NOTES))
