"""Field extraction: a pure function from pages and a schema to the fields found."""

from collections.abc import Mapping, Sequence
from datetime import date

from ingestion.domain.extraction.adjustments import adjustments_of
from ingestion.domain.extraction.alternatives import find_alternatives
from ingestion.domain.extraction.candidates import FieldCandidate
from ingestion.domain.extraction.consistency import reconcile_fields
from ingestion.domain.extraction.field_features import FEATURE_NAMES, absent_features, features_of
from ingestion.domain.extraction.finders import build_context, find_candidates
from ingestion.domain.extraction.payment_evidence import apply_payment_codes
from ingestion.domain.extraction.prior_confidence import confidence_of
from ingestion.domain.extraction.suggestions import is_value_suggested
from ingestion.domain.layout.text_rows import DocumentRows, bbox_of, build_document_rows
from ingestion.domain.normalize import DateOrder, NumberStyle, decide_order_of_lines
from ingestion.domain.normalize.validators import validate
from ingestion.domain.page.elements import PageReading
from ingestion.domain.schemas.fields import ExtractedField, FieldSpec, SchemaSpec

__all__ = ["FEATURE_NAMES", "date_order_of", "date_order_of_rows", "extract_fields", "number_style_of_pages"]


def date_order_of(pages: Sequence[PageReading]) -> DateOrder:
    """Return the order of day and month that a document uses."""
    return date_order_of_rows(build_document_rows(pages))


def date_order_of_rows(doc: DocumentRows) -> DateOrder:
    """Return the order of day and month that these rows use."""
    return decide_order_of_lines([(row.text, row.dates) for row in doc.rows]).order


def number_style_of_pages(pages: Sequence[PageReading]) -> NumberStyle:
    """Return the notation of a document's numbers."""
    return build_document_rows(pages).numbers


def extract_fields(doc: DocumentRows, schema: SchemaSpec, *, today: date | None = None) -> tuple[ExtractedField, ...]:
    """Find the schema's fields: one for each of its FieldSpecs, in its order, also for those not found.

    A field not found has an empty value; its confidence is then the probability that the document has none.
    `today` is the upper limit of birth dates printed with two-digit years; without it they are in this century before
    2030.
    """
    context = build_context(doc, schema, date_order_of_rows(doc), today)
    ranked = {spec.name: find_candidates(context, schema, spec) for spec in schema.fields}
    reconciled = reconcile_fields(schema, ranked, adjustments_of(context.amount_rows))
    taken = {found[0].normalized for found in reconciled.values() if found}
    confidences = {page.number: page.confidence for page in doc.pages}
    read = [
        _found_field(spec, reconciled[spec.name], confidences)
        if reconciled[spec.name]
        else _absent_field(spec, confidences, suggested=is_value_suggested(spec, context, taken))
        for spec in schema.fields
    ]
    return apply_payment_codes(read, doc.pages, schema)


def _mean(pages: Mapping[int, float]) -> float:
    return sum(pages.values()) / len(pages) if pages else 0.0


def _absent_field(spec: FieldSpec, pages: Mapping[int, float], *, suggested: bool) -> ExtractedField:
    features = absent_features(spec, _mean(pages), suggested=suggested)
    confidence = confidence_of(spec.kind, features)
    return ExtractedField(spec.name, "", "", confidence, validations=validate(spec, None), features=features)


def _found_field(spec: FieldSpec, ranked: Sequence[FieldCandidate], pages: Mapping[int, float]) -> ExtractedField:
    mean, winner = _mean(pages), ranked[0]
    page = winner.spans[0].row.page if winner.spans else None
    validations = validate(spec, winner.normalized)
    features = features_of(spec, ranked, validations, pages.get(page, mean) if page is not None else mean)
    return ExtractedField(
        name=spec.name,
        value=winner.value,
        normalized=winner.normalized,
        confidence=confidence_of(spec.kind, features),
        page=page,
        bbox=bbox_of(winner.spans),
        source=winner.source,
        alternatives=find_alternatives(spec, ranked, pages),
        validations=validations,
        features=features,
    )
