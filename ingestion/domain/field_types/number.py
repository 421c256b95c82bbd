"""Numbers: counts and measures."""

import re
from decimal import Decimal

from ingestion.domain.extraction.finders import FieldType
from ingestion.domain.schemas.fields import FieldKind
from ingestion.domain.schemas.kinds import FieldExample, compare_exactly


def _normalize(text: str, *_: object) -> str | None:
    hit = re.search(r"-?\d+(?:[.,]\d+)?", text)
    return format(Decimal(hit[0].replace(",", ".")).normalize(), "f") if hit else None


FIELD_TYPE = FieldType(
    key=FieldKind.NUMBER,
    title="Number",
    normal_form="Decimal point, no zeros at the end: `12.5`",
    normalize=_normalize,
    comparison_key=compare_exactly,
    examples=(FieldExample("12,50 kg", "12.5", same=("12.5",)), FieldExample("-3", "-3", same=("-3.0",))),
)
