"""Machine readable zones of travel documents (ICAO Doc 9303): three formats, their fields and check digits."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ingestion.domain.normalize.letters import as_digits

_WEIGHTS = (7, 3, 1)
_FILLER_CONFUSIONS = str.maketrans(
    {"«": "<", "\u2039": "<", "《": "<", "〈": "<", "(": "<", "[": "<", "{": "<", "≤": "<", "\uff1c": "<"}
)
_ALLOWED = re.compile(r"[A-Z0-9<]+")
_TO_LETTERS = str.maketrans({"0": "O", "1": "I", "5": "S", "8": "B", "2": "Z", "6": "G"})


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
    over: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class MrzFormat:
    """Format of Doc 9303: `lines` lines of `width` characters."""

    name: str
    lines: int
    width: int
    fields: tuple[MrzField, ...]
    checks: tuple[MrzCheckDigit, ...]


def _two_lines(name: str, width: int, composite: bool) -> MrzFormat:
    fields = (
        MrzField("document_type", 0, 0, 2, "letters"),
        MrzField("issuer", 0, 2, 5, "letters"),
        MrzField("names", 0, 5, width, "letters"),
        MrzField("document_number", 1, 0, 9),
        MrzField("nationality", 1, 10, 13, "letters"),
        MrzField("date_of_birth", 1, 13, 19, "digits"),
        MrzField("sex", 1, 20, 21, "letters"),
        MrzField("expiry_date", 1, 21, 27, "digits"),
    )
    checks = [
        MrzCheckDigit("document_number", 1, 9, ((1, 0, 9),)),
        MrzCheckDigit("date_of_birth", 1, 19, ((1, 13, 19),)),
        MrzCheckDigit("expiry_date", 1, 27, ((1, 21, 27),)),
    ]
    if composite:
        checks.append(MrzCheckDigit("composite", 1, width - 1, ((1, 0, 10), (1, 13, 20), (1, 21, width - 1))))
    if name == "TD3":
        checks.insert(3, MrzCheckDigit("optional", 1, 42, ((1, 28, 42),)))
    return MrzFormat(name, 2, width, fields, tuple(checks))


_TD1 = MrzFormat(
    "TD1",
    3,
    30,
    (
        MrzField("document_type", 0, 0, 2, "letters"),
        MrzField("issuer", 0, 2, 5, "letters"),
        MrzField("document_number", 0, 5, 14),
        MrzField("date_of_birth", 1, 0, 6, "digits"),
        MrzField("sex", 1, 7, 8, "letters"),
        MrzField("expiry_date", 1, 8, 14, "digits"),
        MrzField("nationality", 1, 15, 18, "letters"),
        MrzField("names", 2, 0, 30, "letters"),
    ),
    (
        MrzCheckDigit("document_number", 0, 14, ((0, 5, 14),)),
        MrzCheckDigit("date_of_birth", 1, 6, ((1, 0, 6),)),
        MrzCheckDigit("expiry_date", 1, 14, ((1, 8, 14),)),
        MrzCheckDigit("composite", 1, 29, ((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29))),
    ),
)
MRZ_FORMATS = (_two_lines("TD3", 44, composite=True), _two_lines("TD2", 36, composite=True), _TD1)


def check_digit(text: str) -> str:
    """Compute the check digit of Doc 9303-3: weights 7, 3, 1 over digits, letters (A is 10) and fillers (0)."""
    total = sum(
        (0 if character == "<" else int(character, 36)) * _WEIGHTS[index % 3] for index, character in enumerate(text)
    )
    return str(total % 10)


@dataclass(frozen=True, slots=True)
class MrzZone:
    """Zone as read: `lines` cleaned to the format's width, `failed` the check digits that do not agree."""

    format: MrzFormat
    lines: tuple[str, ...]
    failed_checks: tuple[str, ...]

    @property
    def text(self) -> str:
        """Lines, one below the other."""
        return "\n".join(self.lines)

    def raw_part(self, name: str) -> str:
        """Return a part with its fillers; raises KeyError if the format has none of that name."""
        for field in self.format.fields:
            if field.name == name:
                return self.lines[field.line][field.start : field.stop]
        raise KeyError(name)

    def value(self, name: str) -> str:
        """Return a part as people write it: names split, dates still YYMMDD, without fillers."""
        if name in ("surname", "given_names"):
            surname, _, given = self.raw_part("names").partition("<<")
            return " ".join((surname if name == "surname" else given).replace("<", " ").split())
        if name == "document_number":
            return self._number()
        return self.raw_part(name).replace("<", "")

    def _number(self) -> str:
        """Return the document number; on a TD1 card a long one continues in the optional data (Doc 9303-5)."""
        number = self.raw_part("document_number")
        line, position = (0, 14) if self.format.name == "TD1" else (1, 9)
        if self.format.name == "TD1" and self.lines[line][position] == "<":
            rest = self.lines[0][15:30].rstrip("<").split("<")[0]
            return (number + rest[:-1]).replace("<", "")
        return number.replace("<", "")

    def iso_date(self, name: str, latest: date | None = None) -> str | None:
        """Return a date as ISO 8601; None if it is invalid.

        A birth date is in the past: with `latest` (today) a later one is moved back by a century. An expiry date is in
        the century that begins 1970.
        """
        text = self.raw_part(name)
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


def _failed_checks(form: MrzFormat, lines: Sequence[str]) -> tuple[str, ...]:
    failed = []
    for check in form.checks:
        over = "".join(lines[line][start:stop] for line, start, stop in check.over)
        printed = lines[check.line][check.position]
        if form.name == "TD1" and check.name == "document_number" and printed == "<":
            tail = lines[0][15:30].rstrip("<").split("<")[0]
            over, printed = over + "<" + tail[:-1], tail[-1:]
        empty = check.name == "optional" and not over.strip("<") and printed == "<"
        if not empty and check_digit(over) != printed:
            failed.append(check.name)
    return tuple(failed)


def _clean(line: str) -> str:
    return re.sub(r"\s+", "", line).upper().translate(_FILLER_CONFUSIONS)


def _apply_alphabets(form: MrzFormat, lines: Sequence[str]) -> tuple[str, ...]:
    """Read digits where only digits are allowed and letters where only letters are, by the format."""
    out = [list(line) for line in lines]
    for field in form.fields:
        part = "".join(out[field.line][field.start : field.stop])
        if field.alphabet == "digits":
            part = as_digits(part)
        elif field.alphabet == "letters":
            part = part.translate(_TO_LETTERS)
        out[field.line][field.start : field.stop] = list(part)
    for check in form.checks:
        out[check.line][check.position] = as_digits(out[check.line][check.position])
    return tuple("".join(line) for line in out)


def _fit_width(line: str, width: int, last: bool) -> str | None:
    """Bring a line to its width: engines lose or invent fillers, hardly ever other characters."""
    if len(line) == width:
        return line
    if abs(len(line) - width) > 6 or "<" not in line:
        return None
    if len(line) > width:
        cut = line.rstrip("<")
        return cut + "<" * (width - len(cut)) if len(cut) <= width else None
    gap = width - len(line)
    if last:
        return line + "<" * gap
    run = max(re.finditer(r"<+", line), key=lambda hit: len(hit[0]))
    return line[: run.start()] + "<" * gap + line[run.start() :]


def _number_readings(form: MrzFormat, lines: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the zone with its document number's confusable characters read the other way."""
    field = next(each for each in form.fields if each.name == "document_number")
    part = lines[field.line][field.start : field.stop]
    for index in range(len(part)):
        for other in ({as_digits(part[index]), part[index].translate(_TO_LETTERS)}) - {part[index]}:
            changed = part[:index] + other + part[index + 1 :]
            out = list(lines)
            out[field.line] = out[field.line][: field.start] + changed + out[field.line][field.stop :]
            yield tuple(out)


def _read_as(form: MrzFormat, cleaned: Sequence[str]) -> MrzZone | None:
    names = 2 if form.name == "TD1" else 0
    fitted = [_fit_width(line, form.width, index == names) for index, line in enumerate(cleaned)]
    if len(fitted) != form.lines or any(line is None or not _ALLOWED.fullmatch(line) for line in fitted):
        return None
    lines = _apply_alphabets(form, [line for line in fitted if line])
    if not lines[0][0].isalpha():
        return None
    zone = MrzZone(form, lines, _failed_checks(form, lines))
    if "document_number" in zone.failed_checks:
        for reading in _number_readings(form, lines):
            failed = _failed_checks(form, reading)
            if "document_number" not in failed and "composite" not in failed:
                return MrzZone(form, reading, failed)
    return zone


def parse_mrz(lines: Sequence[str]) -> MrzZone | None:
    """Read two or three lines as a zone; None if they match none of the formats.

    Characters that only the format can distinguish (O and 0) are read by their position; within the document
    number they are changed only if the check digits then agree.
    """
    cleaned = [_clean(line) for line in lines]
    found = [zone for form in MRZ_FORMATS if form.lines == len(cleaned) and (zone := _read_as(form, cleaned))]
    return min(found, key=lambda zone: len(zone.failed_checks), default=None)


def looks_like_mrz_line(text: str) -> bool:
    """Return whether a line of a page could belong to a zone: long, capital, with fillers or many digits."""
    line = _clean(text)
    return 26 <= len(line) <= 48 and line.count("<") >= 2 and bool(_ALLOWED.fullmatch(line))


def find_mrz(lines: Sequence[str]) -> tuple[MrzZone, tuple[int, ...]] | None:
    """Find the zone among the lines of a page: the zone, and the indices of its lines; None without one."""
    marked = [index for index, line in enumerate(lines) if looks_like_mrz_line(line)]
    best: tuple[MrzZone, tuple[int, ...]] | None = None
    for count in (3, 2):
        for at in range(len(marked) - count + 1):
            indices = tuple(marked[at : at + count])
            zone = parse_mrz([lines[index] for index in indices])
            if zone and (best is None or len(zone.failed_checks) < len(best[0].failed_checks)):
                best = zone, indices
    return best
