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
    """No page seems to begin or to show another document; otherwise a person splits the file or keeps it whole."""

    id: ClassVar[str] = MULTIPLE_DOCUMENTS
    version: ClassVar[int] = 2
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.MAJOR
    needs: ClassVar[frozenset[RequiredFact]] = frozenset({RequiredFact.BOUNDARIES})
    message: ClassVar[str] = "May hold more than one document: another may begin on page %(pages)s"
    recommendation: ClassVar[str] = (
        "Look at the file's pages: split it there, scan documents that share a page one by one, or keep it as one."
    )

    chance_of_shared: float = 0.9

    def applies_to(self, facts: FactSet) -> bool:
        """Apply to documents of several pages, and to single pages that seem to show several documents."""
        return len(facts.pages) > 1 or bool(facts.shared_pages)

    def run(self, facts: FactSet) -> Outcome:
        """Report the pages in a single finding."""
        chances = dict.fromkeys(facts.shared_pages, self.chance_of_shared)
        for boundary in facts.boundaries or ():
            chances[boundary.page] = max(boundary.chance, chances.get(boundary.page, 0.0))
        if not chances:
            return Outcome.passed()
        numbers = sorted(chances)
        evidence = Evidence(page=numbers[0], values={"pages": _page_list(numbers)})
        return Outcome.failed(evidence, score=1 - max(chances.values()))


def _page_list(numbers: Sequence[int]) -> str:
    *others, last = map(str, numbers)
    return f"{', '.join(others)} and {last}" if others else last
