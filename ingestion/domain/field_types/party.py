"""Names of companies and people."""

from ingestion.domain.extraction import parties, receipt_heads, signal_weights
from ingestion.domain.extraction.candidates import FieldCandidate, ranked
from ingestion.domain.extraction.finders import ExtractionContext, FieldType
from ingestion.domain.extraction.party_lines import lines_of_party, outside
from ingestion.domain.extraction.suggestions import has_free_address
from ingestion.domain.normalize import one_line, strip_edges
from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec
from ingestion.domain.schemas.kinds import FieldExample

CUSTOMER = "customer"
SELLER_NAMES = ("company", "merchant", "shop", "store")


def find_parties(context: ExtractionContext, spec: FieldSpec) -> list[FieldCandidate]:
    """Return the candidates of a party's name or address."""
    party_field = spec.name.removesuffix("_address").removesuffix("_name")
    made = list(parties.labelled_parties(context.doc, spec, context.hits))
    made += parties.section_parties(context.doc, spec, context.hits, party_field)
    if spec.position == "top" and spec.name != "patient":
        made += parties.postal_parties(spec, party_field, context.postal_blocks, context.party_fields)
        if spec.kind == FieldKind.PARTY and spec.name != "customer":
            made += parties.letterhead_parties(context.doc, spec, context.hits)
    if party_field != CUSTOMER and CUSTOMER in context.party_fields:
        made = list(outside(made, lines_of_party(context.doc, context.hits, CUSTOMER)))
    return ranked(made, signal_weights.ADDRESS if spec.kind == FieldKind.ADDRESS else signal_weights.PARTY)


def find_seller_names(context: ExtractionContext) -> list[FieldCandidate]:
    """Return the candidates of the seller's name at the head of a receipt."""
    return ranked(receipt_heads.seller_name_candidates(context.doc), signal_weights.RECEIPT_NAME)


def _normalize(text: str, *_: object) -> str | None:
    return strip_edges(one_line(text), "-") or None


def _find(context: ExtractionContext, schema: SchemaSpec, spec: FieldSpec) -> list[FieldCandidate]:
    return find_seller_names(context) if spec.name in SELLER_NAMES else find_parties(context, spec)


FIELD_TYPE = FieldType(
    key=FieldKind.PARTY,
    title="Party",
    normal_form="Name of a company or person on one line",
    normalize=_normalize,
    find=_find,
    is_suggested=has_free_address,
    examples=(FieldExample("Müller &\nSöhne GmbH -", "Müller & Söhne GmbH", same=("MULLER&SOHNE GMBH",)),),
    contradicts=False,
    confidence_offset=-0.25,
    shown_as="nothing",  # it is stored as it was typed
)
