"""Printed numbers: 1,284.50 and 1.284,50 and 1 284,50 and 1,04,623.73 and 1'284.- and 1.250.000.

All patterns expect plain characters (see `plain`). A tab separates columns, and no number crosses it.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from ingestion.domain.schemas.kinds import NumberStyle

SPACED = r"[1-9]\d{0,2}(?: \d{3}){1,6}"
_SHAPES = (
    r"\d{1,3}(?:[,']\d{3}){1,6}\. ?\d{2,3}"  # 1,284.50
    r"|\d{1,3}(?:[.']\d{3}){1,6}, ?\d{2,3}"  # 1.284,50
    r"|\d{1,2}(?:,\d{2}){1,6},\d{3}(?:\. ?\d{2})?"  # 1,04,623.73: lakh and crore
    rf"|{SPACED}[.,]\d{{2,3}}"  # 1 284,50
    r"|\d{1,15}\s?[.,]\s?\d{2}"  # 9.00, and 9. 00 as engines break it
    r"|\d{1,3}(?:\.\d{3}){1,6}"  # 1.284
    r"|\d{1,3}(?:[,']\d{3}){1,6}"  # 1,284
    r"|\d{1,15}[.,]\d{3}"  # 1284.500
    r"|(?<![A-Za-z])[.,]\d{2}"  # .02
    r"|\d{1,15}"
)
_TYPED_SHAPES = (
    rf"{SPACED}(?:[.,]\d)?|{_SHAPES}|\d{{1,15}}[.,]\d?"
    r"|\d{1,3}(?:[,']\d{3}){1,6}\.\d|\d{1,3}(?:[.']\d{3}){1,6},\d|[.,]\d"
)
BEGIN = r"(?<!\d)(?<!\d[.,:/'-])"
END = r"(?!\d|[.,']\d|\s?%|[:/]\d)"
NUMBER = re.compile(rf"{BEGIN}(?P<digits>{_SHAPES}){END}")
SPACED_NUMBER = re.compile(rf"{BEGIN}(?P<digits>{SPACED})(?! \d{{3}}){END}")
_TYPED_NUMBER = re.compile(_TYPED_SHAPES)
_MARKS = re.compile(r"[.,]")
_SPACED_GROUP = re.compile(r"\d[' ]\d{3}")


@dataclass(frozen=True, slots=True)
class Numeral:
    """Printed number: its value, how many decimals were printed, and whether its thousands are separated.

    `is_ambiguous` if nothing shows whether the three digits after its only mark are thousands.
    """

    value: Decimal
    decimals: int
    is_grouped: bool
    is_ambiguous: bool = False


def read_digits(digits: str, style: NumberStyle) -> Numeral:
    """Read a number that NUMBER or SPACED_NUMBER found; three digits after its only mark are read as in `style`."""
    compact = re.sub(r"[\s']", "", digits)
    marks = _MARKS.findall(compact)
    whole, tail = compact, ""
    if marks and _has_decimals(digits, compact, marks, style):
        whole, _, tail = compact.rpartition(marks[-1])
    value = Decimal(f"{_MARKS.sub('', whole) or 0}.{tail or 0}")
    grouped = bool(_MARKS.search(whole) or _SPACED_GROUP.search(digits))
    return Numeral(value, len(tail), grouped, is_ambiguous=len(marks) == 1 and _may_be_either(digits, compact, style))


def _has_decimals(digits: str, compact: str, marks: list[str], style: NumberStyle) -> bool:
    last = marks[-1]
    tail = compact.rpartition(last)[2]
    if len(marks) > 1:
        return marks.count(last) == 1
    if style.digits == 0 and len(tail) == 3:
        return False
    if not _is_one_group(digits, compact):
        return True
    return style.decimal == last if style.decimal else style.digits == 3


def _is_one_group(digits: str, compact: str) -> bool:
    """Return whether a number with one mark has the form 1.234, which may be a thousand or three decimals."""
    return len(compact) == len(digits) and bool(re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", compact))


def _may_be_either(digits: str, compact: str, style: NumberStyle) -> bool:
    return not style.decimal and style.digits not in (0, 3) and _is_one_group(digits, compact)


def read_typed_number(text: str, style: NumberStyle) -> Numeral | None:
    """Read a text that is one number in any notation (12, 1 500, 1.5, 1'250.-); None if it is not well formed."""
    return read_digits(text, style) if _TYPED_NUMBER.fullmatch(text) else None


def read_measure(text: str, style: NumberStyle) -> Decimal | None:
    """Read a count or a measure; three digits after its only mark are decimals unless the document's style differs."""
    if re.fullmatch(r"\d+(?:[.,]\d*)?", text) and not (style.decimal and style.decimal not in text):
        return Decimal(text.replace(",", "."))
    found = read_typed_number(text, style)
    return found.value if found else None
