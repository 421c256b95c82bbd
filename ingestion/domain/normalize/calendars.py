"""Days of other calendars as Gregorian days: Buddhist, Minguo, Japanese eras, Persian, Ethiopian, Islamic.

Sources: Reingold and Dershowitz, Calendrical Calculations, for the rules of leap years. The Islamic calendar is that of
Umm al-Qura, which Saudi Arabia prints; in other countries a month may begin a day earlier or later.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from ingestion.domain.normalize.new_moons import first_day_of_islamic_month

GREGORIAN, UNKNOWN = "gregorian", "unknown"
ISLAMIC = "islamic"
_BUDDHIST_OFFSET, _MINGUO_OFFSET = 543, 1911
_PERSIAN_LEAPS, _PERSIAN_CYCLE = (1, 5, 9, 13, 17, 22, 26, 30), 33  # years of the cycle, for the years 1244 to 1472
_ERAS: Mapping[str, tuple[date, date]] = MappingProxyType(
    {
        "meiji": (date(1868, 10, 23), date(1912, 7, 29)),
        "taisho": (date(1912, 7, 30), date(1926, 12, 24)),
        "showa": (date(1926, 12, 25), date(1989, 1, 7)),
        "heisei": (date(1989, 1, 8), date(2019, 4, 30)),
        "reiwa": (date(2019, 5, 1), date(2100, 1, 1)),
    }
)


def _of_buddhist(year: int, month: int, day: int) -> date:
    return date(year - _BUDDHIST_OFFSET, month, day)


def _of_minguo(year: int, month: int, day: int) -> date:
    return date(year + _MINGUO_OFFSET, month, day)


def _of_era(era: str) -> Callable[[int, int, int], date]:
    first, last = _ERAS[era]

    def convert(year: int, month: int, day: int) -> date:
        found = date(first.year + year - 1, month, day)
        if not first <= found <= last:
            raise ValueError(f"{found} is not in the era {era}")
        return found

    return convert


def _day_number(day: int, length: int) -> int:
    if not 1 <= day <= length:
        raise ValueError(f"the month has {length} days")
    return day - 1


def _of_persian(year: int, month: int, day: int) -> date:
    """Convert a date of the Persian calendar: six months of 31 days, five of 30, and one of 29 or 30."""
    if not (1244 <= year <= 1472 and 1 <= month <= 12):
        raise ValueError("outside the years of the rule")
    leap = year % _PERSIAN_CYCLE in _PERSIAN_LEAPS
    length = 31 if month <= 6 else 30 if month < 12 or leap else 29
    before = 31 * min(month - 1, 6) + 30 * max(month - 7, 0)
    years = _persian_days(year) - _persian_days(1404)
    return date(2025, 3, 21) + timedelta(days=years + before + _day_number(day, length))


def _persian_days(year: int) -> int:
    cycles, rest = divmod(year, _PERSIAN_CYCLE)
    return 365 * year + cycles * len(_PERSIAN_LEAPS) + sum(leap < rest for leap in _PERSIAN_LEAPS)


def _of_ethiopian(year: int, month: int, day: int) -> date:
    """Convert a date of the Ethiopian calendar: twelve months of 30 days, and one of 5 or 6."""
    if not (1800 <= year <= 2100 and 1 <= month <= 13):
        raise ValueError("outside the years of the rule")
    length = 30 if month < 13 else 6 if year % 4 == 3 else 5
    years = 365 * (year - 2018) + year // 4 - 2018 // 4
    return date(2025, 9, 11) + timedelta(days=years + 30 * (month - 1) + _day_number(day, length))


def _of_islamic(year: int, month: int, day: int) -> date:
    if not (1300 <= year <= 1500 and 1 <= month <= 12):
        raise ValueError("outside the years of the rule")
    first = first_day_of_islamic_month(year, month)
    following = first_day_of_islamic_month(year + month // 12, month % 12 + 1)
    return first + timedelta(days=_day_number(day, (following - first).days))


_CONVERTERS: Mapping[str, Callable[[int, int, int], date]] = MappingProxyType(
    {
        GREGORIAN: date,
        "buddhist": _of_buddhist,
        "minguo": _of_minguo,
        "persian": _of_persian,
        "ethiopian": _of_ethiopian,
        ISLAMIC: _of_islamic,
        **{era: _of_era(era) for era in _ERAS},
    }
)


def to_gregorian(calendar: str, year: int, month: int, day: int) -> date:
    """Return a day of another calendar; raises ValueError if it does not exist or the calendar is not known."""
    convert = _CONVERTERS.get(calendar)
    if convert is None:
        raise ValueError(f"no rule for {calendar}")
    return convert(year, month, day)
