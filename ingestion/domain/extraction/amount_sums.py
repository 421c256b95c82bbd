"""Relations between amounts: a total is net plus tax, or the paid amount minus the change."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from ingestion.domain.extraction.adjustments import SumAdjustment, is_explained
from ingestion.domain.extraction.amount_rows import place_of
from ingestion.domain.extraction.candidates import FieldCandidate, ValueMatch
from ingestion.domain.layout.text_rows import MAX_LABEL_REACH, RowSpan

CENT = Decimal("0.01")
ROUNDING_LIMIT = Decimal("0.05")  # cash is rounded by at most this
WIDTH = 8  # candidates of each field that are combined
TAX_SHARES = (Decimal("0.01"), Decimal("0.30"))
_PAID = re.compile(
    r"\b(?:cash|tender\w*|visa|master\s?card|amex|paid|payment|debit|credit|card|tunai|bar|gegeben|ec-?karte"
    r"|kreditkarte|especes|carte|cb|received|bayar|bayaran)\b"
)
_CHANGE = re.compile(r"\b(?:change|wechselgeld|ruckgeld|zuruck|rendu|baki|monnaie)\b")
_ROUNDING = re.compile(r"round|rundung|arrondi|pelarasan")


@dataclass(frozen=True, slots=True)
class AmountSums:
    """Amounts derived from certain rows of a document, as decimals."""

    paid_less_change: frozenset[Decimal]  # paid less change
    net_plus_tax: frozenset[Decimal]  # a net and its tax, side by side
    roundings: frozenset[Decimal]
    printed: frozenset[Decimal]
    largest: Decimal


def _value(found: ValueMatch) -> Decimal:
    return Decimal(found.normalized)


def _named(found: Sequence[ValueMatch], pattern: re.Pattern[str]) -> list[Decimal]:
    return [_value(item) for item in found if _is_named(item.span, pattern)]


def _is_named(span: RowSpan, pattern: re.Pattern[str]) -> bool:
    """Return whether the text to the left matches, within reach: a row may have thousands of amounts."""
    return pattern.search(span.row.folded, max(0, span.start - MAX_LABEL_REACH), span.start) is not None


def _in_one_row(found: Sequence[ValueMatch]) -> Iterable[Decimal]:
    """Yield net + tax of rows that print both, as a tax summary does."""
    rows: dict[int, list[ValueMatch]] = {}
    for item in found:
        rows.setdefault(item.span.row.index, []).append(item)
    for items in rows.values():
        numbers = [_value(item) for item in items]
        for net, tax in pairwise(numbers):
            if net and TAX_SHARES[0] <= tax / net <= TAX_SHARES[1]:
                yield net + tax


def collect_sums(found: Iterable[ValueMatch]) -> AmountSums:
    """Collect the sums of the exact amounts of a document."""
    exact = [item for item in found if item.signals["exact"] and not item.signals.get("misread")]
    paid = [abs(value) for value in _named(exact, _PAID)]
    change = [abs(value) for value in _named(exact, _CHANGE)]
    spent = [value for value in paid if value not in change]
    return AmountSums(
        paid_less_change=frozenset(a - b for a in spent for b in change if a > b)
        | frozenset(spent if not change else ()),
        net_plus_tax=frozenset(_in_one_row(exact)),
        roundings=frozenset(value for value in _named(exact, _ROUNDING) if abs(value) <= ROUNDING_LIMIT and value),
        printed=frozenset(map(_value, exact)),
        largest=max(map(_value, exact), default=Decimal(0)),
    )


def may_hold_tax(sums: AmountSums) -> bool:
    """Return whether two of the amounts could be net and tax of the largest, side by side or not."""
    taxes = ((sums.largest - net, net) for net in sums.printed if net > 0)
    pairs = ((tax, net) for tax, net in taxes if tax in sums.printed)
    return bool(sums.net_plus_tax) or any(TAX_SHARES[0] <= tax / net <= TAX_SHARES[1] for tax, net in pairs)


def sum_signals(candidate: FieldCandidate, sums: AmountSums) -> dict[str, float]:
    """Return the signals by which the other amounts support `candidate` as the total."""
    value = Decimal(candidate.normalized)
    span = candidate.spans[0]
    return {
        "paid_less_change": float(value in sums.paid_less_change and value > 0),
        "net_plus_tax": float(any(abs(value - total) <= CENT for total in sums.net_plus_tax)),
        "rounded": float(any(value - step in sums.printed for step in sums.roundings)),
        "rounds_on": float(any(value + step in sums.printed for step in sums.roundings)),
        "share_of_largest": float(min(value / sums.largest, Decimal(1))) if sums.largest > 0 and value > 0 else 0.0,
        "payment_row": float(_is_named(span, _PAID) or _is_named(span, _CHANGE)),
        "rounding_row": float(_is_named(span, _ROUNDING) and abs(value) <= ROUNDING_LIMIT),
    }


def adds_up(
    net: FieldCandidate, tax: FieldCandidate, total: FieldCandidate, adjustments: Sequence[SumAdjustment]
) -> bool:
    """Return whether net, tax and the adjustments between net and total add up, within two cents of rounding."""
    amounts = [Decimal(each.normalized) for each in (net, tax, total)]
    interval = (place_of(net.spans[-1]), place_of(total.spans[-1]))
    gap = amounts[2] - amounts[0] - amounts[1]
    return is_explained(gap, adjustments, interval, -1 if amounts[2] < 0 else 1, 2 * CENT)


def _triples(
    nets: Sequence[FieldCandidate],
    taxes: Sequence[FieldCandidate],
    totals: Sequence[FieldCandidate],
    adjustments: Sequence[SumAdjustment],
) -> Iterable[tuple[float, FieldCandidate, FieldCandidate, FieldCandidate]]:
    for net in nets:
        for tax in taxes:
            for total in totals:
                proper = Decimal(net.normalized) and abs(Decimal(tax.normalized)) < abs(Decimal(net.normalized))
                if proper and adds_up(net, tax, total, adjustments):
                    yield net.score + tax.score + total.score, net, tax, total


def best_triple(
    nets: Sequence[FieldCandidate],
    taxes: Sequence[FieldCandidate],
    totals: Sequence[FieldCandidate],
    adjustments: Sequence[SumAdjustment] = (),
) -> tuple[FieldCandidate, FieldCandidate, FieldCandidate] | None:
    """Return net, tax and total that add up and score best together; None if no three do."""
    triples = _triples(nets[:WIDTH], taxes[:WIDTH], totals[:WIDTH], adjustments)
    found = max(triples, key=lambda triple: triple[0], default=None)
    return found[1:] if found else None
