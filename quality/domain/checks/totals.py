"""Checks of sums: lines add up to the subtotal, subtotal and tax to the total."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from ingestion.domain.normalize.money import format_like
from ingestion.domain.schemas.fields import ExtractedField
from quality.domain.checks.check import Check, RequiredFact
from quality.domain.facts import FactSet
from quality.domain.outcomes import Dimension, Evidence, Outcome, Severity, Tier
from quality.domain.vocabulary import (
    ADDED_FIELDS,
    DEDUCTED_FIELDS,
    SUBTOTAL_FIELDS,
    TAX_FIELDS,
    TOTAL_FIELDS,
    amount_of,
    schema_has,
    title_of,
)

ORDER = 60


@dataclass(frozen=True)
class TotalsAddUp(Check):
    """Subtotal + tax + extras - discount = total, within a rounding."""

    id: ClassVar[str] = "totals_add_up"
    tier: ClassVar[Tier] = Tier.DOMAIN
    dimension: ClassVar[Dimension] = Dimension.CONTENT
    severity: ClassVar[Severity] = Severity.CRITICAL
    message: ClassVar[str] = "%(title)s is %(printed)s, but the other amounts make it %(expected)s"
    recommendation: ClassVar[str] = "Compare the amounts with the page, then take %(expected)s or correct another."
    tolerance: float = 0.05

    def applies_to(self, facts: FactSet) -> bool:
        """Apply if the schema has all three amounts."""
        return all(schema_has(facts, *names) for names in (TOTAL_FIELDS, SUBTOTAL_FIELDS, TAX_FIELDS))

    def run(self, facts: FactSet) -> Outcome:
        """Compare the amounts; if they differ, report the one that is most likely wrong."""
        fields = [facts.get(*TOTAL_FIELDS), facts.get(*SUBTOTAL_FIELDS), facts.get(*TAX_FIELDS)]
        amounts = [amount_of(found) for found in fields]
        if amounts[0] is None or amounts[1] is None or amounts[2] is None:
            return Outcome.unknown("total, subtotal or tax is missing")
        total, subtotal, tax = amounts[0], amounts[1], amounts[2]
        extras = extras_of(facts)
        if abs(subtotal + tax + extras - total) <= Decimal(str(self.tolerance)):
            return Outcome.passed()
        wanted = (subtotal + tax + extras, total - tax - extras, total - subtotal - extras)
        suspects = [(found, value) for found, value in zip(fields, wanted, strict=True) if found]
        return Outcome.failed(_blame(facts, suspects))


def as_printed(found: ExtractedField) -> str:
    """Return a field's amount in the style of the page."""
    amount = amount_of(found)
    return found.normalized if amount is None else format_like(amount, found.value)


def extras_of(facts: FactSet) -> Decimal:
    """Sum the additions (shipping, tip, rounding) and deductions (discount) between subtotal and total."""
    plus = sum((amount_of(facts.get(name)) or Decimal(0) for name in ADDED_FIELDS), Decimal(0))
    minus = sum((abs(amount_of(facts.get(name)) or Decimal(0)) for name in DEDUCTED_FIELDS), Decimal(0))
    return plus - minus


def _blame(facts: FactSet, suspects: list[tuple[ExtractedField, Decimal]]) -> Evidence:
    """Select the amount that is most likely wrong: by alternative readings, then the lines, then confidence."""
    found, wanted = min(suspects, key=lambda suspect: _suspicion_rank(facts, *suspect))
    shown = format_like(wanted, found.value)
    values = {"title": title_of(facts, found.name), "printed": as_printed(found), "expected": shown}
    return Evidence.of_field(found, values, shown)


def _suspicion_rank(facts: FactSet, found: ExtractedField, wanted: Decimal) -> tuple[bool, bool, float]:
    """Return the rank of a suspect; the lowest one is most likely wrong."""
    fits = any(f"{wanted:.2f}" in (option.value, option.value.replace(",", "")) for option in found.alternatives)
    lines = sum((line.amount for line in facts.lines or ()), Decimal(0))
    backed = bool(facts.lines) and found.name in SUBTOTAL_FIELDS and lines == amount_of(found)
    impossible = wanted < 0
    return (not fits, backed or impossible, found.confidence)


@dataclass(frozen=True)
class LinesAddUp(Check):
    """The lines' amounts add up to the subtotal, or to the total if prices include tax."""

    id: ClassVar[str] = "lines_add_up"
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
        if any(abs(total - goal) <= Decimal(str(self.tolerance)) for goal in _goals(facts)):
            return Outcome.passed()
        if not schema_has(facts, *SUBTOTAL_FIELDS) and total < max(_goals(facts), default=total):
            return Outcome.unknown("tax may be added to the lines")
        if not any(line.confirmed for line in lines):
            return Outcome.unknown("the lines could not be read with certainty")
        confirmed = all(line.confirmed for line in lines)
        shown = format_like(total, target.value)
        values = {"title": title_of(facts, target.name), "lines": shown}
        return Outcome.failed(Evidence.of_field(target, values, shown if confirmed else None))


def _goals(facts: FactSet) -> list[Decimal]:
    total, subtotal, tax = (amount_of(facts.get(*names)) for names in (TOTAL_FIELDS, SUBTOTAL_FIELDS, TAX_FIELDS))
    extras = extras_of(facts)
    goals = [amount for amount in (subtotal, total) if amount is not None]
    if total is not None:
        goals.append(total - extras)
        if tax is not None:
            goals.append(total - tax - extras)
    return goals


@dataclass(frozen=True)
class PaymentAddsUp(Check):
    """The payment less the change equals the total of the receipt."""

    id: ClassVar[str] = "payment_adds_up"
    tier: ClassVar[Tier] = Tier.DOMAIN
    dimension: ClassVar[Dimension] = Dimension.CONTENT
    severity: ClassVar[Severity] = Severity.MAJOR
    message: ClassVar[str] = "%(title)s is %(printed)s, but %(paid)s paid less %(change)s back is %(expected)s"
    recommendation: ClassVar[str] = (
        "Compare the three amounts with the page, then take %(expected)s or correct another."
    )
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
        if abs(due - total) <= Decimal(str(self.tolerance)):
            return Outcome.passed()
        values = {
            "title": title_of(facts, found.name),
            "printed": as_printed(found),
            "paid": format_like(payment.paid, found.value),
            "change": format_like(payment.change, found.value),
            "expected": format_like(due, found.value),
        }
        return Outcome.failed(Evidence.of_field(found, values, values["expected"]))
