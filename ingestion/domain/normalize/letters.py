"""Folding of letters: accents and case are removed, one character for one, so that positions are preserved."""

import re
import unicodedata
from functools import lru_cache

_SPECIAL = {
    "ß": "s",
    "ø": "o",
    "Ø": "o",
    "ł": "l",
    "Ł": "l",
    "æ": "a",
    "Æ": "a",
    "œ": "o",
    "Œ": "o",
    "đ": "d",
    "ı": "i",  # noqa: RUF001 - the dotless i of Turkish
}
_LOOKALIKE_DIGITS = str.maketrans("OoDQlIi|!SsBZzGb", "0000111115582266")
_SPACES = re.compile(r"\s+")
_EDGES = " \t\r\n:;,#*|~=_·•"


@lru_cache(maxsize=4096)
def _fold_one(character: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    base = unicodedata.normalize("NFKD", character)[:1] or character
    lowered = base.casefold()
    return lowered if len(lowered) == 1 else character


def fold(text: str) -> str:
    """Fold case and accents; the result has exactly as many characters as `text`."""
    return text.lower() if text.isascii() else "".join(map(_fold_one, text))


def letters_and_digits(text: str) -> str:
    """Return only the folded letters and digits of `text`: what two spellings of one name share."""
    return "".join(filter(str.isalnum, fold(text)))


def one_line(text: str) -> str:
    """Collapse all white space to single blanks."""
    return _SPACES.sub(" ", text).strip()


def strip_edges(text: str, more: str = "") -> str:
    """Return `text` without blanks, punctuation and marks at its ends; `more` are further characters to strip."""
    return text.strip(_EDGES + more)


def as_digits(text: str) -> str:
    """Read the letters that engines confuse with digits as those digits (O as 0, l as 1, S as 5)."""
    return text.translate(_LOOKALIKE_DIGITS)
