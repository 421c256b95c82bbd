"""Check of personal data that the schema or the tenant does not allow."""

from dataclasses import dataclass
from typing import ClassVar

from quality.domain.checks.check import Check, RequiredFact
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier

ORDER = 120

_NAMES = {"card": "payment card", "ssn": "social security"}


@dataclass(frozen=True)
class PiiNotAllowed(Check):
    """Card and social security numbers are rarely allowed; a tenant may allow each kind."""

    id: ClassVar[str] = "pii_not_allowed"
    tier: ClassVar[Tier] = Tier.DOMAIN
    dimension: ClassVar[Dimension] = Dimension.COMPLIANCE
    severity: ClassVar[Severity] = Severity.MAJOR
    needs: ClassVar[frozenset[RequiredFact]] = frozenset({RequiredFact.PII})
    message: ClassVar[str] = "A %(kind)s number ending %(ending)s is on page %(page)s"
    recommendation: ClassVar[str] = "Reject it or ask for a copy without it, unless it has to be there."

    def run(self, facts: FactSet) -> Outcome:
        """Report each span that is not allowed, without repeating the number itself."""
        found = [
            Evidence(
                page=span.page,
                bbox=span.bbox,
                text=span.text,
                values={"kind": _NAMES.get(span.kind, span.kind), "ending": span.text[-4:], "page": str(span.page)},
            )
            for span in facts.pii or ()
            if span.kind not in facts.limits.pii_allowed
        ]
        return Outcome.failed(*found) if found else Outcome.passed()
