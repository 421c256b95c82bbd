"""Amounts of a document with the roles that their labels give them, row by row."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, pairwise

from ingestion.domain.extraction.amount_roles import AmountLabel, AmountRole, read_amount_label
from ingestion.domain.layout.text_rows import DocumentRows, RowSpan, TextRow, bbox_of
from ingestion.domain.normalize.money import AmountMatch, find_amounts

CENT = Decimal("0.01")
MAX_FACTORS = 8  # numbers of a row that are tried as quantity and price
_RATE = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,3})?)\s?%")
_LETTERS = re.compile(r"[a-z]{2}")
_HAS_DIGITS = re.compile(r"\d")
_CURRENCY = re.compile(r"\b(?:eur|gbp|usd|chf|rm)\b")
_GOODS = re.compile(
    r"\b(?:desc|item|qty|quant|menge|anzahl|unit|pr(?:ice|eis|ix|ecio|ezzo|ijs)|beschr|bezei|artikel|cant|aantal|omschr)"
)
MIN_HEADINGS = 2  # labels across the page
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


def find_amount_rows(doc: DocumentRows) -> tuple[AmountRow, ...]:
    """Return the labelled amounts of a document, top to bottom; subtotals that the next page repeats are CARRIED."""
    found: list[AmountRow] = []
    for above, row in zip((None, *doc.rows), doc.rows, strict=False):
        found += _below_headings(above, row) if above and above.page == row.page else ()
        found += _rows_of(row)
    carried = {(made.amount, made.span.row.page) for made in found if made.role is AmountRole.CARRIED}
    return tuple(_as_carried(made) if _is_repeated(made, carried) else made for made in found)


def _below_headings(above: TextRow, row: TextRow) -> Iterator[AmountRow]:
    """Yield the amounts of a summary that is laid out across the page, each below its label."""
    labels = [(part, _label_before(above, part.start, part.stop)) for part in above.segments]
    if not _are_headings(above, [label[0].role for _, label in labels if label]):
        return
    for match in () if _LETTERS.search(_CURRENCY.sub("", row.folded)) else _amounts_of(row):
        part = row.segments[row.segment_at(match.start)]
        heading, label = min(labels, key=lambda each: abs(each[0].x0 + each[0].x1 - part.x0 - part.x1))
        rate = _RATE.search(above.text, heading.start, heading.stop)
        if label:
            percent = Decimal(rate[1].replace(",", ".")) if rate else None
            yield AmountRow(label[0], match.value, _span(row, match), percent)


def _are_headings(row: TextRow, roles: Sequence[AmountRole]) -> bool:
    """Return whether a row consists of labels of a summary, with a sum among them, and not of a table of goods."""
    several = len(roles) >= MIN_HEADINGS and AmountRole.SUM in roles
    return several and not _HAS_DIGITS.search(_RATE.sub("", row.text)) and not _GOODS.search(row.folded)


def _is_repeated(made: AmountRow, carried: set[tuple[Decimal, int]]) -> bool:
    page = made.span.row.page
    return made.role is AmountRole.SUM and ((made.amount, page + 1) in carried or (made.amount, page) in carried)


def _as_carried(made: AmountRow) -> AmountRow:
    return replace(made, label=AmountLabel(AmountRole.CARRIED))


def _rows_of(row: TextRow) -> Iterator[AmountRow]:
    for group in _groups(row, _amounts_of(row)):
        rate = _RATE.search(row.text, group.start, group.stop)
        percent = Decimal(rate[1].replace(",", ".")) if rate else None
        taxed = _taxed(group, percent) if percent and _may_be_tax(row, group) else None
        if taxed:
            label = group.label if group.label.role is AmountRole.TAX else AmountLabel(AmountRole.TAX)
            yield AmountRow(label, taxed[1].value, _span(row, taxed[1]), percent, taxed[0].value)
        elif _is_labelled(row, group):
            yield _labelled_amount(row, group, percent)


def _is_labelled(row: TextRow, group: _AmountGroup) -> bool:
    """Return whether a group has a label, and a known one if its amount could be any other number."""
    last = group.amounts[-1]
    typed = last.has_decimals or last.currency is not None
    return bool(_LETTERS.search(row.folded)) and (typed or group.label.role is not AmountRole.OTHER)


def _labelled_amount(row: TextRow, group: _AmountGroup, percent: Decimal | None) -> AmountRow:
    """Return the last amount of a group: what is before it is a base, or a quantity and a price."""
    last = group.amounts[-1]
    before = [match.value for match in find_amounts(row.text) if group.start <= match.start < last.start]
    base = group.amounts[-2].value if len(group.amounts) > 1 else None
    return AmountRow(group.label, last.value, _span(row, last), percent, base, line=is_product(before, last.value))


def _span(row: TextRow, match: AmountMatch) -> RowSpan:
    return RowSpan(row, match.start, match.stop)


def _may_be_tax(row: TextRow, group: _AmountGroup) -> bool:
    """Return whether a group with a rate is about a tax: it is labelled so, or has no words, as in a table of rates."""
    words = _LETTERS.search(row.folded, group.start, group.amounts[0].start)
    return group.label.role is AmountRole.TAX or (group.label.role is AmountRole.OTHER and not words)


def _taxed(group: _AmountGroup, percent: Decimal) -> tuple[AmountMatch, AmountMatch] | None:
    """Return the base and its tax, side by side in a group, if the rate confirms them."""
    for base, tax in pairwise(group.amounts):
        if tax.value and abs(base.value * percent / 100 - tax.value) <= 2 * CENT:
            return base, tax
    return None


def is_product(numbers: Sequence[Decimal], amount: Decimal) -> bool:
    """Return whether two of the numbers multiply to the amount."""
    return any(abs(a * b - amount) <= CENT for a, b in combinations(numbers[-MAX_FACTORS:], 2))


def _amounts_of(row: TextRow) -> list[AmountMatch]:
    """Return the amounts with decimals or a currency; without any, the number in the last column."""
    found = list(find_amounts(row.text))
    exact = [match for match in found if match.has_decimals or match.currency]
    return exact or [match for match in found[-1:] if match.start >= row.segments[-1].start and len(row.segments) > 1]


def _groups(row: TextRow, amounts: Sequence[AmountMatch]) -> Iterator[_AmountGroup]:
    """Yield the row's labels with their amounts: several where a row has several columns of them."""
    label, begin, stop = _NO_LABEL, 0, 0
    taken: list[AmountMatch] = []
    for match in amounts:
        own = _label_before(row, stop, match.start)
        if own and taken:
            yield _AmountGroup(label, begin, own[1], tuple(taken))
            taken = []
        if own:
            label, begin = own
        taken.append(match)
        stop = match.stop
    if taken:
        yield _AmountGroup(label, begin, len(row.text), tuple(taken))


def _label_before(row: TextRow, start: int, stop: int) -> tuple[AmountLabel, int] | None:
    """Return the label nearest to the left of an amount and where it begins, looking back to `start`."""
    for segment in reversed(row.segments):
        begin, end = max(segment.start, start), min(segment.stop, stop)
        label = read_amount_label(row.folded[begin:end]) if begin < end else None
        if label:
            return label, begin
    return None
