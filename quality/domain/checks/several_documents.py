"""Does the file hold one document? Another one inside it would go unread, and be judged as if it were this one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from quality.domain.checks.check import Check, Need
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier

MAY_HOLD_SEVERAL: Final = "may_hold_several"


@dataclass(frozen=True)
class MayHoldSeveral(Check):
    """Pages where another document may begin, by what stands on them; a person parts the file or lets it be."""

    id: ClassVar[str] = MAY_HOLD_SEVERAL
    tier: ClassVar[Tier] = Tier.TRIAGE
    dimension: ClassVar[Dimension] = Dimension.STRUCTURAL
    severity: ClassVar[Severity] = Severity.MAJOR
    needs: ClassVar[frozenset[Need]] = frozenset({Need.BOUNDARIES})
    message: ClassVar[str] = "May hold more than one document: another may begin on page %(pages)s"
    recommendation: ClassVar[str] = "Look at the file's pages: part it there, or keep it as one."

    def applies_to(self, facts: FactSet) -> bool:
        """One page holds one document."""
        return len(facts.pages) > 1

    def run(self, facts: FactSet) -> Outcome:
        """Name the pages, once for all of them."""
        found = facts.boundaries or ()
        if not found:
            return Outcome.passed()
        numbers = sorted(boundary.page for boundary in found)
        evidence = Evidence(page=numbers[0], values={"pages": _listed(numbers)})
        return Outcome.failed(evidence, score=1 - max(boundary.chance for boundary in found))


def _listed(numbers: Sequence[int]) -> str:
    *others, last = map(str, numbers)
    return f"{', '.join(others)} and {last}" if others else last
