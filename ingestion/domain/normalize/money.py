"""Amounts as printed: 1,284.50 and 1.284,50 and 1 284,50 and RM 9.00, with their currency."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_SYMBOL_CODES = (
    "€=EUR £=GBP ¥=JPY ₹=INR ₺=TRY ₽=RUB zł=PLN RM=MYR R$=BRL US$=USD S$=SGD A$=AUD C$=CAD HK$=HKD NZ$=NZD $=USD "
    "Fr.=CHF SFr.=CHF Euro=EUR EURO=EUR euros=EUR Kč=CZK Ft=HUF"
)
SYMBOLS: dict[str, str] = dict(pair.split("=") for pair in _SYMBOL_CODES.split())
_ISO_CODES = (
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KRW KWD MXN MYR NOK "
    "NZD PEN PHP PLN QAR RON RSD RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR"
)
ISO_CURRENCIES = frozenset(_ISO_CODES.split())
_CODES = "|".join([*sorted(ISO_CURRENCIES), *(re.escape(mark) for mark in sorted(SYMBOLS, key=len, reverse=True))])
_DIGITS = (
    r"\d{1,3}(?:[,'\u2019]\d{3}){1,6}\.\s?\d{2}"  # 1,284.50
    r"|\d{1,3}(?:\.\d{3}){1,6},\s?\d{2}"  # 1.284,50
    r"|\d{1,3}(?:[ \u00a0\u202f]\d{3}){1,6}[.,]\d{2}"  # 1 284,50
    r"|\d+\s?[.,]\s?\d{2}"  # 9.00, and 9. 00 as engines break it
    r"|\d{1,3}(?:[,'\u2019]\d{3}){1,6}(?![.,]?\d)"  # 1,284
    r"|(?<![A-Za-z])[.,]\d{2}"  # .02
    r"|\d+"
)
_AMOUNT = re.compile(  # a tab separates columns, and no amount crosses it
    rf"(?P<lead>[-\u2212\u2013(] ?)?(?P<before>(?<![A-Za-z])(?:{_CODES}))?[ \u00a0\u202f]?"
    rf"(?P<sign>[-\u2212\u2013] ?)?"
    rf"(?<![\d])(?<!\d[.,:/-])(?P<digits>{_DIGITS})(?![\d]|[.,]\d|\s?%|[:/]\d)"
    rf"(?P<trail>-(?!\s?\w))?(?:\s?(?P<after>{_CODES})(?![A-Za-z]))?"
)
_MINUS = frozenset("-\u2212\u2013")


@dataclass(frozen=True, slots=True)
class AmountMatch:
    """Amount in a text, `text[start:stop]`; `has_decimals` if it was printed with its two decimals."""

    start: int
    stop: int
    value: Decimal
    currency: str | None
    has_decimals: bool

    @property
    def normalized(self) -> str:
        """Amount with a decimal point and two digits."""
        return f"{self.value:.2f}"


def currency_of(mark: str) -> str | None:
    """Return the ISO 4217 code of a printed mark (RM, EUR, the dollar sign); None if it is none."""
    cleaned = mark.strip()
    if cleaned in SYMBOLS:
        return SYMBOLS[cleaned]
    upper = cleaned.upper()
    return upper if upper in ISO_CURRENCIES else SYMBOLS.get(upper)


def _decimal(digits: str) -> tuple[Decimal, bool]:
    compact = re.sub(r"[\s'\u2019]", "", digits)
    exact = len(compact) >= 3 and compact[-3] in ".,"
    whole, cents = (compact[:-3], compact[-2:]) if exact else (compact, "00")
    return Decimal(f"{re.sub('[.,]', '', whole) or 0}.{cents}"), exact


def find_amounts(text: str) -> Iterator[AmountMatch]:
    """Yield the amounts of `text`, left to right; percentages, times and parts of dates are skipped."""
    for hit in _AMOUNT.finditer(text):
        value, exact = _decimal(hit["digits"])
        lead = (hit["lead"] or "").strip()
        closed = lead == "(" and text[hit.end() : hit.end() + 1] == ")"
        spaced = hit.start() == 0 or not text[hit.start() - 1].isalnum()
        negative = closed or bool(hit["sign"] or hit["trail"]) or (lead in _MINUS and spaced)
        mark = hit["before"] or hit["after"]
        start = hit.start() if negative or not hit["lead"] else hit.start() + len(hit["lead"])
        start += len(text[start : hit.end()]) - len(text[start : hit.end()].lstrip())
        yield AmountMatch(
            start, hit.end() + closed, -value if negative else value, currency_of(mark) if mark else None, exact
        )


def read_amount(text: str) -> AmountMatch | None:
    """Read the amount of a short text: the last exact one, else the last one; None if there is none."""
    found = list(find_amounts(text))
    exact = [match for match in found if match.has_decimals]
    return exact[-1] if exact else found[-1] if found else None


def format_like(value: Decimal, printed: str) -> str:
    """Format an amount like `printed`: its decimal and thousands separators; 1234.50 if it has none."""
    found = [hit["digits"] for hit in _AMOUNT.finditer(printed) if _decimal(hit["digits"])[1]]
    digits = re.sub(r"(?<=[.,])\s|\s(?=[.,])", "", found[-1]) if found else "0.00"
    group = re.search(r"(?<=\d)[^\d](?=\d{3})", digits[:-3])
    whole, cents = f"{value:,.2f}".split(".")
    return whole.replace(",", group[0] if group else "") + digits[-3] + cents


def currency_mark(text: str) -> tuple[int, int] | None:
    """Return the position of the first currency in `text`, with or without an amount."""
    hit = re.search(rf"(?<![A-Za-z])({_CODES})(?![A-Za-z])", text)
    return hit.span() if hit else None


def find_currency(text: str) -> str | None:
    """Return the first currency that `text` names."""
    mark = currency_mark(text)
    return currency_of(text[slice(*mark)]) if mark else None
