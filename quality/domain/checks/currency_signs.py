"""Signs of currencies that several countries share."""

from dataclasses import dataclass
from typing import ClassVar

from ingestion.domain.schemas.fields import FieldKind
from quality.domain.checks.check import Check
from quality.domain.checks.examples.builders import BILL, document, fails, not_applicable, passes, printed_as, unknown
from quality.domain.checks.registry import Examples
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier
from quality.domain.vocabulary import title_of

ORDER = 65


@dataclass(frozen=True)
class CurrencySignResolved(Check):
    """The currency is known: a sign such as $ or kr needs a code, a country or a tax that shows which it is."""

    id: ClassVar[str] = "currency_ambiguous"
    tier: ClassVar[Tier] = Tier.DOMAIN
    dimension: ClassVar[Dimension] = Dimension.CONTENT
    severity: ClassVar[Severity] = Severity.MINOR
    message: ClassVar[str] = "%(title)s is unknown: several countries use %(printed)s"
    recommendation: ClassVar[str] = "Choose the currency of the sender's country."

    def applies_to(self, facts: FactSet) -> bool:
        """Apply if the schema has a currency."""
        return facts.schema is not None and facts.schema.has_kind(FieldKind.CURRENCY)

    def run(self, facts: FactSet) -> Outcome:
        """Report currencies that were found, but have no code."""
        found = [each for each in facts.of_kind(FieldKind.CURRENCY) if each.value]
        if not found:
            return Outcome.unknown("no currency was found")
        unclear = [each for each in found if not each.normalized]
        evidence = (
            Evidence.of_field(each, {"title": title_of(facts, each.name), "printed": each.value}) for each in unclear
        )
        return Outcome.failed(*evidence) if unclear else Outcome.passed()


EXAMPLES = {
    "currency_ambiguous": Examples(
        passing=(passes("a code", document()),),
        failing=(fails("a dollar sign", document(fields=(printed_as("currency", "$", ""),))),),
        unknown=(unknown("no currency", document({**BILL, "currency": ""})),),
        adversarial=(
            passes("a sign with evidence", document(fields=(printed_as("currency", "kr", "SEK"),))),
            not_applicable("no schema", document(schema=None)),
        ),
    )
}
