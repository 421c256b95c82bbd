"""Printed dates: found in running text and read in the document's order of day and month; ambiguity is reported."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ingestion.domain.normalize.calendar_marks import CalendarSign, calendar_of, is_short_buddhist, other_month
from ingestion.domain.normalize.calendars import GREGORIAN, to_gregorian
from ingestion.domain.normalize.date_patterns import (
    CJK_DATE,
    COMPACT_PATTERNS,
    EAST_ASIAN,
    ERA_DATE,
    KANJI_ERAS,
    LETTER_ERAS,
    MINGUO_DATE,
    NAMED_FORMS,
    NUMERIC_FORMS,
    PATTERNS,
    TWO_NUMBER_PATTERNS,
    TWO_NUMBERS_NOT_MONTH_FIRST,
    YEAR_FIRST_FORMS,
    DateForm,
)
from ingestion.domain.normalize.letters import fold
from ingestion.domain.normalize.months import months_of
from ingestion.domain.normalize.plain import plain
from ingestion.domain.schemas.kinds import DateOrder

CENTURY_PIVOT = 50  # two-digit years below it belong to this century: documents are recent, births are moved back
_BUDDHIST_CENTURY = 2500
_DIGITS = re.compile(r"\d+")
_DAY_AND_YEAR = re.compile(r"(?<!\d)\d{1,2}(?:st|nd|rd|th)?[\s,./-]{1,3}\d{2}")
_FIRST_YEAR = "元"  # of a Japanese era
_FOREIGN_YEAR = re.compile(r"1[34]\d\d")


@dataclass(frozen=True, slots=True)
class DateReading:
    """Date as read: `iso` is ISO 8601; `other_iso` is the date in the other order if both are possible."""

    iso: str
    ambiguous: bool = False
    other_iso: str | None = None


@dataclass(frozen=True, slots=True)
class DateMatch:
    """Date in a text, `text[start:stop]`; `form` names its pattern, `numbers` its three parts as printed.

    `calendar` is the one that the year belongs to. `other_months` are those that the month's name means elsewhere.
    """

    start: int
    stop: int
    form: str
    numbers: tuple[int, int, int]
    short_year: bool = False
    dotted: bool = False
    calendar: str = GREGORIAN
    other_months: tuple[int, ...] = ()

    @property
    def is_plausible(self) -> bool:
        """Return whether only a date is printed like this: a whole year, and a day and month near their range."""
        order = self._orders("dmy")[0]
        year, month, day = (self.numbers[order.index(part)] for part in "ymd")
        whole = not self.short_year or self.dotted
        return whole and self.form != "compact" and year > 0 and 0 < month <= 12 and 0 < day <= 31

    def read(self, order: DateOrder = "dmy", latest: date | None = None) -> DateReading | None:
        """Read the three parts; None if no order yields an existing day.

        `order` decides between day and month if both are possible. `latest` moves a two-digit year back
        by a century if the date would be after it (a birth is never in the future).
        """
        found = list(self._days(order, latest))
        if not found:
            return None
        others = [day for day in found[1:] if day != found[0] and not self.dotted]  # points: day first everywhere
        return DateReading(found[0].isoformat(), bool(others), others[0].isoformat() if others else None)

    def _orders(self, order: DateOrder) -> tuple[DateOrder, ...]:
        if self.form in YEAR_FIRST_FORMS:
            return ("ymd",)
        if self.form == "mond":
            return ("mdy",)
        if self.form not in NUMERIC_FORMS or self.calendar != GREGORIAN:
            return ("dmy",)
        if self.dotted:
            return ("dmy", "mdy")
        if self.short_year and order == "ymd":
            return ("ymd", "dmy", "mdy")
        return ("mdy", "dmy") if order == "mdy" else ("dmy", "mdy")

    def _days(self, order: DateOrder, latest: date | None) -> Iterator[date]:
        """Yield the existing days that the parts may mean, the likeliest first."""
        for each in self._orders(order):
            where = {part: each.index(part) for part in "ymd"}
            year, month, day = (self.numbers[where[part]] for part in "ymd")
            for number in (month, *self.other_months):
                found = self._as_date(year, number, day, latest)
                if found:
                    yield found

    def _as_date(self, year: int, month: int, day: int, latest: date | None) -> date | None:
        if self.short_year and self.calendar == GREGORIAN:
            year += 2000 if year < CENTURY_PIVOT else 1900
        try:
            found = to_gregorian(self.calendar, year, month, day)
            if self.short_year and latest and found > latest and self.calendar == GREGORIAN:
                found = date(year - 100, month, day)
        except (ValueError, OverflowError):
            return None
        return found


def _named_parts(form: str, parts: list[str]) -> tuple[tuple[int, int, int], str, tuple[int, ...]] | None:
    """Return the numbers of a date with a month's name, its calendar ("" if the name shows none) and other months."""
    at = {"mond": 0, "ydmon": 2}.get(form, 1)
    foreign = other_month(parts[at])
    months: tuple[int, ...]
    if foreign and any(_FOREIGN_YEAR.fullmatch(part) for part in parts):
        calendar, months = foreign[0], (foreign[1],)
    else:
        calendar, months = "", months_of(parts[at])
    if not months:
        return None
    first, second, third = (months[0] if index == at else int(part) for index, part in enumerate(parts))
    numbers = (second, third, first) if form == "ydmon" else (first, second, third)
    return numbers, calendar, months[1:]


def _matches(form: str, pattern: re.Pattern[str], folded: str, text: str) -> Iterator[DateMatch]:
    """Yield the dates of one form; a word that is no month is searched for another date."""
    hit = pattern.search(folded)
    while hit:
        found = _match(form, hit, text)
        if found:
            yield found
        hit = pattern.search(folded, hit.end() if found else hit.start() + 1)


def _match(form: str, hit: re.Match[str], text: str) -> DateMatch | None:
    read = _named_parts(form, list(hit.groups())) if form in NAMED_FORMS else (_numbers(hit), "", ())
    if read is None:
        return None
    numbers, named, others = read
    year = hit[1] if form in (*YEAR_FIRST_FORMS, "ydmon") else hit[hit.lastindex or 0]
    sign = CalendarSign(named, *hit.span()) if named else _sign(text, hit, year)
    if sign is None or (sign.calendar == "buddhist" and form == "num4" and hit[0].count(hit[2]) != 2):
        return None
    if len(year) == 2 and sign.calendar != GREGORIAN:
        numbers = (*numbers[:2], numbers[2] + _BUDDHIST_CENTURY)
    dotted = form in NUMERIC_FORMS and "." in hit[0]
    return DateMatch(sign.start, sign.stop, form, numbers, len(year) == 2, dotted, sign.calendar, others)


def _numbers(hit: re.Match[str]) -> tuple[int, int, int]:
    first, second, third = (int(part) for part in hit.groups() if part.isdecimal())
    return first, second, third


def _sign(text: str, hit: re.Match[str], year: str) -> CalendarSign | None:
    if len(year) > 2:
        return calendar_of(text, *hit.span(), year)
    return CalendarSign("buddhist" if is_short_buddhist(text, *hit.span()) else GREGORIAN, *hit.span())


def _east_asian(printed: str) -> Iterator[DateMatch]:
    """Yield dates with signs for year, month and day, or with an era."""
    is_east_asian = bool(EAST_ASIAN.search(printed))
    forms = (("era", ERA_DATE), ("minguo", MINGUO_DATE))
    for form, pattern in (("cjk", CJK_DATE), *forms) if is_east_asian else forms:
        for hit in pattern.finditer(printed):
            year = 1 if hit["year"] == _FIRST_YEAR else int(hit["year"])
            calendar = _era(form, hit, year, is_east_asian=is_east_asian)
            if calendar:
                numbers = (year, int(hit["month"]), int(hit["day"]))
                yield DateMatch(hit.start(), hit.end(), form, numbers, calendar=calendar)


def _era(form: str, hit: re.Match[str], year: int, *, is_east_asian: bool) -> str | None:
    mark = "" if form == "minguo" else hit["era"] or ""
    if mark in LETTER_ERAS:
        return LETTER_ERAS[mark] if is_east_asian or mark in "RH" else None
    if mark:
        return KANJI_ERAS[mark]
    if form == "minguo" and not (is_east_asian or hit["roc"]):
        return None
    return GREGORIAN if year >= 1900 else "minguo" if year >= 100 else None


def _forms_of(numbers: list[str], folded: str) -> tuple[DateForm, ...]:
    """Return the forms that a text with these numbers may contain: most rows have too few for most of them."""
    if len(numbers) >= 3:
        return PATTERNS
    if len(numbers) == 1:
        return COMPACT_PATTERNS
    return TWO_NUMBER_PATTERNS if _DAY_AND_YEAR.search(folded) else TWO_NUMBERS_NOT_MONTH_FIRST


def find_dates(text: str) -> Iterator[DateMatch]:
    """Yield the dates of `text`, left to right, without overlaps.

    A date that does not exist in the calendar is yielded only if its form clearly shows that a date was meant
    ("31.04.2028", "31-Feb-2023"): its `read` returns None.
    """
    printed = plain(text)
    numbers = _DIGITS.findall(printed)
    is_first_year = _FIRST_YEAR in printed
    if sum(map(len, numbers)) < 3 and not is_first_year:
        return
    folded = fold(printed)
    hits = [*_east_asian(printed)] if len(numbers) >= 3 or is_first_year else []
    for form, pattern in _forms_of(numbers, folded):
        hits += _matches(form, pattern, folded, text)
    taken: list[DateMatch] = []
    used = bytearray(len(text))
    for match in hits:
        free = not any(used[match.start : match.stop])
        if free and (match.read() is not None or match.is_plausible):
            taken.append(match)
            used[match.start : match.stop] = b"\x01" * (match.stop - match.start)
    yield from sorted(taken, key=lambda match: match.start)


def read_date(text: str, order: DateOrder = "dmy", latest: date | None = None) -> DateReading | None:
    """Read the first date of `text`; None if there is none."""
    return next((reading for match in find_dates(text) if (reading := match.read(order, latest))), None)
