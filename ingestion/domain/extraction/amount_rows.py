"""Amounts of a document with the roles that their labels give them, row by row."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise

from ingestion.domain.extraction.amount_roles import AmountLabel, AmountRole, read_amount_label
from ingestion.domain.layout.text_rows import RowSpan, TextRow, bbox_of
from ingestion.domain.normalize.money import AmountMatch

CENT = Decimal("0.01")
MAX_ROUNDING = 1
MAX_FACTORS = 8  # numbers of a row that are tried as quantity and price
RATE = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,3})?)\s?%")
LETTERS = re.compile(r"[a-z]{2}")
_TAX = re.compile(r"\b(?:vat|gst|mwst|ust|tva|iva|btw|moms|mva)\b|steuer")
_NO_LABEL = AmountLabel(AmountRole.OTHER)


@dataclass(frozen=True, slots=True)
class AmountRow:
    """Amount under a label: `rate` is a tax's rate in percent, `base` the amount that it is computed from.

    `line` means that a quantity times a price is the amount: a line of goods, whatever its label says.
    """

    label: AmountLabel
    amount: Decimal
    span: RowSpan
    rate: Decimal | None = None
    base: Decimal | None = None
    line: bool = False

    @property
    def role(self) -> AmountRole:
        """Role of the amount, OTHER for a line of goods."""
        return AmountRole.OTHER if self.line else self.label.role

    @property
    def place(self) -> tuple[int, float] | None:
        """Page and height on it, which order amounts; None on a rotated page."""
        return place_of(self.span)


def place_of(span: RowSpan) -> tuple[int, float] | None:
    """Return the page of a span and its height there, which order amounts; None on a rotated page."""
    box = None if span.row.quarter_turns else bbox_of([span])
    return None if box is None else (span.row.page, (box.y0 + box.y1) / 2)


@dataclass(frozen=True, slots=True)
class _AmountGroup:
    """Label, where it begins and where the next one does, and the amounts behind it."""

    label: AmountLabel
    start: int
    stop: int
    amounts: tuple[AmountMatch, ...]


def rows_of(row: TextRow) -> Iterator[AmountRow]:
    """Yield the labelled amounts of a row, and the taxes of a row in a table of rates."""
    numbers = row.amounts
    for group in _groups(row, _exact_or_last(row, numbers)):
        percent = rate_in(row, group.start, group.stop)
        taxed = _taxed(group, percent) if percent and _may_be_tax(row, group) else None
        if taxed:
            label = group.label if group.label.role is AmountRole.TAX else AmountLabel(AmountRole.TAX)
            yield AmountRow(label, taxed[1].value, span_of(row, taxed[1]), percent, taxed[0].value)
        elif _is_labelled(row, group):
            yield _labelled_amount(row, group, percent, numbers)


def rate_in(row: TextRow, start: int, stop: int) -> Decimal | None:
    """Return the first rate in percent of a part of a row."""
    rate = RATE.search(row.text, start, stop)
    return Decimal(rate[1].replace(",", ".")) if rate else None


def _is_labelled(row: TextRow, group: _AmountGroup) -> bool:
    """Return whether a group has a label, and a known one if its amount could be any other number."""
    last = group.amounts[-1]
    typed = last.is_exact(row.numbers) or last.currency is not None
    return group.label.role is not AmountRole.OTHER or (typed and bool(LETTERS.search(row.folded)))


def _labelled_amount(
    row: TextRow, group: _AmountGroup, percent: Decimal | None, numbers: Sequence[AmountMatch]
) -> AmountRow:
    """Return the last amount of a group: what is before it is a base, or a quantity and a price."""
    last = group.amounts[-1]
    before = [match.value for match in numbers if group.start <= match.start < last.start]
    base = group.amounts[-2].value if len(group.amounts) > 1 else None
    rounded = group.label.role is AmountRole.ROUNDING and abs(last.value) > MAX_ROUNDING  # a total after rounding
    label = AmountLabel(AmountRole.SUM) if rounded else group.label
    return AmountRow(label, last.value, span_of(row, last), percent, base, line=is_product(before, last.value))


def span_of(row: TextRow, match: AmountMatch) -> RowSpan:
    return RowSpan(row, match.start, match.stop)


def _may_be_tax(row: TextRow, group: _AmountGroup) -> bool:
    """Return whether a group with a rate is about a tax: its label names one, or there is none, as in a table."""
    label = row.folded[group.start : group.amounts[0].start]
    unnamed = group.label.role is AmountRole.OTHER and not LETTERS.search(label)
    return group.label.role is AmountRole.TAX or unnamed or bool(_TAX.search(label))


def is_taxed(base: Decimal, percent: Decimal, tax: Decimal) -> bool:
    """Return whether a tax, not zero, is its rate of a base, within two cents."""
    return bool(tax) and abs(base * percent / 100 - tax) <= 2 * CENT


def _taxed(group: _AmountGroup, percent: Decimal) -> tuple[AmountMatch, AmountMatch] | None:
    """Return the base and its tax, side by side in a group, if the rate confirms them."""
    for base, tax in pairwise(group.amounts):
        if is_taxed(base.value, percent, tax.value):
            return base, tax
    return None


def is_product(numbers: Sequence[Decimal], amount: Decimal) -> bool:
    """Return whether two of the numbers multiply to the amount."""
    return any(abs(a * b - amount) <= CENT for a, b in combinations(numbers[-MAX_FACTORS:], 2))


def amounts_of(row: TextRow) -> list[AmountMatch]:
    """Return the amounts printed exactly or with a currency; without any, the number in the last column."""
    return _exact_or_last(row, row.amounts)


def _exact_or_last(row: TextRow, found: Sequence[AmountMatch]) -> list[AmountMatch]:
    exact = [match for match in found if match.is_exact(row.numbers) or match.currency]
    return exact or [match for match in found[-1:] if match.start >= row.segments[-1].start and len(row.segments) > 1]


def _groups(row: TextRow, amounts: Sequence[AmountMatch]) -> Iterator[_AmountGroup]:
    """Yield the row's labels with their amounts: several where a row has several columns of them."""
    label, begin, stop = _NO_LABEL, 0, 0
    taken: list[AmountMatch] = []
    for match in amounts:
        own = label_before(row, stop, match.start)
        if own and taken:
            yield _AmountGroup(label, begin, own[1], tuple(taken))
            taken = []
        if own:
            label, begin = own
        taken.append(match)
        stop = match.stop
    if taken:
        yield _AmountGroup(label, begin, len(row.text), tuple(taken))


def label_before(row: TextRow, start: int, stop: int) -> tuple[AmountLabel, int] | None:
    """Return the label nearest to the left of an amount and where it begins, looking back to `start`."""
    for at in range(row.segment_at(stop), row.segment_at(start) - 1, -1):
        begin, end = max(row.segments[at].start, start), min(row.segments[at].stop, stop)
        label = read_amount_label(row.folded[begin:end]) if begin < end else None
        if label:
            return label, begin
    return None
