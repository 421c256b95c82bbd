"""Result of a check: a verdict with its evidence, and the issue shown to people."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from enum import StrEnum

from ingestion.domain.schemas.fields import ExtractedField
from refinery.core.types import BoundingBox


class Tier(StrEnum):
    """Subject of a check: the reading itself, the document's content, or related documents."""

    TRIAGE = "triage"
    DOMAIN = "domain"
    CROSS_DOCUMENT = "cross_document"


class Dimension(StrEnum):
    """Score that a check counts towards, one of four."""

    STRUCTURAL = "structural"
    CONTENT = "content"
    COMPLIANCE = "compliance"
    FRESHNESS = "freshness"


class Severity(StrEnum):
    """Severity of a failed check; MAJOR and above need a person, BLOCKER rejects."""

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
    """UNKNOWN (a required fact is missing) is never PASS; ERROR (the check raised) prevents approval."""

    PASS = "pass"  # noqa: S105 - a verdict, no secret
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place where a check failed; each becomes an issue.

    `values` fill the check's message; `fix` is the value that a reviewer accepts with one key; `severity` replaces
    the check's own if this finding is more or less severe; `neighbour` is the other document's id and
    `neighbour_text` its text there.
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

    @classmethod
    def of_field(cls, found: ExtractedField, values: Mapping[str, str], fix: str | None = None) -> "Evidence":
        """Return evidence at a field's place, with its printed text."""
        return cls(found.name, found.page, found.bbox, found.value, values, fix)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of a check: `score` is 0..1 (1 is flawless) and counts for PASS and FAIL only."""

    verdict: Verdict
    score: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    note: str = ""

    @classmethod
    def passed(cls, score: float = 1.0) -> "Outcome":
        """Return a passing outcome; a score below 1 says how close it was."""
        return cls(Verdict.PASS, score)

    @classmethod
    def failed(cls, *evidence: Evidence, score: float = 0.0) -> "Outcome":
        """Return a failing outcome with its evidence."""
        return cls(Verdict.FAIL, score, evidence)

    @classmethod
    def unknown(cls, note: str) -> "Outcome":
        """Return an outcome for missing facts."""
        return cls(Verdict.UNKNOWN, note=note)

    @classmethod
    def not_applicable(cls, note: str = "") -> "Outcome":
        """Return an outcome for a document that the check does not apply to."""
        return cls(Verdict.NOT_APPLICABLE, note=note)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Outcome of one check on one document; `shadow` results are recorded and never counted."""

    check: str
    version: int
    tier: Tier
    dimension: Dimension
    severity: Severity
    outcome: Outcome
    shadow: bool = False

    @property
    def worst(self) -> Severity | None:
        """The highest severity among the findings; None unless the check failed."""
        if self.outcome.verdict is not Verdict.FAIL:
            return None
        found = [evidence.severity or self.severity for evidence in self.outcome.evidence]
        return max(found or [self.severity], key=lambda severity: severity.rank)


@dataclass(frozen=True, slots=True)
class DetectedIssue:
    """Problem in a reviewer's words. `code` is the check's id and stable.

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
