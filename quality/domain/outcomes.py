"""What a check says: a verdict with its evidence, and the issue that people see."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from enum import StrEnum

from refinery.core.types import BoundingBox


class Tier(StrEnum):
    """What a check looks at: the reading itself, what the document says, or its neighbours."""

    TRIAGE = "triage"
    DOMAIN = "domain"
    CROSS_DOCUMENT = "cross_document"


class Dimension(StrEnum):
    """Which of the four scores a check counts towards."""

    STRUCTURAL = "structural"
    CONTENT = "content"
    COMPLIANCE = "compliance"
    FRESHNESS = "freshness"


class Severity(StrEnum):
    """How much a failed check matters; MAJOR and above need a human, BLOCKER rejects."""

    INFO = "info"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"
    BLOCKER = "blocker"

    @property
    def rank(self) -> int:
        """0 for INFO to 4 for BLOCKER."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Verdict(StrEnum):
    """UNKNOWN (what the check needs is missing) is never PASS; ERROR (the check broke) prevents approval."""

    PASS = "pass"  # noqa: S105 - a verdict, no secret
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place where a check failed; each becomes an issue.

    `values` fill the check's message; `fix` is the value a reviewer takes with one key; `severity` replaces
    the check's own where this finding is worse or milder; `neighbour` is the other document's id and
    `neighbour_text` what stands there.
    """

    field: str | None = None
    page: int | None = None
    bbox: BoundingBox | None = None
    text: str = ""
    values: Mapping[str, str] = default(default_factory=dict)
    fix: str | None = None
    severity: Severity | None = None
    neighbour: str | None = None
    neighbour_text: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A check's answer: `score` is 0..1 (1 is flawless) and counts for PASS and FAIL alone."""

    verdict: Verdict
    score: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    note: str = ""

    @classmethod
    def passed(cls, score: float = 1.0) -> "Outcome":
        """Nothing is wrong; a score below 1 says how close it came."""
        return cls(Verdict.PASS, score)

    @classmethod
    def failed(cls, *evidence: Evidence, score: float = 0.0) -> "Outcome":
        """Something is wrong, and here is where."""
        return cls(Verdict.FAIL, score, evidence)

    @classmethod
    def unknown(cls, note: str) -> "Outcome":
        """What is needed to judge is missing."""
        return cls(Verdict.UNKNOWN, note=note)

    @classmethod
    def not_applicable(cls, note: str = "") -> "Outcome":
        """The check has nothing to say about such a document."""
        return cls(Verdict.NOT_APPLICABLE, note=note)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check's outcome on one document; `shadow` results are recorded and never counted."""

    check: str
    version: int
    tier: Tier
    dimension: Dimension
    severity: Severity
    outcome: Outcome
    shadow: bool = False

    @property
    def worst(self) -> Severity | None:
        """The gravest severity among the findings; None unless the check failed."""
        if self.outcome.verdict is not Verdict.FAIL:
            return None
        found = [evidence.severity or self.severity for evidence in self.outcome.evidence]
        return max(found or [self.severity], key=lambda severity: severity.rank)


@dataclass(frozen=True, slots=True)
class Issue:
    """Something wrong, in a reviewer's words. `code` is the check's id and stable.

    `message` and `recommendation` are English; `values` fill the check's templates for another language.
    """

    code: str
    severity: Severity
    dimension: Dimension
    tier: Tier
    message: str
    recommendation: str
    field: str | None = None
    page: int | None = None
    bbox: BoundingBox | None = None
    fix: str | None = None
    text: str = ""
    neighbour: str | None = None
    neighbour_text: str = ""
    values: Mapping[str, str] = default(default_factory=dict)
    check_version: int = 1
