"""Equations between the amounts of an invoice, and proof of a corrected amount by several of them.

Net, tax and the adjustments between them make the total; a tax is its rate times its base; the lines make the net.
"""

from dataclasses import dataclass
from decimal import Decimal

from ingestion.domain.extraction.adjustments import Place, SumAdjustment, is_explained
from ingestion.domain.extraction.amount_roles import AmountRole
from ingestion.domain.normalize import read_amount
from ingestion.domain.schemas.fields import ExtractedField
from quality.domain.facts import FactSet
from quality.domain.vocabulary import (
    ADDED_FIELDS,
    DEDUCTED_FIELDS,
    SUBTOTAL_FIELDS,
    TAX_FIELDS,
    TOTAL_FIELDS,
    amount_of,
)

ZERO = Decimal(0)
RATE_ROUNDING = Decimal("0.02")
_RATES = "2.1 2.6 3 3.8 4 5 5.5 6 7 7.7 8 8.1 8.5 9 9.5 10 12 12.5 13 13.5 14 15 16 17 18 19 20 21 22 23 24 25 25.5 27"
USUAL_RATES = tuple(map(Decimal, _RATES.split()))
_TAXED = frozenset({AmountRole.DISCOUNT, AmountRole.CHARGE})
_COUNTED = _TAXED | {AmountRole.WITHHOLDING, AmountRole.PREPAID, AmountRole.ROUNDING}
LEAST_TAX = Decimal(10)  # a smaller tax is near some usual rate of any net by chance


@dataclass(frozen=True, slots=True)
class InvoiceSums:
    """Net, tax and total of a document, with the fields that hold them."""

    net: ExtractedField
    tax: ExtractedField
    total: ExtractedField

    @property
    def amounts(self) -> tuple[Decimal, Decimal, Decimal]:
        """Net, tax and total."""
        return amount_of(self.net) or ZERO, amount_of(self.tax) or ZERO, amount_of(self.total) or ZERO


def invoice_sums(facts: FactSet) -> InvoiceSums | None:
    """Return net, tax and total; None if one is missing or no amount."""
    fields = [facts.get(*names) for names in (SUBTOTAL_FIELDS, TAX_FIELDS, TOTAL_FIELDS)]
    net, tax, total = (found if amount_of(found) is not None else None for found in fields)
    return InvoiceSums(net, tax, total) if net and tax and total else None


def place_of_field(found: ExtractedField) -> Place | None:
    """Return the page of a field and its height there; None if it has no place."""
    if found.page is None or found.bbox is None:
        return None
    return found.page, (found.bbox.y0 + found.bbox.y1) / 2


def extras_of(facts: FactSet) -> Decimal:
    """Sum the additions (shipping, tip, rounding) and deductions (discount) that the schema has fields for."""
    plus = sum((amount_of(facts.get(name)) or ZERO for name in ADDED_FIELDS), ZERO)
    minus = sum((abs(amount_of(facts.get(name)) or ZERO) for name in DEDUCTED_FIELDS), ZERO)
    return plus - minus


def other_adjustments(facts: FactSet) -> tuple[SumAdjustment, ...]:
    """Return the printed adjustments that no field of the schema holds."""
    fields = [amount_of(facts.get(name)) for name in (*ADDED_FIELDS, *DEDUCTED_FIELDS)]
    held = {abs(amount) for amount in fields if amount is not None}
    return tuple(item for item in facts.adjustments if abs(item.amount) not in held)


def labelled_adjustments(facts: FactSet) -> tuple[SumAdjustment, ...]:
    """Return the adjustments whose labels say what they are."""
    return tuple(item for item in other_adjustments(facts) if item.role is not AmountRole.OTHER)


def adds_up(facts: FactSet, sums: InvoiceSums, tolerance: Decimal) -> bool:
    """Return whether net, tax and all adjustments make the total."""
    net, tax, total = sums.amounts
    gap = total - net - tax - extras_of(facts)
    interval = (place_of_field(sums.net), place_of_field(sums.total))
    return is_explained(gap, other_adjustments(facts), interval, _sign(total), tolerance)


def proven_corrections(facts: FactSet, sums: InvoiceSums) -> list[tuple[ExtractedField, Decimal]]:
    """Return the corrections of one amount that make the sum right and that another equation confirms."""
    net, tax, total = sums.amounts
    between = _between(facts, sums)
    if any(item.role not in _COUNTED for item in between):  # it may count or not
        return []
    change = total - net - tax - extras_of(facts) - sum((item.values(_sign(total))[0] for item in between), ZERO)
    if abs(change) in {abs(item.amount) for item in facts.adjustments}:  # an amount of the page may explain it
        return []
    candidates = (
        (sums.total, total - change, _fits_rate(facts, net, tax)),
        (sums.net, net + change, _fits_rate(facts, net + change, tax) or lines_make(facts, net + change)),
        (sums.tax, tax + change, _fits_rate(facts, net, tax + change)),
    )
    return [
        (found, wanted)
        for found, wanted, confirmed in candidates
        if wanted * total > 0 and (confirmed or is_alternative(found, wanted))
    ]


def _between(facts: FactSet, sums: InvoiceSums) -> list[SumAdjustment]:
    """Return the adjustments that are printed between net and total."""
    interval = (place_of_field(sums.net), place_of_field(sums.total))
    return [item for item in other_adjustments(facts) if item.is_between(interval)]


def is_alternative(found: ExtractedField, wanted: Decimal) -> bool:
    """Return whether the pages offer this amount as another reading of a field."""
    read = (read_amount(option.value) for option in found.alternatives)
    return any(match is not None and match.value == wanted for match in read)


def lines_make(facts: FactSet, net: Decimal, tolerance: Decimal = ZERO) -> bool:
    """Return whether the lines, with the adjustments among them, add up to a net total."""
    if not facts.lines:
        return False
    gap = net - sum((line.amount for line in facts.lines), ZERO)
    return is_explained(gap, labelled_adjustments(facts), (None, None), _sign(net), tolerance)


def _sign(amount: Decimal) -> int:
    return -1 if amount < 0 else 1


def _fits_rate(facts: FactSet, net: Decimal, tax: Decimal) -> bool:
    """Return whether a tax is that of the printed rates, or of a usual rate if none is printed."""
    if not tax or not net:
        return False
    if len(facts.taxes) > 1:
        return _fits_rates(facts, net, tax)
    printed = [item.rate for item in facts.taxes if item.rate]
    if not printed and abs(tax) < LEAST_TAX:
        return False
    bases = _bases(facts, net)
    return any(abs(base * rate / 100 - tax) <= RATE_ROUNDING for rate in printed or USUAL_RATES for base in bases)


def _fits_rates(facts: FactSet, net: Decimal, tax: Decimal) -> bool:
    """Return whether several printed taxes make the tax, each its rate of a base, and the bases make the net."""
    bases = [item.base if item.base is not None else _base_of(item.amount, item.rate) for item in facts.taxes]
    if sum((item.amount for item in facts.taxes), ZERO) != tax or None in bases:
        return False
    # A base computed from a rounded tax is known to half a cent divided by the rate.
    tolerance = sum((RATE_ROUNDING * 50 / (item.rate or 1) for item in facts.taxes if item.base is None), RATE_ROUNDING)
    total = sum((base for base in bases if base is not None), ZERO)
    return any(abs(base - total) <= tolerance for base in _bases(facts, net))


def _base_of(amount: Decimal, rate: Decimal | None) -> Decimal | None:
    return amount * 100 / rate if rate else None


def _bases(facts: FactSet, net: Decimal) -> tuple[Decimal, ...]:
    """Return what a tax may be computed from: the net, or the net with the adjustments before the tax."""
    before = [item for item in other_adjustments(facts) if item.role in _TAXED]
    sums = (sum((item.values(_sign(net))[0] for item in before[:count]), net) for count in range(1, len(before) + 1))
    return (net, *sums)
