"""Signs of a date's calendar: the mark beside it, the script of its digits, the name of its month, its year."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from ingestion.domain.normalize.calendars import GREGORIAN, ISLAMIC, UNKNOWN
from ingestion.domain.normalize.letters import fold

_BESIDE = 14  # characters after a date that may name its calendar
_PERSIAN_MARK = re.compile(
    r"^\s?[\[(]?(?:s\.?\s?h|a\.?\s?p|h\.?\s?s)\.?(?!\w)|^\s?(?:\u0647\W{0,3})?ش|jalali|shamsi|solar hijri"
)
_ISLAMIC_MARK = re.compile(r"^\s?[\[(]?(?:a\.?\s?h|h)\.?(?!\w)|^\s?\u0647|hijri|hijra|ummalqura|umm al-qura")
_ETHIOPIAN_MARK = re.compile(r"^\s?[\[(]?e\.\s?c\.?(?!\w)|ዓ|ethiopian calendar")
_BUDDHIST_MARK = re.compile(r"^\s?[\[(]?b\.?\s?e\.?(?!\w)|พ\.?\s?ศ|\bb\.e\.")
_NEPALI_MARK = re.compile(r"^\s?[\[(]?(?:b\.?\s?s\.?|v\.?\s?s\.?)(?!\w)|bikram|vikram|वि\.?\s?सं|\bmiti\b")
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


_OTHER_MONTHS = MappingProxyType({**_numbered(_LUNAR, ISLAMIC), **_numbered(_SOLAR, "persian")})


def other_month(word: str) -> tuple[str, int] | None:
    """Return the calendar and number of an Islamic or Persian month; None for any other word."""
    return _OTHER_MONTHS.get(fold(word).replace("-", " ").replace("'", "").strip(" ."))


def calendar_of(text: str, start: int, stop: int, year: str) -> str | None:
    """Return the calendar of the date `text[start:stop]`, or None if the year belongs to none without a sign.

    `text` is the row as printed, `year` its digits. A sign of a calendar without a rule results in UNKNOWN.
    """
    after, row = fold(text[stop : stop + _BESIDE]), fold(text)
    number = int(year)
    if 1300 <= number < 1500:
        return _lunar_or_solar(text[start:stop], after, row)
    if number >= 2400:
        return "buddhist"
    if _ETHIOPIAN_MARK.search(after):
        return "ethiopian"
    if 2040 <= number < 2100 and (_NEPALI_MARK.search(after) or _NEPALI_MARK.search(row[:start])):
        return UNKNOWN
    return GREGORIAN


def _lunar_or_solar(date: str, after: str, row: str) -> str | None:
    if _PERSIAN_MARK.search(after) or "shamsi" in row or "jalali" in row:
        return "persian"
    if _ISLAMIC_MARK.search(after) or "hijri" in row:
        return ISLAMIC
    if _PERSIAN_DIGITS.search(date):
        return "persian"
    return ISLAMIC if _ARABIC_DIGITS.search(date) else None


def is_short_buddhist(text: str, start: int, stop: int) -> bool:
    """Return whether a year of two digits is one of the Buddhist era: after พ.ศ. or B.E., or a Thai month."""
    beside = fold(text[start : stop + _BESIDE])
    return bool(_BUDDHIST_MARK.search(beside) or _THAI.search(text[start:stop]))
