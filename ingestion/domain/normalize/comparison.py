"""Equality of two values of a field, independent of their notation."""

from ingestion.domain.normalize import DateOrder, letters_and_digits, normalize
from ingestion.domain.schemas.kinds import UNKNOWN_STYLE, NumberStyle, value_type


def comparison_key(kind: str, value: str, order: DateOrder = "dmy", numbers: NumberStyle = UNKNOWN_STYLE) -> str:
    """Return the key that equal values share: the field type's, by default the folded letters and digits.

    Case, accents, blanks and punctuation differ between printings of one name, address, text or identifier.
    """
    compare = value_type(kind).comparison_key
    return (
        compare(value, normalize(kind, value, order=order, numbers=numbers)) if compare else letters_and_digits(value)
    )


def same_value(kind: str, a: str, b: str, *, order: DateOrder = "dmy", numbers: NumberStyle = UNKNOWN_STYLE) -> bool:
    """Return whether `a` and `b`, printed or normalised, are one value of `kind`; two empty values are."""
    return a == b or comparison_key(kind, a, order, numbers) == comparison_key(kind, b, order, numbers)
