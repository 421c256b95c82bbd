"""What a check is: one question about a document, answered from its facts alone."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from enum import StrEnum
from typing import ClassVar

from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier


class Need(StrEnum):
    """Facts a check cannot do without; where one is missing the answer is UNKNOWN."""

    WORDS = "words"
    MEASURES = "measures"
    PAGE_COUNT = "page_count"
    SCHEMA = "schema"
    CODES = "codes"
    PII = "pii"
    LANGUAGE = "language"
    LINES = "lines"
    PRINTED = "printed"
    NEIGHBOURS = "neighbours"
    BOUNDARIES = "boundaries"


_PRESENT: dict[Need, Callable[[FactSet], bool]] = {
    Need.WORDS: lambda facts: facts.words > 0,
    Need.MEASURES: lambda facts: any(page.measures for page in facts.pages),
    Need.PAGE_COUNT: lambda facts: facts.total_pages is not None,
    Need.SCHEMA: lambda facts: facts.schema is not None,
    Need.CODES: lambda facts: facts.codes is not None,
    Need.PII: lambda facts: facts.pii is not None,
    Need.LANGUAGE: lambda facts: facts.language is not None,
    Need.LINES: lambda facts: facts.lines is not None,
    Need.PRINTED: lambda facts: facts.printed is not None,
    Need.NEIGHBOURS: lambda facts: facts.neighbours is not None,
    Need.BOUNDARIES: lambda facts: facts.boundaries is not None,
}


class Check(ABC):
    """A frozen dataclass whose fields are the check's parameters.

    `message` and `recommendation` are templates (%(name)s, filled from an evidence's values) in a reviewer's
    words. Raise `version` whenever an answer may change: results and certificates name it.
    """

    id: ClassVar[str]
    version: ClassVar[int] = 1
    tier: ClassVar[Tier]
    dimension: ClassVar[Dimension]
    severity: ClassVar[Severity]
    needs: ClassVar[frozenset[Need]] = frozenset()
    message: ClassVar[str]
    recommendation: ClassVar[str]

    def applies_to(self, facts: FactSet) -> bool:
        """Say whether the question makes sense for this kind of document."""
        return True

    @abstractmethod
    def run(self, facts: FactSet) -> Outcome:
        """Answer; called only where the check applies and what it needs is there."""

    def explain(self, evidence: Evidence) -> str:
        """Say what is wrong at one place, in English."""
        return self.message % evidence.values

    def recommend(self, evidence: Evidence) -> str:
        """Say what to do about it, in English."""
        return self.recommendation % evidence.values

    def fix(self, outcome: Outcome) -> str | None:
        """Give the value that would mend the first finding that has one."""
        return next((evidence.fix for evidence in outcome.evidence if evidence.fix is not None), None)


def missing_needs(check: Check, facts: FactSet) -> tuple[Need, ...]:
    """List what the check needs and the facts do not hold."""
    return tuple(need for need in Need if need in check.needs and not _PRESENT[need](facts))
