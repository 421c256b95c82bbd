"""Value added tax numbers with the check digits of each country."""

from collections.abc import Callable
from random import Random

from samples.numbers.luhn import luhn_digit
from samples.seeds import random_digits

_IRISH_LETTERS = "WABCDEFGHIJKLMNOPQRSTUV"


def _weighted_sum(body: str, first_weight: int) -> int:
    return sum(int(digit) * (first_weight - index) for index, digit in enumerate(body))


def _british(rng: Random) -> str:
    body = random_digits(rng, 7)
    check = 97 - _weighted_sum(body, 8) % 97
    return f"GB{body}{check:02d}"


def _irish(rng: Random) -> str:
    body = random_digits(rng, 7)
    return f"IE{body}{_IRISH_LETTERS[_weighted_sum(body, 8) % 23]}"


def _german(rng: Random) -> str:
    body, product = random_digits(rng, 8), 10  # ISO 7064, MOD 11,10
    for digit in body:
        product = 2 * ((int(digit) + product) % 10 or 10) % 11
    return f"DE{body}{(11 - product) % 10}"


def _austrian(rng: Random) -> str:
    body = random_digits(rng, 7)
    doubled = [int(digit) * (1 + index % 2) for index, digit in enumerate(body)]
    total = sum(value - 9 if value > 9 else value for value in doubled)
    return f"ATU{body}{(96 - total) % 10}"


def _french(rng: Random) -> str:
    body = random_digits(rng, 8)
    siren = body + luhn_digit(body)
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


def _belgian(rng: Random) -> str:
    body = "0" + random_digits(rng, 7)
    return f"BE{body}{97 - int(body) % 97:02d}"


_MAKERS: dict[str, Callable[[Random], str]] = {
    "GB": _british,
    "IE": _irish,
    "DE": _german,
    "AT": _austrian,
    "FR": _french,
    "BE": _belgian,
}


def make_vat_id(rng: Random, country: str) -> str:
    """Return a valid VAT identification number of `country`, prefixed, without spaces."""
    return _MAKERS[country](rng)


def printed_vat_id(vat_id: str) -> str:
    """Return a VAT number as printed in its country: in groups if that is usual."""
    country, body = vat_id[:2], vat_id[2:]
    if country == "GB":
        return f"GB {body[:3]} {body[3:7]} {body[7:]}"
    if country == "FR":
        return f"FR {body[:2]} {body[2:5]} {body[5:8]} {body[8:]}"
    if country == "BE":
        return f"BE {body[:4]}.{body[4:7]}.{body[7:]}"
    return vat_id
