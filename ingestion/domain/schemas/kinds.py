"""Field types: how the values of one kind of field are normalised, validated, compared and entered.

Every module of `ingestion.domain.field_types` defines one type as `FIELD_TYPE`. That package depends on this one,
because finding a value needs the layout and the extraction. It is therefore loaded by name, at the first look-up:
the result is the same in a worker, in the web process and in a unit test, independent of earlier imports.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Literal

from ingestion.domain.schemas.fields import FieldKind, Validation

FIELD_TYPES_PACKAGE = "ingestion.domain.field_types"

DateOrder = Literal["dmy", "mdy", "ymd"]
ShownForm = Literal["text", "date", "amount", "nothing"]
NotationPart = Literal["none", "dates", "numbers", "currency"]


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How a document prints numbers, as far as it shows.

    `decimal` is its decimal mark, "" if unknown; `currency` its only or most frequent one; `digits` are the minor
    digits of that currency; `is_whole` if amounts are printed without decimals.
    """

    decimal: str = ""
    currency: str | None = None
    digits: int = 2
    is_whole: bool = False


UNKNOWN_STYLE = NumberStyle()
Normalizer = Callable[[str, DateOrder, date | None, NumberStyle], str | None]


@dataclass(frozen=True, slots=True)
class InputWidget:
    """Input of the viewer: a text area from two rows on; `input_mode` and `placeholder` as in HTML."""

    rows: int = 1
    input_mode: str = ""
    placeholder: str = ""


@dataclass(frozen=True, slots=True)
class FieldExample:
    """Printed value, its normalised form, and other notations of the same value."""

    printed: str
    normalized: str
    same: tuple[str, ...] = ()


def compare_exactly(value: str, normalized: str | None) -> str:
    """Return the comparison key of types whose values are equal if their normalised forms are."""
    return value.strip() if normalized is None else normalized


@dataclass(frozen=True, kw_only=True)
class ValueType:
    """Rules for the values of one kind of field; `FieldType` adds how to find them on the pages.

    `normalize` takes the text, the document's order of day and month, the latest possible date and the notation of
    its numbers; it returns None for a text that it cannot read. `comparison_key` takes a value and its normalised
    form; without it, values are compared by their letters and digits. `contradicts` is False where readings of the
    same value vary too much for a difference between two documents to mean anything. `confidence_offset` shifts the
    prior confidence of a value that was found. `shown_as` is how a reviewer sees the normalised form beside the text.
    `notation` is the part of the document's notation that `normalize` depends on. `has_fragments` is False where a
    shorter value elsewhere on the page is another value: 5.00 is no fragment of 15.00.
    """

    key: str
    title: str
    normal_form: str
    normalize: Normalizer
    examples: tuple[FieldExample, ...]
    validate: Callable[[str], Validation] | None = None
    comparison_key: Callable[[str, str | None], str] | None = None
    contradicts: bool = True
    confidence_offset: float = 0.0
    widget: InputWidget = InputWidget()
    shown_as: ShownForm = "text"
    notation: NotationPart = "none"
    has_fragments: bool = True


def _position(value_type: ValueType) -> tuple[int, str]:
    known = tuple(FieldKind)
    return (known.index(FieldKind(value_type.key)) if value_type.key in known else len(known), value_type.key)


@cache
def value_types() -> Mapping[str, ValueType]:
    """Return all field types by key: those of FieldKind in its order, then the others by name.

    Raises ValueError when two modules define the same key.
    """
    package = import_module(FIELD_TYPES_PACKAGE)
    names = [module.name for module in iter_modules(package.__path__)]
    found: list[ValueType] = [import_module(f"{FIELD_TYPES_PACKAGE}.{name}").FIELD_TYPE for name in names]
    by_key = {each.key: each for each in sorted(found, key=_position)}
    if len(by_key) < len(found):
        repeated = [key for key in by_key if [each.key for each in found].count(key) > 1]
        raise ValueError(f"More than one field type has the key {', '.join(repeated)}.")
    return MappingProxyType(by_key)


def value_type(kind: str) -> ValueType:
    """Return the field type with this key; raises KeyError if there is none."""
    return value_types()[kind]
