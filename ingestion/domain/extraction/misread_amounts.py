"""Amounts with a misread letter or dash: "RMI11.90", "78-10", "1O.5O".

They are candidates of a lower rank, preferred only with other evidence (a label, a sum that then agrees).
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from ingestion.domain.extraction.candidates import ValueMatch
from ingestion.domain.layout.text_rows import RowSpan, TextRow
from ingestion.domain.normalize import as_digits

_MISREAD_AMOUNT = re.compile(
    r"(?<![A-Za-z0-9.,/-])(?:RM|[€$£])?\s?(?P<digits>[\dOoIlS|]{1,6}[.,\-][\dOoIlS|]{2})(?![\w.,/-])"
)
_MAX_LETTERS = 2  # letters among the digits


def misread_amounts(row: TextRow, taken: list[ValueMatch]) -> Iterator[ValueMatch]:
    """Yield the amounts of a row that are readable only after a misread character is corrected."""
    exact = [item.span for item in taken if item.signals["exact"]]
    covered = {place for span in exact for place in range(span.start, span.stop)}  # a row may have thousands
    for hit in _MISREAD_AMOUNT.finditer(row.text):
        start, stop = hit.span("digits")
        span = RowSpan(row, start, stop)
        if not covered.isdisjoint(range(start, stop)):
            continue
        printed = hit["digits"]
        letters = sum(not character.isdigit() for character in printed[:-3] + printed[-2:])
        if letters > _MAX_LETTERS or not any(map(str.isdigit, printed)):
            continue
        value = Decimal(f"{as_digits(printed[:-3])}.{as_digits(printed[-2:])}")
        signals = {"exact": 1.0, "misread": 1.0, "zero": float(value == 0), "negative": 0.0, "marked": 0.0, "base": 0.0}
        yield ValueMatch(span, f"{value:.2f}", signals)
