"""First days of the months of Umm al-Qura, the Islamic calendar of Saudi Arabia, by its rule since 1423 (2002).

A month begins after the evening on which, at Mecca, the sun sets after the new moon and before the moon. The formulas
are those of Meeus, Astronomical Algorithms, chapters 22, 25, 47 and 49, shortened: new moons are right to a minute,
the moon's place to a fifth of a degree. In the few evenings that are closer than that, the result may be a day off.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from math import acos, asin, atan2, cos, degrees, radians, sin, tan

_J2000 = datetime(2000, 1, 1, 12)  # noqa: DTZ001 - universal time; the arithmetic needs no zone
_LATITUDE, _LONGITUDE = radians(21.4225), 39.8262  # Mecca, north and east
_LOCAL_HOURS = 3
_CLOCK_LAG = 69 / 86_400  # days by which universal time is behind the time of the formulas
_SUNSET, _MOONSET = radians(-0.833), radians(0.125)  # geocentric heights at which they disappear
_OBLIQUITY = radians(23.4393)
_RAMADAN_MOON = 323  # the new moon of 17 February 2026, counted from that of 6 January 2000
_RAMADAN = 12 * 1447 + 9  # the month that it began
_PHASE_TERMS = (  # days, multiples of the sun's anomaly, the moon's anomaly, the moon's argument of latitude
    (-0.4072, 0, 1, 0),
    (0.17241, 1, 0, 0),
    (0.01608, 0, 2, 0),
    (0.01039, 0, 0, 2),
    (0.00739, -1, 1, 0),
    (-0.00514, 1, 1, 0),
    (0.00208, 2, 0, 0),
    (-0.00111, 0, 1, -2),
    (-0.00057, 0, 1, 2),
    (0.00056, 1, 2, 0),
    (-0.00042, 0, 3, 0),
    (0.00042, 1, 0, 2),
    (0.00038, 1, 0, -2),
    (-0.00024, -1, 2, 0),
)
_LONGITUDE_TERMS = (  # degrees, multiples of the elongation, the sun's anomaly, the moon's anomaly
    (6.289, 0, 0, 1),
    (1.274, 2, 0, -1),
    (0.658, 2, 0, 0),
    (0.214, 0, 0, 2),
    (-0.186, 0, 1, 0),
    (0.059, 2, 0, -2),
    (0.057, 2, -1, -1),
    (0.053, 2, 0, 1),
    (0.046, 2, -1, 0),
    (-0.041, 0, 1, -1),
    (-0.035, 1, 0, 0),
    (-0.03, 0, 1, 1),
)


@lru_cache(maxsize=512)
def first_day_of_islamic_month(year: int, month: int) -> date:
    """Return the first day of a month of the years around 1423 to 1500."""
    moon = _RAMADAN_MOON + 12 * year + month - _RAMADAN
    new_moon = _new_moon(moon)
    evening = (new_moon + timedelta(hours=_LOCAL_HOURS)).date()
    sunset = _sunset(evening)
    begins = new_moon < sunset and _moon_height(sunset) > _MOONSET
    return evening + timedelta(days=1 if begins else 2)


def _new_moon(number: int) -> datetime:
    """Return the time of a new moon, counted from the first of the year 2000."""
    century = number / 1236.85
    sun = 2.5534 + 29.1053567 * number
    moon = 201.5643 + 385.81693528 * number + 0.0107582 * century**2
    latitude = 160.7108 + 390.67050284 * number
    day = 5.09766 + 29.530588861 * number + 0.00015437 * century**2
    day += sum(size * _sine(a * sun + b * moon + c * latitude) for size, a, b, c in _PHASE_TERMS)
    return _J2000 + timedelta(days=day - _CLOCK_LAG)


def _sine(angle: float) -> float:
    return sin(radians(angle % 360))


def _days(at: datetime) -> float:
    return (at - _J2000) / timedelta(days=1)


def _sun(at: datetime) -> tuple[float, float]:
    """Return the sun's right ascension and declination in radians."""
    days = _days(at)
    anomaly = 357.5291 + 0.98560028 * days
    longitude = 280.4665 + 0.98564736 * days + 1.9146 * _sine(anomaly) + 0.02 * _sine(2 * anomaly)
    return _equatorial(longitude, 0.0)


def _moon(at: datetime) -> tuple[float, float]:
    """Return the moon's right ascension and declination in radians."""
    days = _days(at)
    elongation, sun = 297.8502 + 12.19074912 * days, 357.5291 + 0.98560028 * days
    anomaly, latitude = 134.9634 + 13.06499295 * days, 93.2721 + 13.22935024 * days
    longitude = 218.3165 + 13.17639648 * days
    longitude += sum(size * _sine(a * elongation + b * sun + c * anomaly) for size, a, b, c in _LONGITUDE_TERMS)
    height = 5.128 * _sine(latitude) + 0.281 * _sine(anomaly + latitude) + 0.278 * _sine(anomaly - latitude)
    height += 0.173 * _sine(2 * elongation - latitude)
    return _equatorial(longitude, height)


def _equatorial(longitude: float, latitude: float) -> tuple[float, float]:
    along, above = radians(longitude % 360), radians(latitude)
    ascension = atan2(sin(along) * cos(_OBLIQUITY) - tan(above) * sin(_OBLIQUITY), cos(along))
    return ascension, asin(sin(above) * cos(_OBLIQUITY) + cos(above) * sin(_OBLIQUITY) * sin(along))


def _hour_angle(at: datetime, ascension: float) -> float:
    sidereal = 280.46061837 + 360.98564736629 * _days(at) + _LONGITUDE
    return radians(sidereal % 360) - ascension


def _sunset(day: date) -> datetime:
    """Return the time of sunset at Mecca, refined from six in the evening."""
    at = datetime(day.year, day.month, day.day, 18 - _LOCAL_HOURS)  # noqa: DTZ001
    for _ in range(3):
        ascension, declination = _sun(at)
        cosine = (sin(_SUNSET) - sin(_LATITUDE) * sin(declination)) / (cos(_LATITUDE) * cos(declination))
        missing = degrees(acos(cosine) - _hour_angle(at, ascension))
        at += timedelta(days=((missing + 180) % 360 - 180) / 360.98564736629)
    return at


def _moon_height(at: datetime) -> float:
    ascension, declination = _moon(at)
    angle = _hour_angle(at, ascension)
    return asin(sin(_LATITUDE) * sin(declination) + cos(_LATITUDE) * cos(declination) * cos(angle))
