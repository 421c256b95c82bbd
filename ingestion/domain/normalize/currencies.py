"""Currencies: ISO 4217 codes, the marks and names that are printed for them, their minor units and decimal marks.

A mark such as "$" or "kr" belongs to several currencies: it names none of them without evidence of a country.
"""

import re
from collections.abc import Iterable
from functools import cache
from itertools import groupby, product
from types import MappingProxyType

from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_name, get_currency_precision, list_currencies

from ingestion.domain.normalize.locale_data import visit_languages
from ingestion.domain.normalize.plain import plain_amounts

_FREQUENT_CODES = (
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KRW KWD MXN MYR NOK NZD "
    "PEN PHP PLN QAR RON RSD RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR"
)
_OTHER_CODES = (
    "AMD AOA AWG AZN BAM BBD BDT BHD BMD BND BSD BWP BYN BZD CDF CRC DOP DZD ETB FJD GHS GIP GTQ GYD HNL HTG IQD JMD "
    "JOD KES KGS KHR KYD KZT LBP LKR LYD MAD MDL MGA MKD MMK MNT MUR MVR MWK MZN NAD NGN NIO NPR OMR PAB PGK PKR PYG "
    "RWF SCR SDG SRD SYP TJS TMT TND TTD TZS UGX UYU UZS VES XAF XCD XOF XPF YER ZMW"
)
ISO_CURRENCIES = frozenset(f"{_FREQUENT_CODES} {_OTHER_CODES}".split())
"""Codes that are looked for on pages: those that are also English words (ALL, TOP, CUP, GEL) are not."""

_SIGNS = (
    "€=EUR £=GBP/EGP/LBP/GIP/FKP/SHP/SSP/SYP ¥=JPY/CNY ₹=INR ₺=TRY ₽=RUB ₩=KRW ₫=VND ₱=PHP ₪=ILS ₦=NGN ₴=UAH ₸=KZT "
    "₾=GEL ₼=AZN ₡=CRC ₲=PYG ₵=GHS ₭=LAK ₮=MNT ৳=BDT ฿=THB ₨=INR/PKR/LKR/NPR/MUR/SCR ﷼=SAR/IRR/YER/OMR/QAR "
    "元=CNY/TWD/HKD 円=JPY 원=KRW บาท=THB "
    "$=USD/CAD/AUD/NZD/SGD/HKD/TWD/MXN/ARS/CLP/COP/UYU/JMD/TTD/BBD/BSD/BZD/BMD/BND/FJD/GYD/KYD/NAD/XCD "
    "US$=USD USD$=USD A$=AUD AU$=AUD C$=CAD CA$=CAD NZ$=NZD S$=SGD SG$=SGD HK$=HKD NT$=TWD R$=BRL MX$=MXN J$=JMD "
    "TT$=TTD BZ$=BZD FJ$=FJD EC$=XCD N$=NAD AR$=ARS CLP$=CLP COL$=COP E£=EGP CN¥=CNY JP¥=JPY RMB=CNY "
    "RM=MYR Rp=IDR Rp.=IDR R.O.=OMR K.D.=KWD B.D.=BHD J.D.=JOD Gs.=PYG so'm=UZS "
    "Rs=INR/PKR/LKR/NPR/MUR/SCR Rs.=INR/PKR/LKR/NPR/MUR/SCR "
    "zł=PLN Kč=CZK Ft=HUF Fr.=CHF SFr.=CHF sFr.=CHF Euro=EUR EURO=EUR Euros=EUR euros=EUR FCFA=XOF/XAF "
    "руб=RUB/BYN руб.=RUB/BYN грн=UAH лв=BGN лв.=BGN"  # noqa: RUF001 - Cyrillic
)
_BESIDE_AMOUNTS = (  # words of other languages as well: they are marks only next to an amount
    "kr=SEK/NOK/DKK/ISK kr.=SEK/NOK/DKK/ISK Kr=SEK/NOK/DKK/ISK Kr.=SEK/NOK/DKK/ISK euro=EUR lei=RON/MDL Lei=RON/MDL "
    "TL=TRY din=RSD din.=RSD дин=RSD DT=TND KD=KWD Dhs=AED Dhs.=AED DH=MAD/AED Dh=MAD/AED đ=VND VNĐ=VND"
)


def _marks(listed: str) -> dict[str, tuple[str, ...]]:
    return {mark: tuple(codes.split("/")) for mark, codes in (pair.split("=") for pair in listed.split())}


_STANDALONE = {**{code: (code,) for code in _FREQUENT_CODES.split()}, **_marks(_SIGNS)}
_IN_WORDS = {
    "US dollars": ("USD",),
    "pounds sterling": ("GBP",),
    "Swiss francs": ("CHF",),
    "Schweizer Franken": ("CHF",),
}
_ALL_MARKS = MappingProxyType(
    {**{code: (code,) for code in _OTHER_CODES.split()}, **_STANDALONE, **_marks(_BESIDE_AMOUNTS), **_IN_WORDS}
)
LETTER_MARKS = frozenset({"DT", "KD", "TL", "DH", "Dh", "BHD"})
"""Marks that also begin numbers of articles, or end names of companies: before an amount they need its decimals."""
_NAME_LANGUAGES = tuple("en de fr es it nl pt da sv nb fi pl cs hu tr".split())
_AMBIGUOUS_NAMES = MappingProxyType(
    {
        **dict.fromkeys(("dollar", "dollars"), _ALL_MARKS["$"]),
        **dict.fromkeys(("pound", "pounds"), _ALL_MARKS["£"]),
        **dict.fromkeys(("rupee", "rupees"), _ALL_MARKS["Rs"]),
        **dict.fromkeys(("krona", "kronor", "krone", "kroner", "kronur", "kronen"), _ALL_MARKS["kr"]),
        "yen": ("JPY",),
        "yuan": ("CNY",),
        "renminbi": ("CNY",),
    }
)


def _alternatives(marks: Iterable[str]) -> str:
    """Return a pattern of these marks, the longest first, that branches on the first character."""
    groups = groupby(sorted(marks, key=lambda mark: (mark[0], -len(mark), mark)), key=lambda mark: mark[0])
    return "|".join(
        f"{re.escape(first)}(?:{'|'.join(re.escape(each[1:]) for each in group)})" for first, group in groups
    )


MARK_PATTERN = f"(?<!SDN )(?<!SDN\\. )(?:{_alternatives(_ALL_MARKS)})"  # Sdn Bhd: a Malaysian company, no dinar
_STANDALONE_MARK = re.compile(
    rf"(?<![A-Za-z])({_alternatives(_STANDALONE)})(?![A-Za-z])"
    r"|(?i:total|amounts?|due|payable|currency|betrag|summe|montant|importe|totale|price)(?: in)?\W{1,3}"
    rf"({_alternatives(_OTHER_CODES.split())})(?![A-Za-z])"
)


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Return the names of currencies in common languages, in lower case, with the codes that each may mean."""
    found: dict[str, tuple[str, ...]] = {}
    for language in visit_languages(_NAME_LANGUAGES):
        for code, count in product(sorted(ISO_CURRENCIES), (None, 1, 2, 5)):
            found.setdefault(get_currency_name(code, count=count, locale=language).casefold(), (code,))
    return {**found, **_AMBIGUOUS_NAMES}


def currencies_of(mark: str) -> tuple[str, ...]:
    """Return the ISO 4217 codes that a printed mark or name may mean, the usual first; empty if it is none."""
    cleaned = mark.strip()
    if not cleaned:
        return ()
    if cleaned in _ALL_MARKS:
        return _ALL_MARKS[cleaned]
    upper = cleaned.upper()
    if upper in ISO_CURRENCIES:
        return (upper,)
    return _ALL_MARKS.get(upper) or ()


def named_currencies(text: str) -> tuple[str, ...]:
    """Return the codes that a mark or a written name ("Danish kroner") may mean; empty if it is none."""
    return currencies_of(text) or _names().get(text.strip(" .").casefold(), ())


def currency_of(mark: str) -> str | None:
    """Return the ISO 4217 code of a printed mark (RM, EUR, zł); None if it is none, or belongs to several."""
    codes = currencies_of(mark)
    return codes[0] if len(codes) == 1 else None


def currency_mark(text: str) -> tuple[int, int] | None:
    """Return the position of the first currency in `text`, with or without an amount."""
    return mark_in_plain(plain_amounts(text))


def mark_in_plain(text: str) -> tuple[int, int] | None:
    """Return the position of the first currency as `currency_mark` does, in a text of `plain_amounts`."""
    hit = _STANDALONE_MARK.search(text)
    return hit.span(hit.lastindex or 0) if hit else None


def minor_digits(code: str | None) -> int:
    """Return the number of decimals of a currency by ISO 4217 (Unicode CLDR where both differ), 2 if unknown."""
    return get_currency_precision(code) if code and code in _known_codes() else 2


@cache
def _known_codes() -> frozenset[str]:
    return frozenset(list_currencies())


@cache
def decimal_mark(code: str) -> str:
    """Return the decimal mark that the currency's country prints ("." or ","); "" if countries differ."""
    try:
        symbols = Locale.parse(f"und_{code[:2]}").number_symbols
    except (UnknownLocaleError, ValueError):
        return ""
    mark = str(symbols.get("latn", {}).get("decimal", ""))
    return mark if mark in {".", ","} else ""
