"""Corrections of characters that engines confuse, where the format or a check digit proves them.

A part that allows digits only is read as digits, and one that allows letters only as letters. Elsewhere a letter and a
digit are exchanged only if exactly one such change makes all check digits agree: of a letter between digits or a digit
between letters, otherwise of any one character or of all equal ones. K and the filler
have the same value in every check digit (20 times any weight ends in 0), so a K becomes a filler only where nothing but
fillers can be. For the same reason no check digit distinguishes G and 6.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from ingestion.domain.normalize.letters import as_digits
from ingestion.domain.normalize.mrz.document_formats import MrzField, MrzFormat
from ingestion.domain.normalize.mrz.zone import DATES, failed_checks

_TO_LETTERS = str.maketrans({"0": "O", "1": "I", "5": "S", "8": "B", "2": "Z", "6": "G"})
_CONFUSED = {pair[0]: pair[1] for pair in "0O O0 1I I1 8B B8 5S S5 2Z Z2".split()}
_REPAIRED = ("document_number", "optional", "more_optional")
_NAMES_AND_END = re.compile(r"(?<![A-Z<])((?:(?!<<<)[A-Z<])*+<<<)[A-Z<]*+$")
_DATA_AND_END = re.compile(r"(?<![<K])(K*+)<[<K]*+$")

Lines = tuple[str, ...]


def apply_alphabets(form: MrzFormat, lines: Sequence[str]) -> Lines:
    """Read digits where only digits are allowed and letters where only letters are, by the format."""
    out = [list(line) for line in lines]
    for field in form.fields:
        part = "".join(out[field.line][field.start : field.stop])
        out[field.line][field.start : field.stop] = list(_in_alphabet(field, part))
    for check in form.checks:
        out[check.line][check.position] = as_digits(out[check.line][check.position])
    return tuple("".join(line) for line in out)


def _in_alphabet(field: MrzField, part: str) -> str:
    if field.alphabet == "digits":
        return as_digits(part)
    if field.alphabet == "any":
        return _DATA_AND_END.sub(_filled, part)
    part = part.translate(_TO_LETTERS)
    return _NAMES_AND_END.sub(_filled, part) if field.name.endswith("names") else part


def _filled(hit: re.Match[str]) -> str:
    """Return the text of group 1 with fillers to the end of the part."""
    return hit[1].ljust(len(hit[0]), "<")


def repair_by_check_digits(form: MrzFormat, lines: Lines) -> Lines:
    """Return the zone with confused characters exchanged if the check digits prove it; unchanged otherwise.

    Only a zone whose dates agree already is tried.
    """
    failed = failed_checks(form, lines)
    if not failed or any(name in DATES for name in failed):
        return lines
    for readings in (_changed_once(form, lines, only_isolated=True), _all_readings(form, lines)):
        found = {reading for reading in readings if not failed_checks(form, reading)}
        if found:
            return found.pop() if len(found) == 1 else lines
    return lines


def _all_readings(form: MrzFormat, lines: Lines) -> Iterator[Lines]:
    yield from _changed_once(form, lines, only_isolated=False)
    yield from _changed_throughout(form, lines)


def _changed_once(form: MrzFormat, lines: Lines, *, only_isolated: bool) -> Iterator[Lines]:
    """Yield the zone with one character of a part without an alphabet read the other way.

    An isolated one is a letter between digits or a digit between letters.
    """
    for field in _repaired(form):
        line = lines[field.line]
        for at in range(field.start, field.stop):
            if line[at] in _CONFUSED and (not only_isolated or _is_isolated(line[max(at - 1, 0) : at + 2])):
                yield _changed(lines, field.line, (at,))


def _is_isolated(three: str) -> bool:
    if len(three) < 3 or not three.isalnum():
        return False
    return three[0].isdigit() == three[2].isdigit() != three[1].isdigit()


def _changed_throughout(form: MrzFormat, lines: Lines) -> Iterator[Lines]:
    """Yield the zone with all equal characters of a part without an alphabet read the other way."""
    for field in _repaired(form):
        part = lines[field.line][field.start : field.stop]
        for character in sorted(_CONFUSED.keys() & set(part)):
            places = [at for at, each in enumerate(part, start=field.start) if each == character]
            yield _changed(lines, field.line, places)


def _repaired(form: MrzFormat) -> Iterator[MrzField]:
    return (field for field in form.fields if field.name in _REPAIRED)


def _changed(lines: Lines, index: int, places: Collection[int]) -> Lines:
    line = "".join(_CONFUSED[each] if at in places else each for at, each in enumerate(lines[index]))
    return (*lines[:index], line, *lines[index + 1 :])
