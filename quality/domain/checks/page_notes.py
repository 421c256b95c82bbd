"""Checks on how pages were read: pictures that were left out, characters that were replaced."""

from dataclasses import dataclass
from typing import ClassVar

from ingestion.domain.page.elements import WordSource
from ingestion.domain.page.notes import Note
from quality.domain.checks.check import Check
from quality.domain.checks.examples.builders import document, fails, not_applicable, page, passes, unknown
from quality.domain.checks.registry import Examples
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier

ORDER = 12


class PageNoteCheck(Check):
    """Base class of checks that report pages with a note."""

    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    note: ClassVar[Note]

    def applies_to(self, facts: FactSet) -> bool:
        """Apply to documents with pages from a text layer, and to those with the note."""
        return any(page.source is WordSource.NATIVE or self.note in page.notes for page in facts.pages)

    def run(self, facts: FactSet) -> Outcome:
        """Report each page with the note; UNKNOWN if no page could be read."""
        if not facts.pages_read:
            return Outcome.unknown("no page could be read")
        found = [page.number for page in facts.pages_read if self.note in page.notes]
        evidence = [Evidence(page=number, values={"page": str(number)}) for number in found]
        return Outcome.failed(*evidence, score=1 - len(found) / len(facts.pages_read)) if found else Outcome.passed()


@dataclass(frozen=True)
class PictureRead(PageNoteCheck):
    """Pictures with print on pages of text were read."""

    id: ClassVar[str] = "picture_unread"
    severity: ClassVar[Severity] = Severity.MAJOR
    note: ClassVar[Note] = Note.PICTURE_UNREAD
    message: ClassVar[str] = "A picture on page %(page)s with text on it was not read"
    recommendation: ClassVar[str] = "Read the region of the picture, or enter its values."


@dataclass(frozen=True)
class FontMapSound(PageNoteCheck):
    """The fonts of the text layer hold the characters that the page shows."""

    id: ClassVar[str] = "font_map_corrected"
    severity: ClassVar[Severity] = Severity.MINOR
    note: ClassVar[Note] = Note.FONT_MAP_CORRECTED
    message: ClassVar[str] = "A font on page %(page)s holds other characters than it shows; they were replaced"
    recommendation: ClassVar[str] = "Compare the values with the page: copied text of this file is wrong."


_NATIVE = page(source=WordSource.NATIVE)
_FAILED = page(words=(), source=WordSource.NATIVE, error="damaged")
_SCAN = page()


def _examples(note: Note) -> Examples:
    noted = page(source=WordSource.NATIVE, notes=(note.value,))
    return Examples(
        passing=(passes("a page of text", document(pages=[_NATIVE])),),
        failing=(fails("a page with the note", document(pages=[noted])),),
        unknown=(unknown("the only page is damaged", document(pages=[_FAILED])),),
        adversarial=(
            not_applicable("a scan is read from its image", document(pages=[_SCAN])),
            fails("a page that is mostly a picture", document(pages=[page(notes=(note.value,))])),
        ),
    )


EXAMPLES = {note.value: _examples(note) for note in (Note.PICTURE_UNREAD, Note.FONT_MAP_CORRECTED)}
