"""Explanation of a total: net and tax, and every labelled amount between them that is added or deducted."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from ingestion.domain.extraction.amount_roles import AmountRole
from ingestion.domain.extraction.amount_rows import AmountRow

MAX_ROWS = 8  # amounts that are combined: a summary of more is not tried
MAX_ADJUSTMENTS = 200  # a summary is at the end of a document
MAX_UNLABELLED = 4  # amounts without a known label that count together
ZERO = Decimal(0)
Place = tuple[int, float]  # page, and height on it
Interval = tuple[Place | None, Place | None]

_DEDUCTED = frozenset({AmountRole.DISCOUNT, AmountRole.WITHHOLDING, AmountRole.PREPAID})
_EITHER_WAY = frozenset({AmountRole.DEPOSIT, AmountRole.ROUNDING, AmountRole.BALANCE, AmountRole.OTHER})
_IGNORED = frozenset({AmountRole.SUM, AmountRole.CARRIED, AmountRole.TAX})


@dataclass(frozen=True, slots=True)
class SumAdjustment:
    """Amount that is added to a sum or deducted from it, as printed, and its place, None if unknown.

    A required one counts wherever it is printed between two sums; others may count.
    """

    role: AmountRole
    amount: Decimal
    required: bool
    place: Place | None

    def values(self, sign: int) -> tuple[Decimal, ...]:
        """Return the possible contributions to a total with this sign: on a credit note all are reversed."""
        if self.role in _DEDUCTED or self.role is AmountRole.TERMS:
            return (-sign * abs(self.amount),)
        if self.role is AmountRole.OTHER or (self.role in _EITHER_WAY and self.amount > 0):
            return (self.amount, -self.amount)
        return (self.amount if sign > 0 else -abs(self.amount),)

    def is_between(self, interval: Interval) -> bool:
        """Return whether the amount is printed between two places; False if one is unknown."""
        start, stop = interval
        return start is not None and stop is not None and self.place is not None and start < self.place < stop


def adjustments_of(rows: Iterable[AmountRow]) -> tuple[SumAdjustment, ...]:
    """Return the adjustments among the amounts of a document; sums, taxes and lines of goods are none."""
    changing = [row for row in rows if row.amount and not row.line and row.role not in _IGNORED]
    return tuple(map(_adjustment, changing[-MAX_ADJUSTMENTS:]))


def _adjustment(row: AmountRow) -> SumAdjustment:
    deducted = row.role in _DEDUCTED and (row.amount < 0 or row.label.less)
    required = (deducted or row.role is AmountRole.CHARGE) and not row.label.included
    return SumAdjustment(row.role, row.amount, required, row.place)


def is_explained(
    gap: Decimal, adjustments: Sequence[SumAdjustment], interval: Interval, sign: int = 1, tolerance: Decimal = ZERO
) -> bool:
    """Return whether adjustments make up the gap between two sums at the ends of `interval`.

    If both places are known and in this order, every required adjustment between them counts, and required ones
    elsewhere do not; otherwise any may count. Of amounts without a known label between them, one or all may count.
    `sign` is that of the total.
    """
    inside = [item for item in adjustments if item.role is AmountRole.OTHER and item.is_between(interval)]
    each = (value for item in inside for value in item.values(sign))
    together = (sum(values, ZERO) for values in product(*(item.values(sign) for item in inside[:MAX_UNLABELLED])))
    sums = sorted(_possible_sums(adjustments, interval, sign))
    return any(_holds(sums, gap - more, tolerance) for more in (ZERO, *together, *each))


def _holds(sums: Sequence[Decimal], wanted: Decimal, tolerance: Decimal) -> bool:
    at = bisect_left(sums, wanted - tolerance)
    return at < len(sums) and sums[at] <= wanted + tolerance


def _possible_sums(adjustments: Sequence[SumAdjustment], interval: Interval, sign: int) -> set[Decimal]:
    start, stop = interval
    ordered = start is not None and stop is not None and start < stop
    sums = {ZERO}
    for item in [item for item in adjustments if _may_count(item, interval, ordered=ordered)][-MAX_ROWS:]:
        needed = item.required and item.is_between(interval)
        choices = item.values(sign) if needed else (ZERO, *item.values(sign))
        sums = {total + value for total in sums for value in choices}
    return sums


def _may_count(item: SumAdjustment, interval: Interval, *, ordered: bool) -> bool:
    if item.role is AmountRole.OTHER:
        return False
    placed = ordered and item.required and item.place is not None
    return not placed or item.is_between(interval)
