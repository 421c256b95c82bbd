"""Whole numbers from requests: at most as many digits as the database can hold, whatever the client sends."""

from typing import Final

MAX_DIGITS: Final = 9
"""So that every number fits into a database integer, and none is slow to convert."""
SMALL_INTEGER: Final = 2**15 - 1
"""Largest value of a small integer column."""


def whole_number(text: str, low: int = 0, high: int = 10**MAX_DIGITS - 1) -> int | None:
    """Return the number that a text of ASCII digits names, None unless it is from `low` to `high`."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > MAX_DIGITS:
        return None
    number = int(text)
    return number if low <= number <= high else None
