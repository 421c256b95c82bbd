"""Printed dates: found in running text and read in the document's order of day and month; ambiguity is reported."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ingestion.domain.normalize.letters import fold
from ingestion.domain.normalize.months import MONTH_PATTERN, MONTHS
from ingestion.domain.schemas.kinds import DateOrder

CENTURY_PIVOT = 50  # two-digit years below it belong to this century: documents are recent, births are moved back

_TIME = r"(?=\s?\d{1,2}[:.]\d{2})"
_AFTER_YEAR4 = rf"(?:(?!\d)|{_TIME})"
_AFTER_YEAR2 = r"(?:(?![\d])(?![./-]\d)|(?=\d{1,2}:\d{2}))"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ymd", re.compile(r"(?<![\d])((?:19|20)\d{2})\s?([-./])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?:(?!\d)|(?=\d{2}:))")),
    (
        "num4",
        re.compile(
            rf"(?<![\d])(?<!\d[./-])(\d{{1,2}})\s?([-./,])\s?(\d{{1,2}})"
            rf"\s?[-./,]\s?((?:19|20)\d{{2}}){_AFTER_YEAR4}"
        ),
    ),
    ("num2", re.compile(rf"(?<![\d])(?<!\d[./,-])(\d{{1,2}})([-./])(\d{{1,2}})\2(\d{{2}}){_AFTER_YEAR2}")),
    (
        "dmon",
        re.compile(
            rf"(?<![\d])(\d{{1,2}})(?:st|nd|rd|th|er|ter)?[\s.,/'-]{{0,3}}(?:of |de )?({MONTH_PATTERN})"
            rf"(?:\s?/\s?(?:{MONTH_PATTERN}))?[\s.,/'-]{{0,3}}((?:19|20)\d{{2}}|\d{{2}})(?:(?!\d)|{_TIME})"
        ),
    ),
    (
        "mond",
        re.compile(
            rf"(?<![a-z])({MONTH_PATTERN})[\s.,/-]{{0,2}}(\d{{1,2}})(?:st|nd|rd"
            rf"|th)?[\s,./-]{{1,3}}((?:19|20)\d{{2}}|\d{{2}})"
            rf"(?:(?![\d])|{_TIME})"
        ),
    ),
    ("compact", re.compile(r"(?<![\d.,/-])(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?![\d./-])")),
    ("spaced", re.compile(r"(?<![\d])(\d{2}) (\d{2}) ((?:19|20)\d{2})(?!\d)")),
)


@dataclass(frozen=True, slots=True)
class DateReading:
    """Date as read: `iso` is ISO 8601; `other_iso` is the date in the other order if both are possible."""

    iso: str
    ambiguous: bool = False
    other_iso: str | None = None


@dataclass(frozen=True, slots=True)
class DateMatch:
    """Date in a text, `text[start:stop]`; `form` names its pattern, `numbers` its three parts as printed."""

    start: int
    stop: int
    form: str
    numbers: tuple[int, int, int]
    short_year: bool = False
    dotted: bool = False

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
        found = [day for day in (self._as_date(each, latest) for each in self._orders(order)) if day]
        if not found:
            return None
        others = [day for day in found[1:] if day != found[0] and not self.dotted]  # points: day first everywhere
        return DateReading(found[0].isoformat(), bool(others), others[0].isoformat() if others else None)

    def _orders(self, order: DateOrder) -> tuple[DateOrder, ...]:
        if self.form in ("ymd", "compact"):
            return ("ymd",)
        if self.form in ("dmon", "spaced"):
            return ("dmy",)
        if self.form == "mond":
            return ("mdy",)
        if self.dotted:
            return ("dmy", "mdy")
        if self.short_year and order == "ymd":
            return ("ymd", "dmy", "mdy")
        return ("mdy", "dmy") if order == "mdy" else ("dmy", "mdy")

    def _as_date(self, order: DateOrder, latest: date | None) -> date | None:
        where = {part: order.index(part) for part in "ymd"}
        year, month, day = (self.numbers[where[part]] for part in "ymd")
        if self.short_year:
            year += 2000 if year < CENTURY_PIVOT else 1900
        try:
            read = date(year, month, day)
            if self.short_year and latest and read > latest:
                read = date(year - 100, month, day)
        except ValueError:
            return None
        return read


def _number(text: str) -> int:
    return int(text) if text.isdigit() else MONTHS[text]


def _match(form: str, hit: re.Match[str]) -> DateMatch:
    parts = [part for part in hit.groups() if part and part.isalnum()]
    year = parts[0] if form in ("ymd", "compact") else parts[-1]
    numbers = (_number(parts[0]), _number(parts[1]), _number(parts[2]))
    return DateMatch(
        hit.start(),
        hit.end(),
        form,
        numbers,
        short_year=len(year) == 2,
        dotted=form in ("num4", "num2") and "." in hit[0],
    )


def find_dates(text: str) -> Iterator[DateMatch]:
    """Yield the dates of `text`, left to right, without overlaps.

    A date that does not exist in the calendar is yielded only if its form clearly shows that a date was meant
    ("31.04.2028", "31-Feb-2023"): its `read` returns None.
    """
    folded = fold(text)
    if sum(character.isdigit() for character in folded) < 3:
        return
    hits = [_match(form, hit) for form, pattern in _PATTERNS for hit in pattern.finditer(folded)]
    taken: list[DateMatch] = []
    for match in hits:
        free = all(match.stop <= other.start or match.start >= other.stop for other in taken)
        if free and (match.read() is not None or match.is_plausible):
            taken.append(match)
    yield from sorted(taken, key=lambda match: match.start)


def read_date(text: str, order: DateOrder = "dmy", latest: date | None = None) -> DateReading | None:
    """Read the first date of `text`; None if there is none."""
    return next((reading for match in find_dates(text) if (reading := match.read(order, latest))), None)


_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA"
    "|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY"
)
_AMERICAN = re.compile(rf"(?<=[a-z], )(?:{_STATES}) \d{{5}}(?:-\d{{4}})?\b|\bUSD\b|US\$|\bNPI\b|\bZIP\b")


def detect_date_order(texts: Iterable[str]) -> DateOrder:
    """Return a document's order, from its unambiguous dates, else from American notation, else day first."""
    votes = {"dmy": 0, "mdy": 0}
    american = 0
    for text in texts:
        american += len(_AMERICAN.findall(text))
        for match in find_dates(text):
            first, second, _ = match.numbers
            if match.form in ("num4", "num2") and (first > 12) != (second > 12):
                votes["dmy" if first > 12 else "mdy"] += 1
    if votes["dmy"] != votes["mdy"]:
        return "dmy" if votes["dmy"] > votes["mdy"] else "mdy"
    return "mdy" if american else "dmy"
