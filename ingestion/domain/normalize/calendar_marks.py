"""Signs of a date's calendar: the mark beside it, the script of its digits, the name of its month, its year."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ingestion.domain.normalize.calendars import GREGORIAN, ISLAMIC, UNKNOWN
from ingestion.domain.normalize.letters import fold

_BESIDE = 14  # characters after a date that may name its calendar
_PERSIAN, _ETHIOPIAN, _BUDDHIST = "persian", "ethiopian", "buddhist"
_MARKS_AFTER = tuple(  # folded, directly after the date
    (calendar, re.compile(rf"\s?[\[(]?(?:{mark})(?!\w)[\])]?"))
    for calendar, mark in (
        (_PERSIAN, r"s\.?\s?h\.?|a\.?\s?p\.?|h\.?\s?s\.?|jalali|shamsi|(?:\u0647\W{0,3})?ش\.?"),
        (ISLAMIC, r"a\.?\s?h\.?|h\.?|hijri|\u0647\u0640?\.?"),
        (_ETHIOPIAN, r"e\.\s?c\.?|ዓ\.?\s?ም\.?"),
        (UNKNOWN, r"b\.?\s?s\.?|v\.?\s?s\.?|bikram sambat"),
    )
)
_MARKS_BEFORE = tuple(
    (calendar, re.compile(rf"(?:{mark})(?: date)?\W{{1,3}}$"))
    for calendar, mark in (
        (_PERSIAN, r"jalali|shamsi|solar hijri"),
        (ISLAMIC, r"hijri|hijra|umm al-qura"),
        (_ETHIOPIAN, r"ethiopian"),
        (UNKNOWN, r"bikram sambat|miti|वि\.?\s?सं\.?"),
    )
)
_BUDDHIST_MARK = re.compile(r"\s?[\[(]?b\.?\s?e\.?(?!\w)|.*(?:พ\.?\s?ศ|\bb\.e\.)")
_THAI = re.compile(r"[\u0e00-\u0e7f]")
_PERSIAN_DIGITS, _ARABIC_DIGITS = re.compile(r"[\u06f0-\u06f9]"), re.compile(r"[\u0660-\u0669]")
_LUNAR = (
    "muharram muharam محرم|safar صفر|rabi i,rabi al-awwal,rabi al awwal,ربيع الأول,ربيع الاول"
    "|rabi ii,rabi al-thani,rabi al thani,rabi al-akhir,ربيع الثاني,ربيع الآخر"
    "|jumada i,jumada al-ula,jumada al-awwal,جمادى الأولى|jumada ii,jumada al-akhirah,jumada al-thani,جمادى الآخرة"
    "|rajab رجب|shaban shaaban شعبان|ramadan ramadhan رمضان|shawwal شوال"
    "|dhu al-qadah,dhu al-qidah,dhul qadah,dhul-qadah,ذو القعدة|dhu al-hijjah,dhul hijjah,dhul-hijjah,ذو الحجة"
)
_SOLAR = (
    "farvardin فروردین|ordibehesht اردیبهشت|khordad خرداد|tir تیر|mordad مرداد|shahrivar شهریور|mehr مهر|aban آبان"
    "|azar آذر|dey دی|bahman بهمن|esfand اسفند"
)


def _numbered(listed: str, calendar: str) -> Mapping[str, tuple[str, int]]:
    months = enumerate(listed.split("|"), start=1)
    return {
        fold(name.replace("-", " ")): (calendar, number)
        for number, names in months
        for name in (names.split(",") if "," in names else names.split())
    }


_OTHER_MONTHS = MappingProxyType({**_numbered(_LUNAR, ISLAMIC), **_numbered(_SOLAR, _PERSIAN)})


def other_month(word: str) -> tuple[str, int] | None:
    """Return the calendar and number of an Islamic or Persian month; None for any other word."""
    return _OTHER_MONTHS.get(fold(word).replace("-", " ").replace("'", "").strip(" ."))


@dataclass(frozen=True, slots=True)
class CalendarSign:
    """Calendar of a date, and the part of its text that shows it: `text[start:stop]`."""

    calendar: str
    start: int
    stop: int


def calendar_of(text: str, start: int, stop: int, year: str) -> CalendarSign | None:
    """Return the calendar of the date `text[start:stop]`, or None if the year belongs to none without a sign.

    `text` is the row as printed, `year` its digits. A sign of a calendar without a rule results in UNKNOWN.
    """
    number = int(year)
    if number >= 2400:
        return CalendarSign(_BUDDHIST, start, stop)
    marked = _marked(text, start, stop)
    if 1300 <= number < 1500:
        return marked if marked and marked.calendar in (_PERSIAN, ISLAMIC) else _by_digits(text, start, stop)
    fits = marked and (marked.calendar == _ETHIOPIAN or (marked.calendar == UNKNOWN and 2040 <= number < 2100))
    return marked if fits else CalendarSign(GREGORIAN, start, stop)


def _marked(text: str, start: int, stop: int) -> CalendarSign | None:
    after, before = fold(text[stop : stop + _BESIDE]), fold(text[max(0, start - 2 * _BESIDE) : start])
    for calendar, mark in _MARKS_AFTER:
        hit = mark.match(after)
        if hit:
            return CalendarSign(calendar, start, stop + hit.end())
    for calendar, mark in _MARKS_BEFORE:
        hit = mark.search(before)
        if hit:
            return CalendarSign(calendar, start - (len(before) - hit.start()), stop)
    return None


def _by_digits(text: str, start: int, stop: int) -> CalendarSign | None:
    if _PERSIAN_DIGITS.search(text[start:stop]):
        return CalendarSign(_PERSIAN, start, stop)
    return CalendarSign(ISLAMIC, start, stop) if _ARABIC_DIGITS.search(text[start:stop]) else None


def is_short_buddhist(text: str, start: int, stop: int) -> bool:
    """Return whether a year of two digits is one of the Buddhist era: after พ.ศ. or B.E., or a Thai month."""
    return bool(_BUDDHIST_MARK.match(fold(text[stop : stop + _BESIDE])) or _THAI.search(text[start:stop]))
