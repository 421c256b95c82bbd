"""Normalisation: one spelling for each value, so that programs can compare different printed forms."""

from datetime import date

from ingestion.domain.normalize.dates import DateReading, detect_date_order, find_dates, read_date
from ingestion.domain.normalize.letters import as_digits, fold, letters_and_digits, one_line, strip_edges
from ingestion.domain.normalize.money import currency_of, find_amounts, find_currency, read_amount
from ingestion.domain.schemas.kinds import DateOrder, value_type

__all__ = [
    "DateOrder",
    "DateReading",
    "as_digits",
    "currency_of",
    "detect_date_order",
    "find_amounts",
    "find_currency",
    "find_dates",
    "fold",
    "letters_and_digits",
    "normalize",
    "one_line",
    "read_amount",
    "read_date",
    "strip_edges",
]


def normalize(kind: str, text: str, *, order: DateOrder = "dmy", latest: date | None = None) -> str | None:
    """Return the normalised form of `text` for a field type; None when it cannot be read as that type.

    `order` decides between day and month in an ambiguous date; `latest` bounds two-digit years.
    """
    return value_type(kind).normalize(text, order, latest)
