"""Schemas of fields to look for, and the fields that were found, as data."""

from dataclasses import dataclass, field
from enum import StrEnum

from refinery.core.types import BoundingBox


class FieldKind(StrEnum):
    """Keys of the field types that code refers to by name; `schemas.kinds.value_types()` has all of them."""

    TEXT = "text"
    PARTY = "party"
    ADDRESS = "address"
    DATE = "date"
    MONEY = "money"
    CURRENCY = "currency"
    NUMBER = "number"
    IDENTIFIER = "identifier"
    CODE_LIST = "code_list"
    MRZ = "mrz"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """Field of a schema: labels are the printed words that precede its value, in any language."""

    name: str
    title: str
    kind: str  # key of a field type
    labels: tuple[str, ...] = ()
    required: bool = False
    material: bool = True  # an error here violates the guarantee of a certificate
    pattern: str | None = None
    position: str = "any"  # any | top | bottom: its usual position on the page


@dataclass(frozen=True, slots=True)
class SchemaSpec:
    """Kind of document: `keywords` decide the class if the uploader specifies none."""

    key: str
    title: str
    fields: tuple[FieldSpec, ...]
    keywords: tuple[str, ...] = ()
    version: int = 1

    def spec(self, name: str) -> FieldSpec:
        """Return the field called `name`; raises KeyError if the schema has none."""
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(name)

    def has_kind(self, kind: str) -> bool:
        """Return whether a field has this kind."""
        return any(spec.kind == kind for spec in self.fields)


@dataclass(frozen=True, slots=True)
class Validation:
    """Result of one validator for a value: `code` is stable, `message` is for people."""

    code: str
    ok: bool
    message: str = ""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another reading of a field that a reviewer can choose with one key."""

    value: str
    confidence: float
    page: int | None = None
    bbox: BoundingBox | None = None


@dataclass(frozen=True, slots=True)
class ExtractedField:
    """Field as found: `value` as printed, `normalized` by its kind; the value is empty if nothing was found.

    `confidence` is the calibrated probability, 0..1, that the normalised value is right. `features` are the
    named numbers that the field-confidence model learns from (see quality.domain.features).
    """

    name: str
    value: str
    normalized: str
    confidence: float
    page: int | None = None
    bbox: BoundingBox | None = None
    source: str = ""  # label | pattern | layout | mrz | code | xml | human
    alternatives: tuple[Alternative, ...] = ()
    validations: tuple[Validation, ...] = ()
    features: dict[str, float] = field(default_factory=dict)
