"""Text of a cell of OpenDocument: as its author saw it, unless that is missing or names a day ambiguously."""

import re

from lxml import etree

from ingestion.adapters.formats.office.formula_results import UNCALCULATED

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DEFINITE_DATE = re.compile(r".*[^\W\d_]|\d{4}\D|\d{1,2}\.\s?\d{1,2}\.")  # a month in letters, the year first, or dots
_NUMBERS = re.compile(r"\d+")
_MIDNIGHT = "00:00"


def cell_text(cell: "etree._Element", text: str) -> str:
    """Return the text of a cell; `text` is what its author saw in it."""
    if not text and cell.get(f"{_TABLE}formula") and cell.get(f"{_OFFICE}value-type") is None:
        return UNCALCULATED
    stored = cell.get(f"{_OFFICE}date-value")
    is_whole_date = len(_NUMBERS.findall(text)) > 2  # day, month and year
    if not stored or (text and not is_whole_date) or _DEFINITE_DATE.match(text):
        return text
    day, _, moment = stored.partition("T")
    return f"{day} {moment[:5]}" if moment and moment[:5] != _MIDNIGHT else day
