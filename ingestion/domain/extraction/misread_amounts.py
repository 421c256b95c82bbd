"""Amounts that an engine misread by a letter or a dash: "RMI11.90", "78-10", "1O.5O".

They are candidates of a lower rank, which only other evidence (a label, a sum that then agrees) brings up.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from ingestion.domain.extraction.candidates import Found
from ingestion.domain.layout.text_rows import Row, Span
from ingestion.domain.normalize import as_digits

_SLIPPED = re.compile(
    r"(?<![A-Za-z0-9.,/-])(?:RM|[€$£])?\s?(?P<digits>[\dOoIlS|]{1,6}[.,\-][\dOoIlS|]{2})(?![\w.,/-])"
)
_MOST = 2  # letters among the digits


def slipped_amounts(row: Row, taken: list[Found]) -> Iterator[Found]:
    """Yield the amounts of a row that are plain only after such a slip is undone."""
    for hit in _SLIPPED.finditer(row.text):
        start, stop = hit.span("digits")
        span = Span(row, start, stop)
        if any(span.overlaps(item.span) and item.signals["exact"] for item in taken):
            continue
        printed = hit["digits"]
        letters = sum(not character.isdigit() for character in printed[:-3] + printed[-2:])
        if letters > _MOST or not any(map(str.isdigit, printed)):
            continue
        value = Decimal(f"{as_digits(printed[:-3])}.{as_digits(printed[-2:])}")
        signals = {
            "exact": 1.0,
            "slipped": 1.0,
            "zero": float(value == 0),
            "negative": 0.0,
            "marked": 0.0,
            "base": 0.0,
        }
        yield Found(span, f"{value:.2f}", signals)
