"""Base class of checks: one question about a document, answered from its facts only."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from enum import StrEnum
from typing import ClassVar

from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier


class RequiredFact(StrEnum):
    """Facts that a check requires; if one is missing, the verdict is UNKNOWN."""

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


_PRESENT: dict[RequiredFact, Callable[[FactSet], bool]] = {
    RequiredFact.WORDS: lambda facts: facts.words > 0,
    RequiredFact.MEASURES: lambda facts: any(page.measures for page in facts.pages),
    RequiredFact.PAGE_COUNT: lambda facts: facts.total_pages is not None,
    RequiredFact.SCHEMA: lambda facts: facts.schema is not None,
    RequiredFact.CODES: lambda facts: facts.codes is not None,
    RequiredFact.PII: lambda facts: facts.pii is not None,
    RequiredFact.LANGUAGE: lambda facts: facts.language is not None,
    RequiredFact.LINES: lambda facts: facts.lines is not None,
    RequiredFact.PRINTED: lambda facts: facts.printed_dates is not None,
    RequiredFact.NEIGHBOURS: lambda facts: facts.neighbours is not None,
    RequiredFact.BOUNDARIES: lambda facts: facts.boundaries is not None,
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
    needs: ClassVar[frozenset[RequiredFact]] = frozenset()
    message: ClassVar[str]
    recommendation: ClassVar[str]

    def applies_to(self, facts: FactSet) -> bool:
        """Return whether the check applies to this kind of document."""
        return True

    @abstractmethod
    def run(self, facts: FactSet) -> Outcome:
        """Return the outcome; called only if the check applies and its required facts are present."""

    def explain(self, evidence: Evidence) -> str:
        """Return the message for one finding, in English."""
        return self.message % evidence.values

    def recommend(self, evidence: Evidence) -> str:
        """Return the recommendation for one finding, in English."""
        return self.recommendation % evidence.values

    def fix(self, outcome: Outcome) -> str | None:
        """Return the corrected value of the first finding that has one."""
        return next((evidence.fix for evidence in outcome.evidence if evidence.fix is not None), None)


def missing_needs(check: Check, facts: FactSet) -> tuple[RequiredFact, ...]:
    """Return the required facts that are missing."""
    return tuple(need for need in RequiredFact if need in check.needs and not _PRESENT[need](facts))
