"""Comparison of a zone's values with those printed above it: spelling, truncation, words for codes."""

import re
from collections.abc import Sequence
from datetime import date

from ingestion.domain.normalize.letters import fold, letters_and_digits
from ingestion.domain.normalize.mrz.zone import MrzZone
from ingestion.domain.normalize.nationality import means_nationality

_NAMES = ("surname", "given_names")
_DATES = ("date_of_birth", "expiry_date")
_WORD = re.compile(r"[^\W_]+")
_ONE_LETTER = "Ä=A Ö=O Ü=U Å=A Ø=O Ñ=N ẞ=SS Æ=AE Œ=OE Þ=TH Ð=D Ĳ=IJ"  # Doc 9303-3, section 6, table A
_TWO_LETTERS = "Ä=AE Ö=OE Ü=UE Å=AA Ø=OE Ñ=NXX ẞ=SS Æ=AE Œ=OE Þ=TH Ð=D Ĳ=IJ"
_SPELLINGS = tuple(dict(pair.split("=") for pair in table.split()) for table in (_ONE_LETTER, _TWO_LETTERS))
_FEMALE = frozenset("f w k ж female woman weiblich frau feminin feminino femenino femmina vrouw kobieta zena".split())
_MALE = frozenset("m м male man mannlich mann masculin masculino maschile maschio mezczyzna muz".split())


def zone_value(zone: MrzZone, part: str, latest: date | None) -> str:
    """Return a part of the zone in the normal form of its field, dates as ISO 8601; "" for none."""
    return (zone.iso_date(part, latest) or "") if part in _DATES else zone.value(part)


def agrees_with_zone(zone: MrzZone, part: str, printed: str, latest: date | None) -> bool | None:
    """Return whether the printed, normalised value of a part says the same as the zone; None if that is not known.

    Names may be shortened in the zone if they fill it. A nationality may be a word in any language, and so may a sex.
    """
    inside = zone_value(zone, part, latest)
    if not inside or not printed:
        return None
    if part in _NAMES:
        truncated = zone.may_be_truncated(part)
        return any(_same_name(each, inside, truncated) for each in printed.split("/"))
    if part in ("nationality", "issuer"):
        return means_nationality(printed, inside)
    if part == "sex":
        return _means_sex(printed, inside)
    return letters_and_digits(printed) == letters_and_digits(inside)


def _same_name(printed: str, inside: str, truncated: bool) -> bool:
    for spelling in ({}, *_SPELLINGS):
        spelt = "".join(spelling.get(character, character) for character in printed.upper())
        if letters_and_digits(spelt) == letters_and_digits(inside):
            return True
        if truncated and _is_shortened(_words(spelt), _words(inside)):
            return True
    return False


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text.replace("'", "").replace("\u2019", "")))


def _is_shortened(printed: Sequence[str], inside: Sequence[str]) -> bool:
    """Return whether each word of the zone begins a printed word, in the same order."""
    rest = iter(printed)
    return bool(inside) and all(any(word.startswith(part) for word in rest) for part in inside)


def _means_sex(printed: str, inside: str) -> bool | None:
    said = {"F" if word in _FEMALE else "M" for word in _words(printed) if word in _FEMALE | _MALE}
    return inside in said if said and inside in ("F", "M") else None
