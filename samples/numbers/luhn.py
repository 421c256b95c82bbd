"""Luhn check digit (ISO/IEC 7812-1, annex B), and the American provider number (NPI) that uses it."""

from random import Random

from samples.seeds import random_digits

NPI_PREFIX = "80840"  # health applications, United States: included in the check digit, never printed


def luhn_digit(number: str) -> str:
    """Return the digit that makes `number` followed by it pass the Luhn check."""
    total = 0
    for position, character in enumerate(reversed(number)):
        doubled = int(character) * (2 if position % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def make_npi(rng: Random) -> str:
    """Return a ten-digit NPI of a person: 1, eight digits, check digit."""
    body = "1" + random_digits(rng, 8)
    return body + luhn_digit(NPI_PREFIX + body)


def break_last_digit(number: str, rng: Random) -> str:
    """Replace the last digit by another one, so that the check digit fails."""
    return number[:-1] + str((int(number[-1]) + rng.randint(1, 9)) % 10)
