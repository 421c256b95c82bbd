"""Payment codes as evidence: they confirm a value that was read, add a missing one, or offer an alternative."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingestion.domain.extraction.field_features import FEATURE_NAMES
from ingestion.domain.extraction.payment_codes import PaymentCode, parse_payment_code
from ingestion.domain.extraction.prior_confidence import confidence_of
from ingestion.domain.normalize import letters_and_digits, normalize
from ingestion.domain.normalize.validators import validate
from ingestion.domain.page.barcodes import Barcode
from ingestion.domain.page.elements import PageReading
from ingestion.domain.schemas.fields import Alternative, ExtractedField, FieldSpec, SchemaSpec

SOURCE_CODE = "code"
_CODE_CONFIDENCE = 0.9  # the text of a code is read without errors, but the code may pay for another document
_PAYMENT_ATTRIBUTES = {
    **dict.fromkeys(("total", "grand_total", "total_amount", "amount_due"), "amount"),
    "currency": "currency",
    "iban": "iban",
    "supplier": "name",
    "payment_reference": "reference",
}


@dataclass(frozen=True, slots=True)
class _PaymentCode:
    payment: PaymentCode
    code: Barcode
    page: int


def apply_payment_codes(
    found: Sequence[ExtractedField], pages: Sequence[PageReading], schema: SchemaSpec
) -> tuple[ExtractedField, ...]:
    """Return the fields, updated by the document's payment code; several different codes are ignored."""
    codes = _payments(pages)
    if len({each.payment for each in codes}) != 1:
        return tuple(found)
    return tuple(_apply_code(field, schema.spec(field.name), codes[0]) for field in found)


def _payments(pages: Sequence[PageReading]) -> list[_PaymentCode]:
    read = ((parse_payment_code(code.text), code, page.number) for page in pages for code in page.codes)
    return [_PaymentCode(payment, code, number) for payment, code, number in read if payment]


def _apply_code(field: ExtractedField, spec: FieldSpec, code: _PaymentCode) -> ExtractedField:
    value: str = getattr(code.payment, _PAYMENT_ATTRIBUTES.get(field.name, ""), "")
    normalized = normalize(spec.kind, value) if value else None
    if not normalized:
        return field
    if letters_and_digits(field.normalized) == letters_and_digits(normalized):
        return _confirmed_by_code(field, spec)
    if not field.value:
        return _filled_from_code(spec, value, normalized, code)
    others = [other for other in field.alternatives if other.value != value]
    offered = Alternative(value, _CODE_CONFIDENCE, code.page, code.code.bbox)
    return replace(field, alternatives=(offered, *others))


def _confirmed_by_code(field: ExtractedField, spec: FieldSpec) -> ExtractedField:
    features = {**field.features, "proven": 1.0}
    return replace(field, features=features, confidence=max(field.confidence, confidence_of(spec.kind, features)))


def _filled_from_code(spec: FieldSpec, value: str, normalized: str, code: _PaymentCode) -> ExtractedField:
    validations = validate(spec, normalized)
    known = {
        "found": 1.0,
        "ocr_min": 1.0,
        "ocr_mean": 1.0,
        "page_confidence": 1.0,
        "candidates": 0.1,
        "margin": 1.0,
        "score": _CODE_CONFIDENCE,
        "validator_ok": float(all(verdict.ok for verdict in validations)) if validations else 0.5,
        "pattern_ok": 0.5,
        "typed_form": 1.0,
        "vertical": code.code.bbox.y0,
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
        page=code.page,
        bbox=code.code.bbox,
        source=SOURCE_CODE,
        validations=validations,
        features=features,
    )
