"""All dates printed on the pages: valid ones, impossible ones, and whether one settles the day-month order."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import permutations

from ingestion.domain.layout.text_rows import DocumentRows, RowSpan, TextRow, bbox_of
from ingestion.domain.normalize import DateOrder, find_dates
from ingestion.domain.normalize.months import MONTH_PATTERN, MONTHS
from quality.domain.facts import Misprint, PrintedDates

_ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy")
_YEAR = r"((?:19|20)\d{2})"
_NUMERIC = re.compile(rf"(?<![\d./-])(\d{{1,2}})([./-])(\d{{1,2}})\2{_YEAR}(?![\d./-]|,\d)")
_ISO = re.compile(rf"(?<![\d./-]){_YEAR}-(\d{{2}})-(\d{{2}})(?![\d./-])")
_NAMED = re.compile(rf"(?<![\d./-])(\d{{1,2}})\.? ?({MONTH_PATTERN})\.? ?{_YEAR}(?!\d)")
_AMERICAN = re.compile(rf"(?<![a-z])({MONTH_PATTERN})\.? (\d{{1,2}}),? {_YEAR}(?!\d)")


def find_printed_dates(doc: DocumentRows) -> PrintedDates:
    """Read every row; a date that is invalid in any order of day and month is impossible."""
    days: set[str] = set()
    settled = False
    impossible: list[Misprint] = []
    for row in doc.rows:
        if sum(character.isdigit() for character in row.text) < 3:
            continue
        for match in find_dates(row.text):
            readings = [reading for order in _ORDERS if (reading := match.read(order))]
            days |= {reading.iso for reading in readings}
            first, second, _ = match.numbers
            settled |= match.form in ("num4", "num2") and (first > 12) != (second > 12)
        impossible.extend(_impossible(row))
    return PrintedDates(frozenset(days), tuple(impossible), settled)


def _impossible(row: TextRow) -> Iterator[Misprint]:
    for match, parts in _dated(row.folded):
        likely = any(day <= 31 and month <= 12 for day, month in permutations(parts[:2]))
        if likely and not any(_exists(day, month, parts[2]) for day, month in permutations(parts[:2])):
            span = RowSpan(row, match.start(), match.end())
            box = bbox_of([span])
            if box is not None:
                yield Misprint(row.page, box, row.text[match.start() : match.end()])


def _dated(text: str) -> Iterator[tuple[re.Match[str], tuple[int, int, int]]]:
    """Yield text in date format, with its day, month (or the reverse) and year."""
    for match in _NUMERIC.finditer(text):
        yield match, (int(match[1]), int(match[3]), int(match[4]))
    for match in _ISO.finditer(text):
        yield match, (int(match[3]), int(match[2]), int(match[1]))
    for match in _NAMED.finditer(text):
        yield match, (int(match[1]), MONTHS[match[2]], int(match[3]))
    for match in _AMERICAN.finditer(text):
        yield match, (int(match[2]), MONTHS[match[1]], int(match[3]))


def _exists(day: int, month: int, year: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
