"""When two values of a field are the same value, however they were written."""

from ingestion.domain.normalize import DateOrder, letters_and_digits, normalize
from ingestion.domain.schemas.fields import FieldKind

_EXACT = frozenset({FieldKind.DATE, FieldKind.MONEY, FieldKind.CURRENCY, FieldKind.NUMBER, FieldKind.CODE_LIST})


def comparison_key(kind: FieldKind, value: str, order: DateOrder = "dmy") -> str:
    """Give what two equal values share.

    Dates, amounts, currencies, numbers and code lists: the normalised value. Names, addresses, texts and
    identifiers: folded letters and digits alone, for case, accents, blanks and punctuation differ between
    printings of one value. An MRZ: its characters with the fillers.
    """
    normalized = normalize(kind, value, order=order)
    if kind in _EXACT:
        return normalized if normalized is not None else value.strip()
    return (normalized or "") if kind is FieldKind.MRZ else letters_and_digits(value)


def same_value(kind: FieldKind, a: str, b: str, *, order: DateOrder = "dmy") -> bool:
    """Tell whether `a` and `b`, printed or normalised, are one value of `kind`; two empty values are."""
    return comparison_key(kind, a, order) == comparison_key(kind, b, order)
