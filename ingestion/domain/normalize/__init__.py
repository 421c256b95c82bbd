"""Normalisation: one spelling for each value, so that programs can compare different printed forms."""

from datetime import date

from ingestion.domain.normalize.currencies import currencies_of, currency_of
from ingestion.domain.normalize.date_order import decide_order_of_lines, is_date_order_settled
from ingestion.domain.normalize.dates import DateReading, find_dates, read_date
from ingestion.domain.normalize.letters import as_digits, fold, letters_and_digits, one_line, strip_edges
from ingestion.domain.normalize.money import find_amounts, read_amount
from ingestion.domain.normalize.number_style import number_style_of
from ingestion.domain.schemas.kinds import UNKNOWN_STYLE, DateOrder, NumberStyle, value_type

__all__ = [
    "UNKNOWN_STYLE",
    "DateOrder",
    "DateReading",
    "NumberStyle",
    "as_digits",
    "currencies_of",
    "currency_of",
    "decide_order_of_lines",
    "find_amounts",
    "find_dates",
    "fold",
    "is_date_order_settled",
    "letters_and_digits",
    "normalize",
    "number_style_of",
    "one_line",
    "read_amount",
    "read_date",
    "strip_edges",
]


def normalize(
    kind: str, text: str, *, order: DateOrder = "dmy", latest: date | None = None, numbers: NumberStyle = UNKNOWN_STYLE
) -> str | None:
    """Return the normalised form of `text` for a field type; None when it cannot be read as that type.

    `order` decides between day and month in an ambiguous date; `latest` bounds two-digit years;
    `numbers` decides whether 1.234 is a thousand.
    """
    return value_type(kind).normalize(text, order, latest, numbers)
