"""Taxes of several rates: their sum, which many invoices do not print, with the row of each rate."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from ingestion.domain.extraction.amount_roles import AmountRole
from ingestion.domain.extraction.amount_rows import AmountRow, is_taxed
from ingestion.domain.extraction.candidates import FieldCandidate
from ingestion.domain.normalize.money import format_like

MAX_RATES = 8
MAX_TAXES = 100
_SEPARATE = re.compile(  # taxes that are levied beside each other, often with equal rates
    r"\b(?:[cs]gst|utgst|igst|cess|gst|hst|pst|qst|rst|tps|tvq|tvh|state|county|city|federal|local|district)\b"
)


def taxes_of(rows: Iterable[AmountRow]) -> tuple[AmountRow, ...]:
    """Return a document's taxes, each once: a table of rates often repeats those of the summary.

    The sum of all of them is none of them.
    """
    found: list[AmountRow] = []
    for row in rows:
        named = row.role is AmountRole.TAX and row.amount and not row.label.total
        if named and len(found) < MAX_TAXES and not _is_known(row, found):
            found.append(row)
    total = sum((row.amount for row in found), Decimal(0))
    several = len(found) > 2
    return tuple(row for row in found if not (several and row.rate is None and row.amount * 2 == total))


def _is_known(row: AmountRow, found: Sequence[AmountRow]) -> bool:
    return any(
        other.amount == row.amount
        and (other.rate == row.rate or None in (other.rate, row.rate))
        and (_name_of(other) == _name_of(row) or not _name_of(other) or not _name_of(row))
        for other in found
    )


def _name_of(row: AmountRow) -> str:
    """Return the names of a tax that is levied beside others; "" for a value-added tax."""
    return " ".join(_SEPARATE.findall(row.span.row.folded[: row.span.start]))


def summed_taxes(rows: Sequence[AmountRow]) -> Iterator[FieldCandidate]:
    """Yield the sum of the taxes if they have several rates or names on one page."""
    parts = _several_taxes(rows)
    if parts:
        yield _sum_of(parts)


def summed_bases(rows: Sequence[AmountRow]) -> Iterator[FieldCandidate]:
    """Yield the sum of what taxes of several rates are computed from, if the base of each is printed."""
    taxes = _several_taxes(rows)
    bases = [row for tax in taxes for row in bases_of(tax, rows)]
    if taxes and len(bases) == len(taxes):
        yield _sum_of(bases)


def bases_of(tax: AmountRow, rows: Iterable[AmountRow]) -> Iterator[AmountRow]:
    """Yield the sum with a tax's rate in its label that the tax is computed from: "Netto 7 %"."""
    for row in rows:
        same = row.role is AmountRole.SUM and row.rate is not None and row.rate == tax.rate
        if same and row.rate and is_taxed(row.amount, row.rate, tax.amount):
            yield row
            return


def _several_taxes(rows: Iterable[AmountRow]) -> tuple[AmountRow, ...]:
    parts = taxes_of(rows)
    kinds = {(row.rate, _name_of(row)) for row in parts}
    one_page = len({row.span.row.page for row in parts}) == 1
    return parts if 2 <= len(kinds) <= MAX_RATES and one_page else ()


def _sum_of(parts: Sequence[AmountRow]) -> FieldCandidate:
    total = sum((row.amount for row in parts), Decimal(0))
    shown = format_like(total, parts[-1].span.text)
    spans = tuple(row.span for row in parts)
    signals = {"label": 1.0, "right": 1.0, "exact": 1.0, "rates": 1.0, "height": spans[-1].row.relative_y}
    return FieldCandidate(shown, f"{total:.2f}", spans, "label", signals)


def places_of_rates(rows: Sequence[AmountRow]) -> frozenset[tuple[int, int]]:
    """Return the row and first character of each tax of one rate, and of its base, if the document has several."""
    taxes = taxes_of(rows)
    parts = [*taxes, *(base for tax in taxes for base in bases_of(tax, rows))] if len(taxes) > 1 else ()
    return frozenset((part.span.row.index, part.span.start) for part in parts)
