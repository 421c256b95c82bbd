"""What a document says, as data: schemas of fields to look for, and the fields that were found."""

from dataclasses import dataclass, field
from enum import StrEnum

from refinery.core.types import BoundingBox


class FieldKind(StrEnum):
    """How a field's value is read, normalised and validated."""

    TEXT = "text"
    PARTY = "party"  # a company's or person's name
    ADDRESS = "address"
    DATE = "date"  # normalised: ISO 8601
    MONEY = "money"  # normalised: decimal point, two digits, no currency ("1284.50")
    CURRENCY = "currency"  # normalised: ISO 4217
    NUMBER = "number"
    IDENTIFIER = "identifier"  # invoice number, document number: no spaces
    CODE_LIST = "code_list"  # ICD-10 codes, separated by commas
    MRZ = "mrz"  # lines separated by a newline


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a schema: labels are the printed words that announce it, in any language."""

    name: str
    title: str
    kind: FieldKind
    labels: tuple[str, ...] = ()
    required: bool = False
    material: bool = True  # an error here breaks the promise of a certificate
    pattern: str | None = None
    position: str = "any"  # any | top | bottom: where on the page it usually stands


@dataclass(frozen=True, slots=True)
class SchemaSpec:
    """A kind of document: `keywords` decide the class when the uploader names none."""

    key: str
    title: str
    fields: tuple[FieldSpec, ...]
    keywords: tuple[str, ...] = ()
    version: int = 1

    def spec(self, name: str) -> FieldSpec:
        """Give the field called `name`; raises KeyError when the schema has none."""
        for candidate in self.fields:
            if candidate.name == name:
                return candidate
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Validation:
    """One validator's verdict on a value: `code` is stable, `message` is for people."""

    code: str
    ok: bool
    message: str = ""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another reading of a field that a reviewer can take with one key."""

    value: str
    confidence: float
    page: int | None = None
    bbox: BoundingBox | None = None


@dataclass(frozen=True, slots=True)
class ExtractedField:
    """A field as found: `value` as printed, `normalized` by its kind; empty value when nothing was found.

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
