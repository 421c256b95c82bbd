"""Notation of a document's numbers: decimal mark, currency and decimals, by a vote of the numbers that show them."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ingestion.domain.normalize.currencies import (
    LETTER_MARKS,
    MARK_PATTERN,
    currency_of,
    decimal_mark,
    mark_in_plain,
    minor_digits,
)
from ingestion.domain.normalize.numerals import NUMBER
from ingestion.domain.normalize.plain import plain_amounts
from ingestion.domain.schemas.kinds import NumberStyle

_CERTAIN, _LIKELY = 2, 1  # votes of 1.284,50 and of 9.00
_MARKED = re.compile(rf"(?<![A-Za-z])(?:{MARK_PATTERN})(?![A-Za-z])")
_OTHER = {".": ",", ",": "."}
_BESIDE = 3  # characters: a mark this close to a number belongs to it


@dataclass(slots=True)
class _Votes:
    marks: Counter[str] = field(default_factory=Counter)
    decimals: Counter[int] = field(default_factory=Counter)
    currencies: Counter[str] = field(default_factory=Counter)
    whole: int = 0
    either: int = 0  # numbers that may be thousands or have three decimals


def number_style_of(texts: Iterable[str]) -> NumberStyle:
    """Return how the numbers in these rows of text are printed."""
    votes = _Votes()
    for text in texts:
        _count(plain_amounts(text), votes)
    currency = votes.currencies.most_common(1)[0][0] if votes.currencies else None
    return NumberStyle(
        decimal=_decimal_of(votes.marks) or (decimal_mark(currency) if currency else ""),
        currency=currency,
        digits=_digits_of(votes, currency),
        is_whole=not votes.decimals and votes.whole > 0,
    )


def _decimal_of(marks: Counter[str]) -> str:
    ordered = marks.most_common(2)
    tied = len(ordered) == 2 and ordered[0][1] == ordered[1][1]
    return ordered[0][0] if ordered and not tied else ""


def _digits_of(votes: _Votes, currency: str | None) -> int:
    digits = minor_digits(currency) if currency else 3
    three = votes.decimals[3] + (votes.either if currency else 0)
    return 2 if digits == 3 and three <= votes.decimals[2] and (votes.decimals[2] or not currency) else digits


def _count(text: str, votes: _Votes) -> None:
    marks = [mark_in_plain(text)]
    numbers = list(NUMBER.finditer(text))
    places = [hit.span() for hit in _MARKED.finditer(text)] if numbers else []
    for hit in numbers:
        beside = [span for span in places if min(abs(span[0] - hit.end()), abs(hit.start() - span[1])) < _BESIDE]
        plain_number = hit["digits"].isdecimal()
        marks += [span for span in beside if not (plain_number and text[slice(*span)] in LETTER_MARKS)]
        if not _count_number(hit["digits"], votes):
            votes.whole += bool(beside)
    votes.currencies.update(code for span in marks if span and (code := currency_of(text[slice(*span)])))


def _count_number(digits: str, votes: _Votes) -> bool:
    """Count what one number shows, return whether it has decimals; three digits after its only mark show nothing."""
    compact = re.sub(r"[\s']", "", digits)
    marks = [character for character in compact if character in ".,"]
    if not marks:
        return False
    last = marks[-1]
    head, _, tail = compact.rpartition(last)
    if marks.count(last) > 1:
        votes.marks[_OTHER[last]] += _CERTAIN
        return False
    certain = len(marks) > 1 or len(compact) < len(digits) or len(head) > 3
    if not certain and len(tail) == 3:
        votes.either += 1
        return False
    votes.marks[last] += _CERTAIN if certain else _LIKELY
    votes.decimals[len(tail)] += 1
    return True
