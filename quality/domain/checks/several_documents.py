"""Check that the file contains one document; another one inside would be assessed as the same document."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from quality.domain.checks.check import Check, RequiredFact
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier

ORDER = 30

MULTIPLE_DOCUMENTS: Final = "may_hold_several"


@dataclass(frozen=True)
class MultipleDocuments(Check):
    """No page seems to begin another document; otherwise a person splits the file or keeps it whole."""

    id: ClassVar[str] = MULTIPLE_DOCUMENTS
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.MAJOR
    needs: ClassVar[frozenset[RequiredFact]] = frozenset({RequiredFact.BOUNDARIES})
    message: ClassVar[str] = "May hold more than one document: another may begin on page %(pages)s"
    recommendation: ClassVar[str] = "Look at the file's pages: split it there, or keep it as one document."

    def applies_to(self, facts: FactSet) -> bool:
        """Apply to documents of several pages."""
        return len(facts.pages) > 1

    def run(self, facts: FactSet) -> Outcome:
        """Report the pages in a single finding."""
        found = facts.boundaries or ()
        if not found:
            return Outcome.passed()
        numbers = sorted(boundary.page for boundary in found)
        evidence = Evidence(page=numbers[0], values={"pages": _page_list(numbers)})
        return Outcome.failed(evidence, score=1 - max(boundary.chance for boundary in found))


def _page_list(numbers: Sequence[int]) -> str:
    *others, last = map(str, numbers)
    return f"{', '.join(others)} and {last}" if others else last
