"""Candidates of parties and their addresses: labelled, at the head of a letter, or at the head of a receipt."""

from ingestion.domain.extraction import parties, receipt_heads, signal_weights
from ingestion.domain.extraction.candidates import FieldCandidate, ranked
from ingestion.domain.extraction.finders import ExtractionContext
from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec

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
    return ranked(made, signal_weights.ADDRESS if spec.kind == FieldKind.ADDRESS else signal_weights.PARTY)


def find_seller_names(context: ExtractionContext) -> list[FieldCandidate]:
    """Return the candidates of the seller's name at the head of a receipt."""
    return ranked(receipt_heads.seller_name_candidates(context.doc), signal_weights.RECEIPT_NAME)


def find_seller_addresses(context: ExtractionContext, schema: SchemaSpec) -> list[FieldCandidate]:
    """Return the candidates of the seller's address, below its name where the schema asks for one."""
    named = any(spec.name in SELLER_NAMES for spec in schema.fields)
    sellers = find_seller_names(context) if named else []
    found = receipt_heads.seller_address_candidates(context.doc, sellers[0] if sellers else None)
    return ranked(found, signal_weights.RECEIPT_ADDRESS)
