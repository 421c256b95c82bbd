"""Dates and amounts as countries print them, each with its normalised form."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from random import Random

CENT = Decimal("0.01")
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
# Styles by country. {b} is the month's name, {s} its first three letters.
_STYLES = {
    "GB": ("{d} {b} {y}", "{d:02d}/{m:02d}/{y}", "{d:02d} {s} {y}", "{d:02d}-{s}-{y}"),
    "IE": ("{d} {b} {y}", "{d:02d}/{m:02d}/{y}", "{y}-{m:02d}-{d:02d}"),
    "US": ("{b} {d}, {y}", "{m:02d}/{d:02d}/{y}", "{s} {d}, {y}", "{y}-{m:02d}-{d:02d}"),
    "MY": ("{d:02d}/{m:02d}/{y}", "{d:02d}-{m:02d}-{y}", "{d:02d} {s} {y}", "{y}-{m:02d}-{d:02d}"),
    "DE": ("{d:02d}.{m:02d}.{y}", "{d}. {b} {y}", "{d:02d}.{m:02d}.{yy:02d}"),
    "AT": ("{d:02d}.{m:02d}.{y}", "{d}. {b} {y}", "{d}.{m}.{y}"),
    "FR": ("{d:02d}/{m:02d}/{y}", "{d} {b} {y}", "{d:02d}/{m:02d}/{yy:02d}"),
    "BE": ("{d:02d}/{m:02d}/{y}", "{d} {b} {y}", "{d:02d}-{m:02d}-{y}"),
}
_NUMERIC = {"GB": "{d:02d}/{m:02d}/{y}", "IE": "{d:02d}/{m:02d}/{y}", "US": "{m:02d}/{d:02d}/{y}"}
_SEPARATORS = {"DE": (".", ","), "AT": (".", ","), "FR": (" ", ","), "BE": (" ", ",")}
CURRENCIES = {"GB": "GBP", "US": "USD", "MY": "MYR"}
SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "MYR": "RM"}


@dataclass(frozen=True, slots=True)
class PrintedValue:
    """Value as printed on the page and in normalised form ("" if it has none)."""

    text: str
    normalized: str


Facts = dict[str, PrintedValue]


def plain_value(text: str) -> PrintedValue:
    """Return a value that equals its normalised form."""
    return PrintedValue(text, text)


def render_date_parts(day: int, month: int, year: int, style: str, language: str) -> str:
    """Format a date in `style`, with month names in `language`; dates that do not exist are allowed."""
    name = _MONTHS[language].split()[month - 1]
    return style.format(d=day, m=month, y=year, yy=year % 100, b=name, s=name[:3])


def render_date(day: date, style: str, language: str) -> str:
    """Format `day` in `style`, with month names in `language`."""
    return render_date_parts(day.day, day.month, day.year, style, language)


def printed_date(day: date, style: str, language: str) -> PrintedValue:
    """Return `day` as printed; its normalised form is ISO 8601."""
    return PrintedValue(render_date(day, style, language), day.isoformat())


def is_ambiguous(day: date, style: str) -> bool:
    """Return whether a reader who does not know the country could swap day and month."""
    numeric = "{b}" not in style and "{s}" not in style
    dotted_or_iso = "." in style or style.startswith("{y}")
    return numeric and not dotted_or_iso and day.day <= 12 and day.day != day.month


def draw_date_style(rng: Random, country: str, days: Iterable[date]) -> str:
    """Return a random date style of `country` in which none of `days` is ambiguous.

    French pages use a single order, so a French page may use its style for any day.
    """
    styles = _STYLES[country]
    if country in ("FR", "BE"):
        return rng.choice(styles)
    known = tuple(days)
    return rng.choice([style for style in styles if not any(is_ambiguous(day, style) for day in known)])


def numeric_date_style(country: str) -> str:
    """Return the all-digit style of `country`, in which day and month may be confused."""
    return _NUMERIC.get(country, "{d:02d}/{m:02d}/{y}")


def round_to_cents(amount: Decimal) -> Decimal:
    """Round to two places, half up, as in commerce."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def render_number(amount: Decimal, country: str, places: int = 2) -> str:
    """Format a number with the separators of `country`."""
    group, point = _SEPARATORS.get(country, (",", "."))
    text = f"{amount:,.{places}f}"
    return text.replace(",", "\0").replace(".", point).replace("\0", group)


def printed_money(amount: Decimal, country: str) -> PrintedValue:
    """Return an amount as printed, without its currency; its normalised form has a point and two digits."""
    return PrintedValue(render_number(amount, country), f"{amount:.2f}")


def render_quantity(quantity: Decimal, country: str) -> str:
    """Format a quantity: integers without decimals, others with their own places."""
    if quantity == quantity.to_integral_value():
        return render_number(quantity, country, 0)
    return render_number(quantity, country, max(0, -int(quantity.as_tuple().exponent)))


def currency_of(country: str) -> str:
    """Return the currency in which companies of `country` write invoices: ISO 4217."""
    return CURRENCIES.get(country, "EUR")
