r"""Patterns that a tenant writes for its fields, matched by RE2: in time proportional to the text, whatever they say.

RE2 has no look-around and no back-references; `\d`, `\w` and `\s` are ASCII characters there, `\pL` is any letter.
"""

from functools import lru_cache
from typing import Any, Final

import re2

MEMORY_BYTES: Final = 2**20  # of one compiled pattern; a larger one is rejected when it is written
_NO_WORD: Final = r"[^\pL\pN_]"


class InvalidPattern(ValueError):
    """The text is not a regular expression that RE2 accepts; the message says why."""


def check_pattern(pattern: str) -> None:
    """Raise InvalidPattern unless the pattern can be used."""
    _compiled(pattern)
    _compiled(_apart(pattern))


def matches_whole(pattern: str, text: str) -> bool:
    """Return whether the whole text matches."""
    return _compiled(pattern).fullmatch(text) is not None


def find_apart(pattern: str, text: str, start: int, stop: int) -> tuple[int, int] | None:
    """Return where the pattern first matches within `text[start:stop]`, not inside a longer word; None if nowhere."""
    hit = _compiled(_apart(pattern)).search(text[start:stop])
    return (start + hit.start(1), start + hit.end(1)) if hit else None


def _apart(pattern: str) -> str:
    return rf"(?:\A|{_NO_WORD})({pattern})(?:{_NO_WORD}|\z)"


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:  # noqa: ANN401 - re2 has no types
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MEMORY_BYTES
    try:
        return re2.compile(pattern, options)
    except re2.error as fault:
        reason = fault.args[0] if fault.args else ""
        raise InvalidPattern(reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)) from fault
    except UnicodeEncodeError as fault:
        message = "it contains an unpaired surrogate"
        raise InvalidPattern(message) from fault
