"""Numbers: counts and measures."""

import re
from datetime import date

from ingestion.domain.extraction.finders import FieldType
from ingestion.domain.normalize.numerals import read_measure
from ingestion.domain.normalize.plain import plain
from ingestion.domain.schemas.fields import FieldKind
from ingestion.domain.schemas.kinds import DateOrder, FieldExample, NumberStyle, compare_exactly

_PRINTED = re.compile(
    r"(?P<minus>-(?=[\d.,]))?(?P<digits>(?:(?<![\w.,])[.,])?\d(?:[\d.,']| (?=\d{3}(?!\d)))*(?<![.,']))"
    r"(?P<trail>-(?!\s?\w))?"
)
_OTHER_NUMBER = re.compile(r"[\s.,'/:-]*\d")


def _normalize(text: str, order: DateOrder, latest: date | None, numbers: NumberStyle) -> str | None:
    printed = plain(text)
    hit = _PRINTED.search(printed)
    if hit is None or _OTHER_NUMBER.match(printed, hit.end()):
        return None
    read = read_measure(hit["digits"], numbers)
    if read is None:
        return None
    return format((-read if hit["minus"] or hit["trail"] else read).normalize(), "f")


FIELD_TYPE = FieldType(
    key=FieldKind.NUMBER,
    title="Number",
    normal_form="Decimal point, no zeros at the end: `12.5`",
    normalize=_normalize,
    comparison_key=compare_exactly,
    examples=(
        FieldExample("12,50 kg", "12.5", same=("12.5",)),
        FieldExample("1 234,5", "1234.5", same=("1,234.5",)),
        FieldExample("-3", "-3", same=("-3.0",)),
    ),
    notation="numbers",
    has_fragments=False,
)
