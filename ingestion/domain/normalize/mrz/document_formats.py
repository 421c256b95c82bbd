"""Formats of machine readable zones: TD1, TD2, TD3, both visas, and the French identity card of 1995 to 2021.

Sources: ICAO Doc 9303, parts 4 (TD3), 5 (TD1), 6 (TD2) and 7 (MRV-A, MRV-B).
"""

import re
from dataclasses import dataclass

_WEIGHTS = (7, 3, 1)

Part = tuple[int, int, int]  # line, start, stop


@dataclass(frozen=True, slots=True)
class MrzField:
    """Part of a zone: characters `start` to `stop` of line `line`, and the characters allowed there."""

    name: str
    line: int
    start: int
    stop: int
    alphabet: str = "any"  # any | digits | letters


@dataclass(frozen=True, slots=True)
class MrzCheckDigit:
    """Check digit at `line`, `position` over the parts of the zone named as (line, start, stop)."""

    name: str
    line: int
    position: int
    over: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class MrzFormat:
    """Format of `lines` lines of `width` characters; `opening` is a pattern that its first line begins with.

    `names` is the line with the names, whose fillers are at its end.
    """

    name: str
    lines: int
    width: int
    fields: tuple[MrzField, ...]
    checks: tuple[MrzCheckDigit, ...]
    opening: re.Pattern[str]
    names: int = 0

    def field(self, name: str) -> MrzField | None:
        """Return the field of this name; None if the format has none."""
        return next((field for field in self.fields if field.name == name), None)

    def is_opened_by(self, line: str) -> bool:
        """Return whether a zone of this format can begin with this line."""
        return bool(self.opening.match(line))


def check_digit(text: str) -> str:
    """Compute the check digit of Doc 9303-3: weights 7, 3, 1 over digits, letters (A is 10) and fillers (0)."""
    total = sum(
        (0 if character == "<" else int(character, 36)) * _WEIGHTS[index % 3] for index, character in enumerate(text)
    )
    return str(total % 10)


def _two_lines(name: str, width: int, opening: str) -> MrzFormat:
    """Return a format of two lines; only travel documents, not visas, have a check digit over the whole line."""
    visa = name.startswith("MRV")
    last = width if visa else width - 2 if name == "TD3" else width - 1
    fields = (
        MrzField("document_type", 0, 0, 2, "letters"),
        MrzField("issuer", 0, 2, 5, "letters"),
        MrzField("names", 0, 5, width, "letters"),
        MrzField("document_number", 1, 0, 9),
        MrzField("nationality", 1, 10, 13, "letters"),
        MrzField("date_of_birth", 1, 13, 19, "digits"),
        MrzField("sex", 1, 20, 21, "letters"),
        MrzField("expiry_date", 1, 21, 27, "digits"),
        MrzField("optional", 1, 28, last),
    )
    checks = [
        MrzCheckDigit("document_number", 1, 9, ((1, 0, 9),)),
        MrzCheckDigit("date_of_birth", 1, 19, ((1, 13, 19),)),
        MrzCheckDigit("expiry_date", 1, 27, ((1, 21, 27),)),
    ]
    if name == "TD3":
        checks.append(MrzCheckDigit("optional", 1, 42, ((1, 28, 42),)))
    if not visa:
        checks.append(MrzCheckDigit("composite", 1, width - 1, ((1, 0, 10), (1, 13, 20), (1, 21, width - 1))))
    return MrzFormat(name, 2, width, fields, tuple(checks), re.compile(opening))


_TD1 = MrzFormat(
    "TD1",
    3,
    30,
    (
        MrzField("document_type", 0, 0, 2, "letters"),
        MrzField("issuer", 0, 2, 5, "letters"),
        MrzField("document_number", 0, 5, 14),
        MrzField("optional", 0, 15, 30),
        MrzField("date_of_birth", 1, 0, 6, "digits"),
        MrzField("sex", 1, 7, 8, "letters"),
        MrzField("expiry_date", 1, 8, 14, "digits"),
        MrzField("nationality", 1, 15, 18, "letters"),
        MrzField("more_optional", 1, 18, 29),
        MrzField("names", 2, 0, 30, "letters"),
    ),
    (
        MrzCheckDigit("document_number", 0, 14, ((0, 5, 14),)),
        MrzCheckDigit("date_of_birth", 1, 6, ((1, 0, 6),)),
        MrzCheckDigit("expiry_date", 1, 14, ((1, 8, 14),)),
        MrzCheckDigit("composite", 1, 29, ((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29))),
    ),
    re.compile("[A-Z]"),
    names=2,
)
_FRENCH_CARD = MrzFormat(  # its number begins with year, month and department of issue; it has no date of expiry
    "IDFRA",
    2,
    36,
    (
        MrzField("document_type", 0, 0, 2, "letters"),
        MrzField("issuer", 0, 2, 5, "letters"),
        MrzField("nationality", 0, 2, 5, "letters"),
        MrzField("surname", 0, 5, 30, "letters"),
        MrzField("office", 0, 30, 36),
        MrzField("document_number", 1, 0, 12),
        MrzField("given_names", 1, 13, 27, "letters"),
        MrzField("date_of_birth", 1, 27, 33, "digits"),
        MrzField("sex", 1, 34, 35, "letters"),
    ),
    (
        MrzCheckDigit("document_number", 1, 12, ((1, 0, 12),)),
        MrzCheckDigit("date_of_birth", 1, 33, ((1, 27, 33),)),
        MrzCheckDigit("composite", 1, 35, ((0, 0, 36), (1, 0, 35))),
    ),
    re.compile("IDFRA"),
    names=-1,
)
MRZ_FORMATS = (
    _two_lines("TD3", 44, "[A-UW-Z]"),
    _two_lines("TD2", 36, "(?!IDFRA)[A-UW-Z]"),
    _TD1,
    _two_lines("MRV-A", 44, "V"),
    _two_lines("MRV-B", 36, "V"),
    _FRENCH_CARD,
)
