"""Identifiers: numbers of documents, accounts and people."""

import re
from collections.abc import Collection

from ingestion.domain.extraction import headings, signal_weights
from ingestion.domain.extraction.candidates import FieldCandidate, ranked
from ingestion.domain.extraction.finders import ExtractionContext, FieldType
from ingestion.domain.extraction.identifiers import identifier_candidates, well_formed_identifiers
from ingestion.domain.extraction.suggestions import is_part_of_any
from ingestion.domain.normalize import strip_edges
from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec
from ingestion.domain.schemas.kinds import FieldExample

_OWN_NUMBERS = ("invoice_number", "receipt_number", "report_number")


def _normalize(text: str, *_: object) -> str | None:
    return strip_edges(re.sub(r"\s+", "", text), ".") or None


def _find(context: ExtractionContext, schema: SchemaSpec, spec: FieldSpec) -> list[FieldCandidate]:
    titled = headings.heading_numbers(context.doc, spec) if spec.name in _OWN_NUMBERS else ()
    return ranked([*identifier_candidates(context.doc, spec, context.hits), *titled], signal_weights.IDENTIFIER)


def _is_suggested(context: ExtractionContext, spec: FieldSpec, taken: Collection[str]) -> bool:
    return any(not is_part_of_any(number, taken) for number in well_formed_identifiers(context.doc, spec))


FIELD_TYPE = FieldType(
    key=FieldKind.IDENTIFIER,
    title="Identifier",
    normal_form="No spaces, no punctuation at its ends",
    normalize=_normalize,
    find=_find,
    is_suggested=_is_suggested,
    examples=(FieldExample("# INV 2047.", "INV2047", same=("inv-2047",)),),
)
