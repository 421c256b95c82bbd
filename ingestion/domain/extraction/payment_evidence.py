"""Payment codes as evidence: they agree with what was read, say what was not found, or offer another value."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingestion.domain.extraction.field_features import FEATURE_NAMES
from ingestion.domain.extraction.payment_codes import Payment, payment_in
from ingestion.domain.extraction.prior_confidence import confidence_of
from ingestion.domain.normalize import letters_and_digits, normalize
from ingestion.domain.normalize.validators import validate
from ingestion.domain.page.barcodes import Code
from ingestion.domain.page.elements import PageReading
from ingestion.domain.schemas.fields import Alternative, ExtractedField, FieldSpec, SchemaSpec

SOURCE = "code"
_SELDOM_WRONG = (
    0.9  # a code that was read is right to the letter; whether it pays for this document is another thing
)
_SAYS = {
    "total": "amount",
    "grand_total": "amount",
    "total_amount": "amount",
    "amount_due": "amount",
    "currency": "currency",
    "iban": "iban",
    "supplier": "name",
    "payment_reference": "reference",
}


@dataclass(frozen=True, slots=True)
class _Said:
    payment: Payment
    code: Code
    page: int


def with_codes(
    found: Sequence[ExtractedField], pages: Sequence[PageReading], schema: SchemaSpec
) -> tuple[ExtractedField, ...]:
    """Give the fields with what the document's payment code says of them; several different codes say nothing."""
    said = _payments(pages)
    if len({each.payment for each in said}) != 1:
        return tuple(found)
    return tuple(_heard(field, schema.spec(field.name), said[0]) for field in found)


def _payments(pages: Sequence[PageReading]) -> list[_Said]:
    read = ((payment_in(code.text), code, page.number) for page in pages for code in page.codes)
    return [_Said(payment, code, number) for payment, code, number in read if payment]


def _heard(field: ExtractedField, spec: FieldSpec, said: _Said) -> ExtractedField:
    value: str = getattr(said.payment, _SAYS.get(field.name, ""), "")
    normalized = normalize(spec.kind, value) if value else None
    if not normalized:
        return field
    if letters_and_digits(field.normalized) == letters_and_digits(normalized):
        return _agreed(field, spec)
    if not field.value:
        return _filled(spec, value, normalized, said)
    others = [other for other in field.alternatives if other.value != value]
    offered = Alternative(value, _SELDOM_WRONG, said.page, said.code.bbox)
    return replace(field, alternatives=(offered, *others))


def _agreed(field: ExtractedField, spec: FieldSpec) -> ExtractedField:
    features = {**field.features, "proven": 1.0}
    return replace(field, features=features, confidence=max(field.confidence, confidence_of(spec.kind, features)))


def _filled(spec: FieldSpec, value: str, normalized: str, said: _Said) -> ExtractedField:
    validations = validate(spec, normalized)
    known = {
        "found": 1.0,
        "ocr_min": 1.0,
        "ocr_mean": 1.0,
        "page_confidence": 1.0,
        "candidates": 0.1,
        "margin": 1.0,
        "score": _SELDOM_WRONG,
        "validator_ok": float(all(verdict.ok for verdict in validations)) if validations else 0.5,
        "pattern_ok": 0.5,
        "typed_form": 1.0,
        "vertical": said.code.bbox.y0,
        "expected_place": 0.5,
        "length": min(len(value), 80) / 80,
        "required": float(spec.required),
        "suggested": 1.0,
    }
    features = {name: known.get(name, 0.0) for name in FEATURE_NAMES}
    return ExtractedField(
        name=spec.name,
        value=value,
        normalized=normalized,
        confidence=confidence_of(spec.kind, features),
        page=said.page,
        bbox=said.code.bbox,
        source=SOURCE,
        validations=validations,
        features=features,
    )
