"""Check that a workbook's formulas have results: a total that nobody has computed is neither empty nor zero."""

from dataclasses import dataclass
from typing import ClassVar

from ingestion.domain.page.notes import Note
from quality.domain.checks.check import Check
from quality.domain.checks.examples.builders import document, fails, not_applicable, page, passes, unknown
from quality.domain.checks.registry import Examples
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier

ORDER = 35


@dataclass(frozen=True)
class UncalculatedFormulas(Check):
    """A workbook drawn from its text has a result for each of its formulas."""

    id: ClassVar[str] = "formulas_calculated"
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.MAJOR
    message: ClassVar[str] = "The workbook has formulas whose results are not stored in it"
    recommendation: ClassVar[str] = "Open the original in a spreadsheet program, save it there, and send it again."

    def applies_to(self, facts: FactSet) -> bool:
        """Apply to files whose text was laid out without an office program."""
        return not facts.pages_read or any(Note.PLAIN_LAYOUT in page.notes for page in facts.pages_read)

    def run(self, facts: FactSet) -> Outcome:
        """Report the first page with the note of the reader; UNKNOWN if no page was read."""
        if not facts.pages_read:
            return Outcome.unknown("no page was read")
        found = next((page for page in facts.pages_read if Note.UNCALCULATED in page.notes), None)
        return Outcome.failed(Evidence(page=found.number)) if found else Outcome.passed()


_PLAIN = (Note.PLAIN_LAYOUT.value,)
EXAMPLES = {
    "formulas_calculated": Examples(
        passing=(passes("all results are stored", document(pages=[page(notes=_PLAIN)])),),
        failing=(fails("no result", document(pages=[page(notes=(*_PLAIN, Note.UNCALCULATED.value))])),),
        unknown=(unknown("no page was read", document(pages=())),),
        adversarial=(
            not_applicable("an office program computes them", document()),
            passes("a formula in words", document(pages=[page("=SUM(A1:A3)", notes=_PLAIN)])),
        ),
    )
}
