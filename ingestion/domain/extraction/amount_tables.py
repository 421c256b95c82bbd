"""Amounts of a summary that is laid out as a table: below their labels, or in a table of tax rates."""

import re
from collections.abc import Iterator
from decimal import Decimal

from ingestion.domain.extraction.amount_roles import AmountLabel, AmountRole
from ingestion.domain.extraction.amount_rows import (
    LETTERS,
    RATE,
    AmountRow,
    amounts_of,
    is_taxed,
    label_before,
    rate_in,
    span_of,
)
from ingestion.domain.layout.text_rows import TextRow

MIN_HEADINGS = 2  # labels across the page
MAX_RATE = 30  # percent
_DIGIT = re.compile(r"\d")
_CURRENCY = re.compile(r"\b(?:eur|gbp|usd|chf|rm)\b")
_GOODS = re.compile(
    r"\b(?:desc|item|qty|quant|menge|anzahl|unit|pr(?:ice|eis|ix|ecio|ezzo|ijs)|beschr|bezei|artikel|cant|aantal|omschr)"
)
_TAX = re.compile(r"\b(?:vat|gst|tax|mwst|ust|steuer|tva|iva|imposta|cuota|btw|moms|mva)\b")


def amounts_below(above: TextRow, row: TextRow) -> Iterator[AmountRow]:
    """Yield the amounts of a summary that is laid out across the page, each below its label, with a sum among them."""
    amounts = [] if _has_words(row) or not _may_be_headings(above) else amounts_of(row)
    if not amounts:
        return
    labels = [(part, label_before(above, part.start, part.stop)) for part in above.segments]
    roles = [label[0].role for _, label in labels if label]
    if len(roles) < MIN_HEADINGS or AmountRole.SUM not in roles:
        return
    for match in amounts:
        part = row.segments[row.segment_at(match.start)]
        heading, label = min(labels, key=lambda each: abs(each[0].x0 + each[0].x1 - part.x0 - part.x1))
        if label:
            yield AmountRow(label[0], match.value, span_of(row, match), rate_in(above, heading.start, heading.stop))


def _has_words(row: TextRow) -> bool:
    return bool(LETTERS.search(_CURRENCY.sub("", row.folded)))


def _may_be_headings(row: TextRow) -> bool:
    """Return whether a row may consist of labels of a summary: it has no numbers but rates, and no words of goods."""
    return not _DIGIT.search(RATE.sub("", row.text)) and not _GOODS.search(row.folded)


def is_rate_heading(row: TextRow) -> bool:
    """Return whether a row is the heading of a table of tax rates."""
    plain = len(row.segments) > 1 and not _DIGIT.search(row.text)
    return plain and bool(_TAX.search(row.folded)) and not _GOODS.search(row.folded)


def tax_without_percent(row: TextRow) -> Iterator[AmountRow]:
    """Yield the tax of a row that prints its rate as a plain number, before or behind the base."""
    if _has_words(row) or RATE.search(row.text):
        return
    found = row.amounts
    for first, second, last in zip(found, found[1:], found[2:], strict=False):
        rate, base = sorted((first.value, second.value))
        if 0 < rate <= MAX_RATE and last.is_exact(row.numbers) and is_taxed(base, rate, last.value):
            yield AmountRow(AmountLabel(AmountRole.TAX), last.value, span_of(row, last), Decimal(rate), base)
            return
