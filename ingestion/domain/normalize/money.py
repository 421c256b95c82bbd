"""Amounts as printed: 1,284.50 and 1.284,50 and 1 284,50 and RM 9.00, with their currency and sign."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from ingestion.domain.normalize.currencies import (
    LETTER_MARKS,
    MARK_PATTERN,
    currency_of,
    decimal_mark,
    minor_digits,
    named_currencies,
)
from ingestion.domain.normalize.numerals import NUMBER, SPACED_NUMBER, Numeral, read_digits, read_typed_number
from ingestion.domain.normalize.plain import plain, plain_amounts
from ingestion.domain.schemas.kinds import UNKNOWN_STYLE, NumberStyle

_MOST_BEFORE = 24  # characters before an amount that its sign and currency take
_BEFORE = re.compile(rf"(?P<lead>[-(] ?)?(?:(?P<mark>(?<![A-Za-z])(?:{MARK_PATTERN})) ?)?(?P<sign>[-(] ?)?$")
_AFTER = re.compile(
    r"(?P<dash>(?:[.,:] ?|/)-{1,2}(?![\d-]))?"  # 50.- and 1.234,- and 1,23,456/-: no cents
    rf"(?P<trail>-(?! ?\w)|-(?= ?(?:{MARK_PATTERN})(?![A-Za-z])))?"
    rf"(?:(?: ?|\t(?!(?:{MARK_PATTERN})\s?[-(]?\s?\d))(?P<mark>{MARK_PATTERN})(?![A-Za-z]))?"
    r"(?P<closed> ?\))?"
    r"(?:\s?(?P<balance>C[Rr]|D[Rr])\b)?"
)
_NEXT_NUMBER = re.compile(r"\s?[-(]?\s?\d")
_SCALE = re.compile(  # 1,5 Mio. €: a rounded figure of prose, not an amount
    r" ?(?:mio|mill?ions?|mn|mrd|milliards?|bn|billions?|tsd|thousand|lakhs?|lacs?|crores?)\b", re.IGNORECASE
)
_SMALL_COIN = re.compile(  # or thousands and millions: 5k, €5m, 99 cents
    r"[kKm]\b| ?(?:p|c|cts?|cents?|pence|centimes?|rappen|groszy|paise|sen|kobo)\b(?!\.)", re.IGNORECASE
)
_CORE = re.compile(r"(?:(?<![A-Za-z])[.,])?\d(?:[\d.,' ]*\d)?")


@dataclass(frozen=True, slots=True)
class AmountMatch:
    """Amount in a text, `text[start:stop]`; `has_decimals` if it was printed with its decimals.

    `mark` is the currency as printed; `currency` its ISO 4217 code, None without a mark or if it belongs to several.
    `digits` is how many decimals its normalised form has. `is_ambiguous` as for Numeral.
    """

    start: int
    stop: int
    value: Decimal
    currency: str | None
    has_decimals: bool
    mark: str = ""
    is_grouped: bool = False
    digits: int = 2
    is_ambiguous: bool = False

    @property
    def normalized(self) -> str:
        """Amount with a decimal point and two digits, or three where its currency has them."""
        return f"{self.value:.{self.digits}f}"

    def is_exact(self, style: NumberStyle) -> bool:
        """Return whether it is printed as a document of this style prints amounts: with decimals, or whole."""
        return self.has_decimals or (style.is_whole and bool(self.mark or self.is_grouped))


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """Signs and currency around a number, `text[start:stop]` of a plain text."""

    before: re.Match[str]
    after: re.Match[str]

    @property
    def mark(self) -> str:
        """Currency as printed; a code after the number is more exact than a sign before it."""
        first, second = self.before["mark"] or "", self.after["mark"] or ""
        return second if not first or (second and currency_of(second) and not currency_of(first)) else first

    @property
    def is_closed(self) -> bool:
        """Whether the number is in brackets."""
        opened = "(" in f"{self.before['lead']}{self.before['sign']}"
        return opened and bool(self.after["closed"])

    @property
    def has_lead(self) -> bool:
        """Whether the character before the currency is a sign of the amount."""
        lead, text, start = (self.before["lead"] or "").strip(), self.before.string, self.before.start()
        return (lead == "(" and self.is_closed) or (lead == "-" and (start == 0 or not text[start - 1].isalnum()))

    @property
    def is_negative(self) -> bool:
        """Whether a minus, brackets or CR (credit) make the amount negative."""
        minus = "-" in (self.before["sign"] or "") or bool(self.after["trail"])
        return minus or self.is_closed or self.has_lead or (self.after["balance"] or "").upper() == "CR"

    @property
    def start(self) -> int:
        """Where the amount begins, with its currency and sign."""
        return self.before.end("lead") if self.before["lead"] and not self.has_lead else self.before.start()

    @property
    def stop(self) -> int:
        """Where the amount ends, with its currency and sign."""
        return self.after.end()


def _surroundings(text: str, start: int, stop: int, free: int) -> _Surroundings:
    """Match the signs and the currency around `text[start:stop]`, none of them before `free`."""
    before = _BEFORE.search(text, max(free, start - _MOST_BEFORE), start)
    after = _AFTER.match(text, stop)
    if before is None or after is None:  # both match the empty text
        raise ValueError(text)
    found = _Surroundings(before, after)
    if after["closed"] and not found.is_closed:
        end = after.start("closed")
        found = replace(found, after=_AFTER.match(text, stop, end) or after)
    if before["mark"] and after["mark"] and _NEXT_NUMBER.match(text, after.end("mark")):
        found = replace(found, after=_AFTER.match(text, stop, after.start("mark")) or after)
    return found


def find_amounts(text: str, style: NumberStyle = UNKNOWN_STYLE) -> Iterator[AmountMatch]:
    """Yield the amounts of `text`, left to right; percentages, times and parts of dates are skipped."""
    printed = plain_amounts(text)
    free = 0
    hit = NUMBER.search(printed)
    while hit:
        spaced = SPACED_NUMBER.match(printed, hit.start()) if hit["digits"].isdecimal() else None
        found = _printed_amount(printed, spaced, free, style) if spaced else None
        if found is None or not _is_one_number(printed, found):
            found = _printed_amount(printed, hit, free, style)
        if found:
            yield found
        free = max(found.stop if found else 0, hit.end())
        hit = NUMBER.search(printed, free)


def _is_one_number(text: str, found: AmountMatch) -> bool:
    """Return whether thousands that blanks separate are one number: beside a currency, or the only text of a cell."""
    if found.mark or found.has_decimals:
        return True
    before, after = text[: found.start].rstrip(" "), text[found.stop :].lstrip(" ")
    return before[-1:] in ("", "\t", ":", "=") and after[:1] in ("", "\t")


def _printed_amount(text: str, hit: re.Match[str], free: int, style: NumberStyle) -> AmountMatch | None:
    if _SCALE.match(text, hit.end()) or (hit["digits"].isdecimal() and _SMALL_COIN.match(text, hit.end())):
        return None
    around = _surroundings(text, *hit.span("digits"), free)
    if around.before["mark"] in LETTER_MARKS and hit["digits"].isdecimal():
        around = _surroundings(text, *hit.span("digits"), hit.start())  # DT125: a number of an article
    local = _local_style(around.mark, style)
    numeral = read_digits(hit["digits"], local)
    if numeral.decimals == 3 and local.digits != 3 and not (numeral.is_grouped or around.mark):
        return None  # 1.234 kg
    return _amount(around, numeral, local)


def _local_style(mark: str, style: NumberStyle) -> NumberStyle:
    """Return the style of a number beside this currency."""
    code = currency_of(mark) if mark else None
    if code is None or code == style.currency:
        return style
    return replace(style, currency=code, digits=minor_digits(code), decimal=style.decimal or decimal_mark(code))


def _amount(around: _Surroundings, numeral: Numeral, style: NumberStyle) -> AmountMatch:
    exact = 3 if style.digits == 3 or numeral.is_grouped else 2
    return AmountMatch(
        start=around.start,
        stop=around.stop,
        value=-numeral.value if around.is_negative else numeral.value,
        currency=currency_of(around.mark) if around.mark else None,
        has_decimals=2 <= numeral.decimals <= exact or bool(around.after["dash"]),
        mark=around.mark,
        is_grouped=numeral.is_grouped,
        digits=3 if style.digits == 3 or numeral.decimals == 3 else 2,
        is_ambiguous=numeral.is_ambiguous,
    )


def read_amount(text: str, style: NumberStyle = UNKNOWN_STYLE) -> AmountMatch | None:
    """Read the amount of a short text: its only number, else the last exact one; None if that leaves a doubt."""
    found = _typed_amount(plain(text), style)
    if found:
        return found
    listed = list(find_amounts(text, style))
    exact = [match for match in listed if match.has_decimals]
    marked = [match for match in listed if match.mark]
    if exact:
        return exact[-1]
    only = next((each[0] for each in (listed, marked) if len(each) == 1), None)
    return only if only and not any(map(str.isdigit, text[: only.start] + text[only.stop :])) else None


def _typed_amount(text: str, style: NumberStyle) -> AmountMatch | None:
    """Read a text with one number, alone or with a currency; None if it has other digits or unknown words after it."""
    core = _CORE.search(text)
    if core is None:
        return None
    around = _surroundings(text, *core.span(), 0)
    named = text[around.stop :].strip(" \t\n.")
    if named and not named_currencies(named):
        return None
    name = around.mark or named or text[: around.start].strip(" \t\n:")
    codes = named_currencies(name)
    local = _local_style(codes[0] if len(codes) == 1 else "", style)
    numeral = read_typed_number(core[0], local)
    if numeral is None:
        return None
    found = _amount(around, numeral, local)
    if name.upper() == "CR":
        found = replace(found, value=-abs(found.value))
    return replace(found, currency=codes[0] if len(codes) == 1 else None, mark=name if codes else "")


def format_like(value: Decimal, printed: str) -> str:
    """Format an amount like `printed`: its decimal and thousands separators; 1234.50 if it has none."""
    hits = list(NUMBER.finditer(plain(printed))) + list(SPACED_NUMBER.finditer(plain(printed)))
    exact = [hit for hit in hits if read_digits(hit["digits"], UNKNOWN_STYLE).decimals >= 2]
    hit = exact[-1] if exact else hits[-1] if hits and value == value.to_integral_value() else None
    if hit is None:
        return f"{value:.2f}"
    digits = printed[slice(*hit.span("digits"))]
    decimals = read_digits(hit["digits"], UNKNOWN_STYLE).decimals
    group = re.search(r"(?<=\d)[^\d](?=\d{3})", digits[: len(digits) - decimals - 1] if decimals else digits)
    mark = re.search(r"[.,](?=\s?\d+$)", digits) if decimals else None
    whole, _, cents = f"{abs(value):.{decimals}f}".partition(".")
    lakh = bool(re.search(r"\d,\d{2},\d{3}", digits))
    sign = "-" if value < 0 else ""
    return sign + _group(whole, group[0] if group else "", lakh=lakh) + (mark[0] + cents if mark else "")


def _group(whole: str, mark: str, *, lakh: bool) -> str:
    """Separate thousands by `mark`, or thousands, lakhs and crores."""
    if not mark or len(whole) <= 3:
        return whole
    head, step = whole[:-3], 2 if lakh else 3
    first = len(head) % step
    groups = [head[:first]] * bool(first) + [head[at : at + step] for at in range(first, len(head), step)]
    return mark.join([*groups, whole[-3:]])
