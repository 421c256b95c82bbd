"""Checks of sums: lines add up to the subtotal, subtotal and tax to the total."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar

from ingestion.domain.extraction.adjustments import is_explained
from ingestion.domain.normalize.money import format_like
from ingestion.domain.schemas.fields import ExtractedField
from quality.domain.checks.check import Check, RequiredFact
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier
from quality.domain.sums import (
    InvoiceSums,
    adds_up,
    extras_of,
    invoice_sums,
    is_alternative,
    labelled_adjustments,
    place_of_field,
    proven_corrections,
)
from quality.domain.vocabulary import SUBTOTAL_FIELDS, TAX_FIELDS, TOTAL_FIELDS, amount_of, schema_has, title_of

ORDER = 60


@dataclass(frozen=True)
class TotalsAddUp(Check):
    """Net, tax and the labelled additions and deductions make the total; critical if a correction is proven."""

    id: ClassVar[str] = "totals_add_up"
    version: ClassVar[int] = 2
    tier: ClassVar[Tier] = Tier.DOMAIN
    dimension: ClassVar[Dimension] = Dimension.CONTENT
    severity: ClassVar[Severity] = Severity.CRITICAL
    message: ClassVar[str] = "%(title)s is %(printed)s, but the other amounts make it %(expected)s"
    recommendation: ClassVar[str] = "Compare the amounts with the page, and correct the one that differs."
    tolerance: float = 0.05

    def applies_to(self, facts: FactSet) -> bool:
        """Apply if the schema has all three amounts."""
        return all(schema_has(facts, *names) for names in (TOTAL_FIELDS, SUBTOTAL_FIELDS, TAX_FIELDS))

    def run(self, facts: FactSet) -> Outcome:
        """Compare the amounts; if they differ, report the one that is wrong, or is most likely wrong."""
        sums = invoice_sums(facts)
        if sums is None:
            return Outcome.unknown("total, subtotal or tax is missing")
        if adds_up(facts, sums, Decimal(str(self.tolerance))):
            return Outcome.passed()
        proven = proven_corrections(facts, sums)
        if len(proven) == 1:
            return Outcome.failed(_evidence(facts, *proven[0], proven=True))
        return Outcome.failed(_evidence(facts, *_likeliest(facts, sums), proven=False))


def as_printed(found: ExtractedField) -> str:
    """Return a field's amount in the style of the page."""
    amount = amount_of(found)
    return found.normalized if amount is None else format_like(amount, found.value)


def _evidence(facts: FactSet, found: ExtractedField, wanted: Decimal, *, proven: bool) -> Evidence:
    """Return evidence with a correction if it is proven, otherwise of lower severity and without one."""
    shown = format_like(wanted, found.value)
    values = {"title": title_of(facts, found.name), "printed": as_printed(found), "expected": shown}
    evidence = Evidence.of_field(found, values, shown if proven else None)
    return evidence if proven else replace(evidence, severity=Severity.MAJOR)


def _likeliest(facts: FactSet, sums: InvoiceSums) -> tuple[ExtractedField, Decimal]:
    """Return the amount that is most likely wrong, by alternative readings, the lines and confidence."""
    net, tax, total = sums.amounts
    extras = extras_of(facts)
    suspects = ((sums.total, net + tax + extras), (sums.net, total - tax - extras), (sums.tax, total - net - extras))
    return min(suspects, key=lambda suspect: _suspicion_rank(facts, *suspect))


def _suspicion_rank(facts: FactSet, found: ExtractedField, wanted: Decimal) -> tuple[bool, bool, float]:
    """Return the rank of a suspect; the lowest one is most likely wrong."""
    lines = sum((line.amount for line in facts.lines or ()), Decimal(0))
    backed = bool(facts.lines) and found.name in SUBTOTAL_FIELDS and lines == amount_of(found)
    impossible = wanted < 0
    return (not is_alternative(found, wanted), backed or impossible, found.confidence)


@dataclass(frozen=True)
class LinesAddUp(Check):
    """The lines' amounts add up to the subtotal, or to the total if prices include tax."""

    id: ClassVar[str] = "lines_add_up"
    version: ClassVar[int] = 2
    tier: ClassVar[Tier] = Tier.DOMAIN
    dimension: ClassVar[Dimension] = Dimension.CONTENT
    severity: ClassVar[Severity] = Severity.MAJOR
    needs: ClassVar[frozenset[RequiredFact]] = frozenset({RequiredFact.LINES})
    message: ClassVar[str] = "%(title)s does not match the lines: they add up to %(lines)s"
    recommendation: ClassVar[str] = "Compare the lines with the page: one may be misread or missing."
    tolerance: float = 0.05

    def applies_to(self, facts: FactSet) -> bool:
        """Apply if the schema has a total."""
        return schema_has(facts, *TOTAL_FIELDS)

    def run(self, facts: FactSet) -> Outcome:
        """Compare the sum with every amount that it may represent; one uncertain line proves nothing."""
        lines = facts.lines or ()
        target = facts.get(*SUBTOTAL_FIELDS) or facts.get(*TOTAL_FIELDS)
        if not lines or target is None:
            return Outcome.unknown("no lines or no total were read")
        total = sum((line.amount for line in lines), Decimal(0))
        if any(self._is_explained(facts, goal - total, found) for found, goal in _goals(facts)):
            return Outcome.passed()
        if not schema_has(facts, *SUBTOTAL_FIELDS) and total < max((goal for _, goal in _goals(facts)), default=total):
            return Outcome.unknown("tax may be added to the lines")
        if not any(line.confirmed for line in lines):
            return Outcome.unknown("the lines could not be read with certainty")
        return Outcome.failed(_evidence_of_lines(facts, target, total))

    def _is_explained(self, facts: FactSet, gap: Decimal, goal: ExtractedField) -> bool:
        """Return whether the labelled amounts from the first line to a sum make up the gap."""
        lines = facts.lines or ()
        interval = ((lines[0].page, lines[0].bbox.y0), place_of_field(goal))
        sign = -1 if (amount_of(goal) or 0) < 0 else 1
        return is_explained(gap, labelled_adjustments(facts), interval, sign, Decimal(str(self.tolerance)))


def _evidence_of_lines(facts: FactSet, target: ExtractedField, total: Decimal) -> Evidence:
    """Return evidence with the lines' sum as correction if it also makes the total right and every line is sure."""
    shown = format_like(total, target.value)
    values = {"title": title_of(facts, target.name), "lines": shown}
    confirmed = all(line.confirmed for line in facts.lines or ())
    sums = invoice_sums(facts)
    proven = confirmed and sums is not None and (target, total) in proven_corrections(facts, sums)
    evidence = Evidence.of_field(target, values, shown if proven else None)
    return evidence if confirmed else replace(evidence, severity=Severity.MINOR)


def _goals(facts: FactSet) -> list[tuple[ExtractedField, Decimal]]:
    """Return what the lines may add up to: the net, the total, or the total without its tax and extras."""
    total, subtotal, tax = facts.get(*TOTAL_FIELDS), facts.get(*SUBTOTAL_FIELDS), amount_of(facts.get(*TAX_FIELDS))
    gross, net, extras = amount_of(total), amount_of(subtotal), extras_of(facts)
    goals = [(subtotal, net)] if subtotal and net is not None else []
    if total and gross is not None:
        goals += [(total, gross), (total, gross - extras)]
        goals += [(total, gross - tax - extras)] if tax is not None else []
    return goals


@dataclass(frozen=True)
class PaymentAddsUp(Check):
    """The payment less the change equals the total of the receipt."""

    id: ClassVar[str] = "payment_adds_up"
    version: ClassVar[int] = 2
    tier: ClassVar[Tier] = Tier.DOMAIN
    dimension: ClassVar[Dimension] = Dimension.CONTENT
    severity: ClassVar[Severity] = Severity.MAJOR
    message: ClassVar[str] = "%(title)s is %(printed)s, but %(paid)s paid less %(change)s back is %(expected)s"
    recommendation: ClassVar[str] = "Compare the three amounts with the page, and correct the one that differs."
    tolerance: float = 0.05

    def applies_to(self, facts: FactSet) -> bool:
        """Apply if the schema has a total but no subtotal: receipts."""
        return schema_has(facts, *TOTAL_FIELDS) and not schema_has(facts, *SUBTOTAL_FIELDS)

    def run(self, facts: FactSet) -> Outcome:
        """Compare the amounts; UNKNOWN without a printed payment."""
        payment, found = facts.payment, facts.get(*TOTAL_FIELDS)
        total = amount_of(found)
        if payment is None or found is None or total is None:
            return Outcome.unknown("no total, or no payment with its change")
        due = payment.paid - payment.change
        if is_explained(due - total, labelled_adjustments(facts), (None, None), 1, Decimal(str(self.tolerance))):
            return Outcome.passed()
        values = {
            "title": title_of(facts, found.name),
            "printed": as_printed(found),
            "paid": format_like(payment.paid, found.value),
            "change": format_like(payment.change, found.value),
            "expected": format_like(due, found.value),
        }
        proven = is_alternative(found, due)
        evidence = Evidence.of_field(found, values, values["expected"] if proven else None)
        return Outcome.failed(evidence if proven else replace(evidence, severity=Severity.MINOR))
