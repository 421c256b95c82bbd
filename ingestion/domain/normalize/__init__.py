"""One spelling for each value, so that programs can compare what was printed in many ways."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from ingestion.domain.normalize.dates import DateOrder, DateReading, find_dates, order_of, read_date
from ingestion.domain.normalize.letters import as_digits, fold, letters_and_digits, one_line
from ingestion.domain.normalize.money import currency_of, find_amounts, find_currency, read_amount
from ingestion.domain.schemas.fields import FieldKind

__all__ = ["DateOrder", "DateReading", "as_digits", "currency_of", "find_amounts", "find_currency", "find_dates",
           "fold", "letters_and_digits", "normalize", "one_line", "order_of", "read_amount",
           "read_date"]  # fmt: skip

_EDGES = " \t\r\n:;,#*|~=_·•"
_CODE = re.compile(r"(?<![A-Z0-9])[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?(?![A-Z0-9])")


def _text(text: str) -> str | None:
    return one_line(text).strip(_EDGES) or None


def _name(text: str) -> str | None:
    return one_line(text).strip(_EDGES + "-") or None


def _address(text: str) -> str | None:
    lines = [one_line(line).strip(_EDGES) for line in text.splitlines()]
    return ", ".join(line for line in lines if line).rstrip(" .") or None


def _identifier(text: str) -> str | None:
    return re.sub(r"\s+", "", text).strip(_EDGES + ".") or None


def _currency(text: str) -> str | None:
    return currency_of(text) or find_currency(text)


def _number(text: str) -> str | None:
    hit = re.search(r"-?\d+(?:[.,]\d+)?", text)
    if not hit:
        return None
    try:
        return format(Decimal(hit[0].replace(",", ".")).normalize(), "f")
    except InvalidOperation:  # pragma: no cover - the pattern admits numbers alone
        return None


def _money(text: str) -> str | None:
    found = read_amount(text)
    return found.normalized if found else None


def codes_in(text: str) -> tuple[str, ...]:
    """Give the codes of the ICD-10 form in `text`, upper-cased, each once, in order."""
    return tuple(dict.fromkeys(_CODE.findall(text.upper())))


def _codes(text: str) -> str | None:
    return ",".join(codes_in(text)) or None


def _mrz(text: str) -> str | None:
    lines = (re.sub(r"\s+", "", line).upper() for line in text.splitlines())
    return "\n".join(line for line in lines if line) or None


_READERS: dict[FieldKind, Callable[[str], str | None]] = {
    FieldKind.TEXT: _text,
    FieldKind.PARTY: _name,
    FieldKind.ADDRESS: _address,
    FieldKind.MONEY: _money,
    FieldKind.CURRENCY: _currency,
    FieldKind.NUMBER: _number,
    FieldKind.IDENTIFIER: _identifier,
    FieldKind.CODE_LIST: _codes,
    FieldKind.MRZ: _mrz,
}


def normalize(kind: FieldKind, text: str, *, order: DateOrder = "dmy", latest: date | None = None) -> str | None:
    """Give the one spelling of `text` for its kind (see FieldKind); None when it cannot be read as that kind.

    `order` decides between day and month in an ambiguous date; `latest` bounds two-digit years.
    """
    if kind is FieldKind.DATE:
        reading = read_date(text, order, latest)
        return reading.iso if reading else None
    return _READERS[kind](text)
