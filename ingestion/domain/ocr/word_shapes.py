"""Shapes of words: forms that print has, and forms that only a misreading has."""

import re

from ingestion.domain.ocr.line_words import digit_share

_MONEY = re.compile(r"\W{0,3}(?:[A-Z]{1,3}|\w?[$€£])?\d{1,3}(?:[,.]\d{3})*[.,]\d{2}\W{0,2}")
_WHOLE = re.compile(r"\d+[.,:;)]?")
_DATE = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}")
_CAPITALS = re.compile(r"[(]?[A-Z]{2,}[).,:;]*")
_SMALL = re.compile(r"[A-Z]?[a-z]+[).,:;]*")
_MIXED = re.compile(r"\d[A-Za-z]|[A-Za-z]\d")
_GLUED = re.compile(r"[A-Za-z\d][:;,)][A-Za-z(]|[A-Za-z]{2}[:;.,(]\d|[a-z][A-Z]")
_LATIN_TO = 0x24F
_OPENING, _CLOSING = "(#*@$-[\"'", ").,:%*-#?!]\"'"


def shape_of(text: str) -> dict[str, float]:
    """Return a word's shape features, each 0 or 1, by name."""
    marks = {
        "money": bool(_MONEY.fullmatch(text)),
        "whole": bool(_WHOLE.fullmatch(text)),
        "date": bool(_DATE.fullmatch(text)),
        "capitals": bool(_CAPITALS.fullmatch(text)),
        "small": bool(_SMALL.fullmatch(text)),
        "mixed": bool(_MIXED.search(text)),
        "glued": bool(_GLUED.search(text)),
        "colon": text.endswith(":"),
        "colon_inside": ":" in text[1:-1],
        "strange": any(ord(character) > _LATIN_TO for character in text),
        "punctuation": not any(map(str.isalnum, text)),
        "ragged": _is_ragged(text),
        "single": len(text) == 1,
        "plain": text.isalnum(),
    }
    return {name: float(holds) for name, holds in marks.items()} | {"digits": digit_share(text)}


def _is_ragged(text: str) -> bool:
    """Return whether a word begins or ends with a sign that is rare there: its end may be missing."""
    if not text:
        return False
    first, last = text[0], text[-1]
    return not (first.isalnum() or first in _OPENING) or not (last.isalnum() or last in _CLOSING)
