"""What amounts say about one another: a total is net and tax together, or what was paid less the change."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from ingestion.domain.extraction.candidates import Candidate, Found

CENT = Decimal("0.01")
ROUNDING_LIMIT = Decimal("0.05")  # cash is rounded by at most this
TAX_SHARES = (Decimal("0.01"), Decimal("0.30"))
_PAID = re.compile(
    r"\b(?:cash|tender\w*|visa|master\s?card|amex|paid|payment|debit|credit|card|tunai|bar|gegeben|ec-?karte"
    r"|kreditkarte|especes|carte|cb|received|bayar|bayaran)\b"
)
_CHANGE = re.compile(r"\b(?:change|wechselgeld|ruckgeld|zuruck|rendu|baki|monnaie)\b")
_ROUNDING = re.compile(r"round|rundung|arrondi|pelarasan")
_SUMMARY = re.compile(r"\b(?:sr|zr|zrl|gst|tax|vat|mwst|ust|tva|s|z|a|b)\b")


@dataclass(frozen=True, slots=True)
class Sums:
    """The amounts that stand in telling rows of a document, as decimals."""

    differences: frozenset[Decimal]  # paid less change
    with_tax: frozenset[Decimal]  # a net and its tax, side by side
    roundings: frozenset[Decimal]
    printed: frozenset[Decimal]
    largest: Decimal


def _value(found: Found) -> Decimal:
    return Decimal(found.normalized)


def _named(found: Sequence[Found], pattern: re.Pattern[str]) -> list[Decimal]:
    return [_value(item) for item in found if pattern.search(item.span.row.folded[: item.span.start])]


def _in_one_row(found: Sequence[Found]) -> Iterable[Decimal]:
    """Yield net + tax of rows that print both, as a tax summary does."""
    rows: dict[int, list[Found]] = {}
    for item in found:
        rows.setdefault(item.span.row.index, []).append(item)
    for items in rows.values():
        numbers = [_value(item) for item in items]
        for net, tax in pairwise(numbers):
            if net and TAX_SHARES[0] <= tax / net <= TAX_SHARES[1]:
                yield net + tax


def weigh_sums(found: Iterable[Found]) -> Sums:
    """Gather what the exact amounts of a document add up to."""
    exact = [item for item in found if item.signals["exact"] and not item.signals.get("slipped")]
    paid = [abs(value) for value in _named(exact, _PAID)]
    change = [abs(value) for value in _named(exact, _CHANGE)]
    spent = [value for value in paid if value not in change]
    return Sums(
        differences=frozenset(a - b for a in spent for b in change if a > b)
        | frozenset(spent if not change else ()),
        with_tax=frozenset(_in_one_row(exact)),
        roundings=frozenset(value for value in _named(exact, _ROUNDING) if abs(value) <= ROUNDING_LIMIT and value),
        printed=frozenset(map(_value, exact)),
        largest=max(map(_value, exact), default=Decimal(0)),
    )


def may_hold_tax(sums: Sums) -> bool:
    """Tell whether two of the amounts could be net and tax of the largest, side by side or not."""
    taxes = ((sums.largest - net, net) for net in sums.printed if net > 0)
    pairs = ((tax, net) for tax, net in taxes if tax in sums.printed)
    return bool(sums.with_tax) or any(TAX_SHARES[0] <= tax / net <= TAX_SHARES[1] for tax, net in pairs)


def sum_signals(candidate: Candidate, sums: Sums) -> dict[str, float]:
    """Tell how the other amounts support `candidate` as the total."""
    value = Decimal(candidate.normalized)
    row = candidate.spans[0].row
    before = row.folded[: candidate.spans[0].start]
    return {
        "paid_less_change": float(value in sums.differences and value > 0),
        "net_plus_tax": float(any(abs(value - total) <= CENT for total in sums.with_tax)),
        "rounded": float(any(value - step in sums.printed for step in sums.roundings)),
        "rounds_on": float(any(value + step in sums.printed for step in sums.roundings)),
        "share_of_largest": float(min(value / sums.largest, Decimal(1)))
        if sums.largest > 0 and value > 0
        else 0.0,
        "payment_row": float(bool(_PAID.search(before) or _CHANGE.search(before))),
        "rounding_row": float(bool(_ROUNDING.search(before)) and abs(value) <= ROUNDING_LIMIT),
    }


def agreement(net: str, tax: str, total: str) -> bool:
    """Tell whether net and tax, normalised, add up to the total within two cents of rounding."""
    return abs(Decimal(net) + Decimal(tax) - Decimal(total)) <= 2 * CENT


def _triples(
    nets: Sequence[Candidate], taxes: Sequence[Candidate], totals: Sequence[Candidate]
) -> Iterable[tuple[float, Candidate, Candidate, Candidate]]:
    for net in nets:
        for tax in taxes:
            for total in totals:
                proper = Decimal(net.normalized) and abs(Decimal(tax.normalized)) < abs(Decimal(net.normalized))
                if proper and agreement(net.normalized, tax.normalized, total.normalized):
                    yield net.score + tax.score + total.score, net, tax, total


def best_triple(
    nets: Sequence[Candidate], taxes: Sequence[Candidate], totals: Sequence[Candidate], width: int = 8
) -> tuple[Candidate, Candidate, Candidate] | None:
    """Give net, tax and total that add up and score best together; None when no three do."""
    found = max(_triples(nets[:width], taxes[:width], totals[:width]), key=lambda triple: triple[0], default=None)
    return found[1:] if found else None
