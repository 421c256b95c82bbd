"""Number formats of dates (ECMA-376 part 1, 18.8.30), rewritten where their print may be misread.

A cell holds a definite day. Its format may print it in an order that depends on the reader's country, as 03/04/2026;
such a print is replaced by the international one. Formats that cannot be misread are kept: the year in four digits
first, the month in letters, or day and month with dots between. Years of an era or of another calendar are replaced.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

ISO_DATE = "yyyy-mm-dd"
_ISO_TIME = "hh:mm:ss"
BUILT_IN_DATE_FORMATS = {14: ISO_DATE, 22: f"{ISO_DATE} hh:mm"} | dict.fromkeys(
    (*range(27, 37), *range(50, 59)), f"[<1]{_ISO_TIME};{ISO_DATE}"
)
"""Formats by number that a file does not spell out, and whose print depends on the country (18.8.30)."""

_TOKEN = re.compile(
    r"""
    (?P<literal> "[^"]*" | \\. | _. | \*. )
  | (?P<bracket> \[[^\]]*\] )
  | (?P<halves> am/pm | a/p )
  | (?P<letters> y+ | m+ | d+ | h+ | s+ | e+ | g+ | b+ )
  | (?P<section> ; )
  | (?P<other> . )
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_SYSTEM_DATE = re.compile(r"\[\$-(?:F800|x-sysdate)[^\]]*\]", re.IGNORECASE)
_SYSTEM_TIME = re.compile(r"\[\$-(?:F400|x-systime)[^\]]*\]", re.IGNORECASE)
_LOCALE = re.compile(r"\[\$-[^\]]*\]")
_LOCALE_NUMBER = re.compile(r"\[\$[^\]-]{0,1000}-([0-9a-f]++)[^\]]{0,1000}\]", re.IGNORECASE)
_GREGORIAN = (0, 1)  # calendars, in the third byte of a locale's number
_DAY_SUFFIX = re.compile(r'^(?:"[日일]"|\\?[日일])')
_YEARS = "yeb"
_ERA_YEARS = "eb"
_FULL_YEAR = 3  # letters from which a year is printed in four digits
_CODE_TO = 1_000  # characters: spreadsheet programs allow 255
_NUMERIC = 2  # letters up to which a day or a month is printed as a number


@dataclass(frozen=True, slots=True)
class _DatePart:
    """Day, month or year of a format, and its position in the section; `letters` are its letters."""

    letters: str
    start: int
    end: int

    @property
    def kind(self) -> str:
        return "y" if self.letters[0] in _YEARS else self.letters[0]


def definite_date_format(code: str) -> str:
    """Return a number format that prints dates unmistakably; the same format if it already does."""
    if len(code) > _CODE_TO:
        return code
    return ";".join(_definite_section(section) for section in _sections(code))


def _sections(code: str) -> list[str]:
    ends = [found.start() for found in _TOKEN.finditer(code) if found["section"]]
    starts = [0, *(end + 1 for end in ends)]
    return [code[start:end] for start, end in zip(starts, [*ends, len(code)], strict=True)]


def _definite_section(section: str) -> str:
    if _SYSTEM_DATE.search(section):
        return ISO_DATE
    if _SYSTEM_TIME.search(section):
        return _ISO_TIME
    parts = list(_date_parts(section))
    if not _is_ambiguous(parts, section):
        return section
    start = _era_start(section, parts[0].start)
    rest = _DAY_SUFFIX.sub("", section[parts[-1].end :])
    return _LOCALE.sub("", section[:start] + ISO_DATE + rest)


def _era_start(section: str, start: int) -> int:
    """Return the start of a date, including the name of an era before it."""
    return next(
        (found.start() for found in _TOKEN.finditer(section) if (found["letters"] or "")[:1] in {"g", "G"}), start
    )


def _date_parts(section: str) -> Iterator[_DatePart]:
    """Yield the numbers of a date: weekdays are left out, and minutes, which have the letter of months."""
    found = [token for token in _TOKEN.finditer(section) if token["letters"] or _is_elapsed_time(token["bracket"])]
    letters = ["", *((token["letters"] or token["bracket"][1:-1]).lower() for token in found), ""]
    for token, (before, own), after in zip(found, pairwise(letters), letters[2:], strict=False):
        is_minute = own[0] == "m" and (before[:1] == "h" or after[:1] == "s")
        is_weekday = own[0] == "d" and len(own) > _NUMERIC
        if token["letters"] and own[0] in "md" + _YEARS and not is_minute and not is_weekday:
            yield _DatePart(own, token.start(), token.end())


def _is_elapsed_time(bracket: str | None) -> bool:
    return bool(bracket) and set((bracket or "")[1:-1].lower()) in ({"h"}, {"m"}, {"s"})


def _is_ambiguous(parts: Sequence[_DatePart], section: str) -> bool:
    """Return whether a section prints a whole date in another calendar, or in numbers whose order is not evident."""
    kinds = [part.kind for part in parts]
    if sorted(kinds) != ["d", "m", "y"]:
        return False
    year, month = parts[kinds.index("y")], parts[kinds.index("m")]
    if year.letters[0] in _ERA_YEARS or _has_other_calendar(section):
        return True
    if len(month.letters) > _NUMERIC:
        return False
    if kinds == ["y", "m", "d"]:
        return len(year.letters) < _FULL_YEAR
    return kinds != ["d", "m", "y"] or "." not in section[parts[0].end : month.start]


def _has_other_calendar(section: str) -> bool:
    numbers = (int(found[1], 16) for found in _LOCALE_NUMBER.finditer(section))
    return any(number >> 16 & 0xFF not in _GREGORIAN for number in numbers)
