"""Currencies, by code, name or sign."""

from ingestion.domain.extraction import signal_weights
from ingestion.domain.extraction.candidates import FieldCandidate, ranked
from ingestion.domain.extraction.currency_marks import currency_candidates
from ingestion.domain.extraction.finders import ExtractionContext, FieldType
from ingestion.domain.normalize import currency_of, find_currency
from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec
from ingestion.domain.schemas.kinds import FieldExample, compare_exactly


def _normalize(text: str, *_: object) -> str | None:
    return currency_of(text) or find_currency(text)


def _find(context: ExtractionContext, schema: SchemaSpec, spec: FieldSpec) -> list[FieldCandidate]:
    return ranked(currency_candidates(context.doc, spec, context.hits), signal_weights.CURRENCY)


FIELD_TYPE = FieldType(
    key=FieldKind.CURRENCY,
    title="Currency",
    normal_form="ISO 4217 code: `EUR`",
    normalize=_normalize,
    comparison_key=compare_exactly,
    find=_find,
    examples=(FieldExample("€", "EUR", same=("EUR", "12,50 €")),),
)
