"""Postal addresses."""

from ingestion.domain.extraction import receipt_heads, signal_weights
from ingestion.domain.extraction.candidates import FieldCandidate, ranked
from ingestion.domain.extraction.finders import ExtractionContext, FieldType
from ingestion.domain.extraction.suggestions import has_free_address
from ingestion.domain.field_types.party import SELLER_NAMES, find_parties, find_seller_names
from ingestion.domain.normalize import one_line, strip_edges
from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec
from ingestion.domain.schemas.kinds import FieldExample, InputWidget


def _normalize(text: str, *_: object) -> str | None:
    lines = [strip_edges(one_line(line)) for line in text.splitlines()]
    return ", ".join(line for line in lines if line).rstrip(" .") or None


def _seller_addresses(context: ExtractionContext, schema: SchemaSpec) -> list[FieldCandidate]:
    """Return the candidates of the seller's address, below its name where the schema asks for one."""
    named = any(spec.name in SELLER_NAMES for spec in schema.fields)
    sellers = find_seller_names(context) if named else []
    found = receipt_heads.seller_address_candidates(context.doc, sellers[0] if sellers else None)
    return ranked(found, signal_weights.RECEIPT_ADDRESS)


def _find(context: ExtractionContext, schema: SchemaSpec, spec: FieldSpec) -> list[FieldCandidate]:
    if spec.position == "top" and not spec.labels:
        return _seller_addresses(context, schema)
    return find_parties(context, spec)


FIELD_TYPE = FieldType(
    key=FieldKind.ADDRESS,
    title="Address",
    normal_form="Lines joined by a comma and a space",
    normalize=_normalize,
    find=_find,
    is_suggested=has_free_address,
    examples=(FieldExample("Lot 3,\n40300 Shah Alam.", "Lot 3, 40300 Shah Alam", same=("LOT 3, 40300 SHAH ALAM",)),),
    contradicts=False,
    confidence_offset=-1.1,
    widget=InputWidget(rows=2),
    shown_as="nothing",  # it is stored as it was typed
)
