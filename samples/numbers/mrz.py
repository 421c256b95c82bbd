"""Machine readable zones of travel documents: ICAO Doc 9303, parts 3 to 7 (TD3, TD1, TD2, visas MRV-A and MRV-B)."""

import unicodedata
from dataclasses import dataclass
from datetime import date

_WEIGHTS = (7, 3, 1)
_LETTERS = str.maketrans(
    {"Ä": "AE", "Ö": "OE", "Ü": "UE", "ẞ": "SS", "Å": "AA", "Æ": "AE", "Ø": "OE", "Ł": "L", "Đ": "D", "Þ": "TH"}
)


@dataclass(frozen=True, slots=True)
class MrzHolder:
    """Encoded data of a zone. `code` is the document's code (P, ID), states are three letters."""

    code: str
    issuer: str
    surname: str
    given_names: str
    number: str
    nationality: str
    born: date
    sex: str
    expires: date
    optional: str = ""


def check_digit(text: str) -> str:
    """Return the check digit of a field: digits count as themselves, A to Z as 10 to 35, the filler as 0."""
    values = (0 if character == "<" else int(character, 36) for character in text)
    return str(sum(value * _WEIGHTS[index % 3] for index, value in enumerate(values)) % 10)


def transliterate(name: str) -> str:
    """Return a name in the zone's alphabet: A to Z, words separated by the filler (part 3, section 6)."""
    upper = name.replace("ß", "SS").upper().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", upper)
    kept = "".join(c if "A" <= c <= "Z" else "<" for c in plain if not unicodedata.combining(c) and c not in "'.")
    return kept.strip("<")


def _with_check_digit(text: str) -> str:
    return text + check_digit(text)


def _names(holder: MrzHolder, width: int) -> str:
    joined = f"{transliterate(holder.surname)}<<{transliterate(holder.given_names)}"
    return joined[:width].ljust(width, "<")


def _day(day: date) -> str:
    return day.strftime("%y%m%d")


def passport_mrz(holder: MrzHolder) -> tuple[str, str]:
    """Return the two lines of 44 characters of a TD3 document."""
    optional = _with_check_digit(f"{holder.optional:<<14}")
    return _names_line(holder, 44), _composed(holder, optional)


def small_passport_mrz(holder: MrzHolder) -> tuple[str, str]:
    """Return the two lines of 36 characters of a TD2 document."""
    return _names_line(holder, 36), _composed(holder, f"{holder.optional:<<7}")


def visa_mrz(holder: MrzHolder, width: int = 44) -> tuple[str, str]:
    """Return the two lines of a visa, MRV-A with 44 characters or MRV-B with 36: they have no last check digit."""
    number, rest = _number_and_dates(holder)
    return _names_line(holder, width), f"{number}{holder.nationality:<<3}{rest}{holder.optional:<<{width - 28}}"


def _names_line(holder: MrzHolder, width: int) -> str:
    return f"{holder.code:<<2}{holder.issuer:<<3}{_names(holder, width - 5)}"


def _number_and_dates(holder: MrzHolder) -> tuple[str, str]:
    born, expires = _with_check_digit(_day(holder.born)), _with_check_digit(_day(holder.expires))
    return _with_check_digit(f"{holder.number:<<9}"), f"{born}{holder.sex}{expires}"


def _composed(holder: MrzHolder, optional: str) -> str:
    number, rest = _number_and_dates(holder)
    composite = check_digit(number + rest[:7] + rest[8:] + optional)
    return f"{number}{holder.nationality:<<3}{rest}{optional}{composite}"


def card_mrz(holder: MrzHolder) -> tuple[str, str, str]:
    """Return the three lines of 30 characters of a TD1 document; a long number continues in the optional data."""
    number, optional = _with_check_digit(f"{holder.number:<<9}"), holder.optional
    if len(holder.number) > 9:
        number, optional = f"{holder.number[:9]}<", f"{holder.number[9:]}{check_digit(holder.number)}<{optional}"
    first = f"{holder.code:<<2}{holder.issuer:<<3}{number}{optional:<<15}"
    born, expires = _with_check_digit(_day(holder.born)), _with_check_digit(_day(holder.expires))
    composite = check_digit(first[5:] + born + expires)
    second = f"{born}{holder.sex}{expires}{holder.nationality:<<3}{'':<<11}{composite}"
    return first, second, _names(holder, 30)


def break_mrz(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Increase the document number's check digit by one, so that the zone is no longer consistent."""
    row, column = (1, 9) if len(lines) == 2 else (0, 14)
    wrong = str((int(lines[row][column]) + 1) % 10)
    broken = lines[row][:column] + wrong + lines[row][column + 1 :]
    return (*lines[:row], broken, *lines[row + 1 :])
