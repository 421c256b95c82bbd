"""Machine-readable zones of travel documents, as ICAO Doc 9303 parts 3 to 6 lay them out (TD1, TD2, TD3)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

_WEIGHTS = (7, 3, 1)
_DIGIT_SLIPS = str.maketrans("OQDISZBG", "00015286")


@dataclass(frozen=True, slots=True)
class Zone:
    """What a zone says. `wrong` names the parts whose check digit does not match, in the order of the zone."""

    form: str
    surname: str
    given_names: str
    document_number: str
    nationality: str
    birth: str
    sex: str
    expiry: str
    wrong: tuple[str, ...]

    def birth_date(self, today: date) -> date | None:
        """Read the day of birth: the latest century that does not put it in the future."""
        day = _day(self.birth, 2000)
        return _day(self.birth, 1900) if day and day > today else day

    def expiry_date(self) -> date | None:
        """Read the expiry: two digits of this century, for machine-readable papers are not older."""
        return _day(self.expiry, 2000)


@dataclass(frozen=True, slots=True)
class _Checked:
    """A part of the zone (its row and columns) and where its check digit stands."""

    name: str
    row: int
    start: int
    stop: int

    def text(self, lines: Sequence[str]) -> str:
        return lines[self.row][self.start : self.stop]

    def digit(self, lines: Sequence[str]) -> str:
        return lines[self.row][self.stop]


@dataclass(frozen=True, slots=True)
class _Form:
    """One layout: rows x columns, where names and the checked parts stand, what the composite digit covers."""

    rows: int
    columns: int
    names: tuple[int, int]  # row, first column
    nationality: tuple[int, int]
    sex: tuple[int, int]
    checked: tuple[_Checked, ...]
    composite: tuple[tuple[int, int, int], ...]
    composite_at: tuple[int, int]


_FORMS = {
    "TD3": _Form(
        2, 44, (0, 5), (1, 10), (1, 20),
        (_Checked("document number", 1, 0, 9), _Checked("date of birth", 1, 13, 19), _Checked("expiry", 1, 21, 27),
         _Checked("personal number", 1, 28, 42)),
        ((1, 0, 10), (1, 13, 20), (1, 21, 43)), (1, 43),
    ),
    "TD2": _Form(
        2, 36, (0, 5), (1, 10), (1, 20),
        (_Checked("document number", 1, 0, 9), _Checked("date of birth", 1, 13, 19),
         _Checked("expiry", 1, 21, 27)),
        ((1, 0, 10), (1, 13, 20), (1, 21, 35)), (1, 35),
    ),
    "TD1": _Form(
        3, 30, (2, 0), (1, 15), (1, 7),
        (_Checked("document number", 0, 5, 14), _Checked("date of birth", 1, 0, 6), _Checked("expiry", 1, 8, 14)),
        ((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)), (1, 29),
    ),
}  # fmt: skip


def check_digit(text: str) -> str:
    """Weigh the characters 7, 3, 1, 7 ... and take the sum's last digit (Doc 9303 part 3, 4.9)."""
    total = sum(_value(character) * _WEIGHTS[at % 3] for at, character in enumerate(text))
    return str(total % 10)


def read_zone(text: str) -> Zone | None:
    """Read a zone from its lines; None when they have the shape of none."""
    lines = [line.replace(" ", "").upper() for line in text.splitlines() if line.strip()]
    for name, form in _FORMS.items():
        if len(lines) == form.rows and all(len(line) == form.columns for line in lines):
            return _read(name, form, lines)
    return None


def _read(name: str, form: _Form, lines: Sequence[str]) -> Zone:
    surname, _, given = lines[form.names[0]][form.names[1] :].partition("<<")
    number, birth, expiry = (part.text(lines) for part in form.checked[:3])
    nationality = lines[form.nationality[0]][form.nationality[1] : form.nationality[1] + 3]
    return Zone(
        form=name,
        surname=_words(surname),
        given_names=_words(given),
        document_number=number.replace("<", ""),
        nationality=nationality.replace("<", ""),
        birth=birth,
        sex=lines[form.sex[0]][form.sex[1]].replace("<", "X"),
        expiry=expiry,
        wrong=tuple(_wrong(form, lines)),
    )


def _wrong(form: _Form, lines: Sequence[str]) -> Iterator[str]:
    for part in form.checked:
        text, digit = part.text(lines), part.digit(lines)
        optional = digit == "<" and not text.strip("<")
        long_number = digit == "<" and part.name == "document number"
        if not optional and not long_number and check_digit(text) != digit:
            yield part.name
    covered = "".join(lines[row][start:stop] for row, start, stop in form.composite)
    row, column = form.composite_at
    if check_digit(covered) != lines[row][column]:
        yield "whole zone"


def _value(character: str) -> int:
    if character.isdigit():
        return int(character)
    return ord(character) - 55 if "A" <= character <= "Z" else 0


def _words(text: str) -> str:
    return " ".join(text.replace("<", " ").split())


def _day(text: str, century: int) -> date | None:
    digits = text.translate(_DIGIT_SLIPS)
    if not digits.isdigit():
        return None
    try:
        return date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return None
