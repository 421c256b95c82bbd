"""Names of companies and people."""

from ingestion.domain.extraction.candidates import FieldCandidate
from ingestion.domain.extraction.finders import ExtractionContext, FieldType
from ingestion.domain.extraction.party_fields import SELLER_NAMES, find_parties, find_seller_names
from ingestion.domain.extraction.suggestions import has_free_address
from ingestion.domain.normalize import one_line, strip_edges
from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec
from ingestion.domain.schemas.kinds import FieldExample


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
)
