"""Postal addresses."""

from ingestion.domain.extraction.candidates import FieldCandidate
from ingestion.domain.extraction.finders import ExtractionContext, FieldType
from ingestion.domain.extraction.party_fields import find_parties, find_seller_addresses
from ingestion.domain.extraction.suggestions import has_free_address
from ingestion.domain.normalize import one_line, strip_edges
from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec
from ingestion.domain.schemas.kinds import FieldExample, InputWidget


def _normalize(text: str, *_: object) -> str | None:
    lines = [strip_edges(one_line(line)) for line in text.splitlines()]
    return ", ".join(line for line in lines if line).rstrip(" .") or None


def _find(context: ExtractionContext, schema: SchemaSpec, spec: FieldSpec) -> list[FieldCandidate]:
    if spec.position == "top" and not spec.labels:
        return find_seller_addresses(context, schema)
    return find_parties(context, spec)


FIELD_TYPE = FieldType(
    key=FieldKind.ADDRESS,
    title="Address",
    normal_form="Lines joined by a comma and a blank",
    normalize=_normalize,
    find=_find,
    is_suggested=has_free_address,
    examples=(FieldExample("Lot 3,\n40300 Shah Alam.", "Lot 3, 40300 Shah Alam", same=("LOT 3, 40300 SHAH ALAM",)),),
    contradicts=False,
    confidence_offset=-1.1,
    widget=InputWidget(rows=2),
)
