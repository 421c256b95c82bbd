"""Currencies, by code, name or sign."""

from datetime import date

from ingestion.domain.extraction import signal_weights
from ingestion.domain.extraction.candidates import FieldCandidate, ranked
from ingestion.domain.extraction.currency_marks import currency_candidates
from ingestion.domain.extraction.finders import ExtractionContext, FieldType
from ingestion.domain.normalize.currencies import currency_mark, named_currencies
from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec
from ingestion.domain.schemas.kinds import DateOrder, FieldExample, NumberStyle, compare_exactly


def _normalize(text: str, order: DateOrder, latest: date | None, numbers: NumberStyle) -> str | None:
    """Return the code; a sign of several currencies is the document's own one, or cannot be read."""
    mark = currency_mark(text)
    codes = named_currencies(text) or (named_currencies(text[slice(*mark)]) if mark else ())
    if len(codes) > 1:
        return numbers.currency if numbers.currency in codes else None
    return codes[0] if codes else None


def _find(context: ExtractionContext, schema: SchemaSpec, spec: FieldSpec) -> list[FieldCandidate]:
    return ranked(currency_candidates(context.doc, spec, context.hits), signal_weights.CURRENCY)


FIELD_TYPE = FieldType(
    key=FieldKind.CURRENCY,
    title="Currency",
    normal_form="ISO 4217 code: `EUR`; a sign of several currencies (`$`, `kr`) needs a country or a code beside it",
    normalize=_normalize,
    comparison_key=compare_exactly,
    find=_find,
    examples=(
        FieldExample("€", "EUR", same=("EUR", "12,50 €")),
        FieldExample("Danish kroner", "DKK", same=("dkk", "120 DKK")),
    ),
    notation="currency",
)
