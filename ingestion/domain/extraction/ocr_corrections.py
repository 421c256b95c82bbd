"""Corrections of OCR errors that a word's shape reveals: "WorId" for World, "1DEA" for IDEA.

Only the normalised value of a name or address is corrected, never the printed text, and never native text.
"""

import re
from collections.abc import Iterable

from ingestion.domain.layout.text_rows import RowSpan

_CAPITAL_I_IN_SMALL = re.compile(r"(?<=[a-zA-Z])I(?=[a-z])|(?<=[a-z])I\b")
_DIGIT_IN_WORD = re.compile(
    r"\b(?=[A-Z\d]*[A-Z][A-Z\d]*\b)(?:[A-Z]*[A-Z]{2}[015][A-Z]*|[015][A-Z]{3,}|[A-Z][015][A-Z]{2,})\b"
)
_DOTTED_ONE = re.compile(r"(?<=[A-Z]\.)1(?=\.[A-Z])")
_LEGAL_FIVE = re.compile(r"\b5/B\b")
_LETTERS = str.maketrans("015", "OIS")
_SCOTTISH = re.compile(r"\bMa?c$")


def _small_l(hit: re.Match[str]) -> str:
    before = hit.string[: hit.start()]
    word = before[len(before.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")) :]
    return hit[0] if _SCOTTISH.search(word) else "l"


def fix_misread_letters(text: str, spans: Iterable[RowSpan]) -> str:
    """Return `text` with such errors corrected; unchanged if its words come from a text layer."""
    if all(word.source == "native" for span in spans for word in span.words):
        return text
    out = _CAPITAL_I_IN_SMALL.sub(_small_l, text)
    out = _DIGIT_IN_WORD.sub(lambda hit: hit[0].translate(_LETTERS), out)
    return _LEGAL_FIVE.sub("S/B", _DOTTED_ONE.sub("I", out))
