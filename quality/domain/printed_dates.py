"""All dates printed on the pages: valid ones, impossible ones, and whether one settles the day-month order."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import permutations

from ingestion.domain.layout.text_rows import DocumentRows, RowSpan, TextRow, bbox_of
from ingestion.domain.normalize import DateOrder, is_date_order_settled
from ingestion.domain.normalize.months import months_of
from quality.domain.facts import Misprint, PrintedDates

_ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy")
_WORD = r"[^\W\d_]{3,20}"
_YEAR = r"((?:19|20)\d{2})"
_NUMERIC = re.compile(rf"(?<![\d./-])(\d{{1,2}})([./-])(\d{{1,2}})\2{_YEAR}(?![\d./-]|,\d)")
_ISO = re.compile(rf"(?<![\d./-]){_YEAR}-(\d{{2}})-(\d{{2}})(?![\d./-])")
_NAMED = re.compile(rf"(?<![\d./-])(\d{{1,2}})\.? ?({_WORD})\.? ?{_YEAR}(?!\d)")
_AMERICAN = re.compile(rf"(?<![a-z])({_WORD})\.? (\d{{1,2}}),? {_YEAR}(?!\d)")


def find_printed_dates(doc: DocumentRows) -> PrintedDates:
    """Read every row; a date that is invalid in any order of day and month is impossible."""
    days: set[str] = set()
    impossible: list[Misprint] = []
    for row in doc.rows:
        if sum(map(str.isdigit, row.text)) < 3:
            continue
        for match in row.dates:
            readings = [reading for order in _ORDERS if (reading := match.read(order))]
            days |= {reading.iso for reading in readings}
        impossible.extend(_impossible(row))
    settled = is_date_order_settled((row.text, row.dates) for row in doc.rows)
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
        yield from ((match, (int(match[1]), month, int(match[3]))) for month in months_of(match[2])[:1])
    for match in _AMERICAN.finditer(text):
        yield from ((match, (int(match[2]), month, int(match[3]))) for month in months_of(match[1])[:1])


def _exists(day: int, month: int, year: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
