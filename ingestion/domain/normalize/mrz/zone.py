"""A machine readable zone as read: its lines, its check digits and its values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingestion.domain.normalize.mrz.document_formats import MrzCheckDigit, MrzFormat, check_digit

DATES = ("date_of_birth", "expiry_date")


@dataclass(frozen=True, slots=True)
class LongNumber:
    """Document number over nine characters: a filler replaces its check digit, and the optional data continue it.

    Its check digit follows the last character and covers all of them, without the filler (Doc 9303-5, note j).
    """

    number: str
    digit: str


@dataclass(frozen=True, slots=True)
class MrzZone:
    """Zone as read: `lines` cleaned to the format's width, `failed_checks` the check digits that do not agree."""

    format: MrzFormat
    lines: tuple[str, ...]
    failed_checks: tuple[str, ...]

    @property
    def text(self) -> str:
        """Lines, one below the other."""
        return "\n".join(self.lines)

    @property
    def right_checks(self) -> int:
        """The number of check digits that agree with what is printed: dates of digits, numbers not empty."""
        return sum(check.name not in self.failed_checks and self._is_filled(check) for check in self.format.checks)

    def _is_filled(self, check: MrzCheckDigit) -> bool:
        printed = covered(check, self.lines).strip("<")
        return printed.isdigit() if check.name in DATES else bool(printed)

    def has(self, name: str) -> bool:
        """Return whether the format has a part of this name."""
        return name in self._name_parts or self.format.field(name) is not None

    def raw_part(self, name: str) -> str:
        """Return a part with its fillers; raises KeyError if the format has none of that name."""
        field = self.format.field(name)
        if field is None:
            raise KeyError(name)
        return self.lines[field.line][field.start : field.stop]

    def value(self, name: str) -> str:
        """Return a part as people write it: names split, dates still YYMMDD, without fillers; "" for none."""
        if name in self._name_parts:
            return " ".join(self._name_parts[name].replace("<", " ").split())
        if not self.has(name):
            return ""
        if name == "document_number":
            long = long_number(self.format, self.lines)
            return (long.number if long else self.raw_part(name)).replace("<", "")
        return self.raw_part(name).replace("<", "")

    def may_be_truncated(self, name: str) -> bool:
        """Return whether names were perhaps shortened: the last character of their field is no filler."""
        field = self.format.field(name) or self.format.field("names")
        return field is not None and self.lines[field.line][field.stop - 1] != "<"

    def iso_date(self, name: str, latest: date | None = None) -> str | None:
        """Return a date as ISO 8601; None if it is invalid, incomplete or not part of the format.

        A birth date is in the past: with `latest` (today) a later one is moved back by a century. An expiry date is in
        the century that begins 1970.
        """
        text = self.raw_part(name) if self.has(name) else ""
        if not text.isdigit():
            return None
        year, month, day = int(text[:2]), int(text[2:4]), int(text[4:6])
        century = 2000 if name != "expiry_date" or year < 70 else 1900
        if name == "date_of_birth" and year >= (latest.year % 100 + 1 if latest else 30):
            century = 1900
        try:
            return date(century + year, month, day).isoformat()
        except ValueError:
            return None

    @property
    def _name_parts(self) -> dict[str, str]:
        if self.format.field("names") is None:
            return {name: self.raw_part(name) for name in ("surname", "given_names")}
        surname, _, given = self.raw_part("names").partition("<<")
        return {"surname": surname, "given_names": given}


def covered(check: MrzCheckDigit, lines: Sequence[str]) -> str:
    """Return the characters that a check digit covers."""
    return "".join(lines[line][start:stop] for line, start, stop in check.over)


def long_number(form: MrzFormat, lines: Sequence[str]) -> LongNumber | None:
    """Return the document number that continues in the optional data; None if it does not."""
    field, optional = form.field("document_number"), form.field("optional")
    if field is None or optional is None or lines[field.line][field.stop] != "<":
        return None
    first = lines[field.line][field.start : field.stop]
    rest = lines[optional.line][optional.start : optional.stop].split("<")[0]
    if "<" in first or len(rest) < 2 or not rest[-1].isdigit():
        return None
    return LongNumber(first + rest[:-1], rest[-1])


def failed_checks(form: MrzFormat, lines: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the check digits that do not agree with what they cover.

    A filler is the check digit of a part that is empty, as the standard permits.
    """
    failed = []
    for check in form.checks:
        over, printed = covered(check, lines), lines[check.line][check.position]
        long = long_number(form, lines) if check.name == "document_number" else None
        if long:
            over, printed = long.number, long.digit
        empty = printed == "<" and not over.strip("<")
        if not empty and check_digit(over) != printed:
            failed.append(check.name)
    return tuple(failed)
