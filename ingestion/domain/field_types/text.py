"""Free text: the text beside or below a label."""

from ingestion.domain.extraction.finders import FieldType
from ingestion.domain.normalize import one_line, strip_edges
from ingestion.domain.schemas.fields import FieldKind
from ingestion.domain.schemas.kinds import FieldExample


def _normalize(text: str, *_: object) -> str | None:
    return strip_edges(one_line(text)) or None


FIELD_TYPE = FieldType(
    key=FieldKind.TEXT,
    title="Text",
    normal_form="One line, without punctuation at its ends",
    normalize=_normalize,
    examples=(FieldExample(": Galway  depot;", "Galway depot", same=("GALWAY DEPOT",)),),
    contradicts=False,
    shown_as="nothing",  # it is stored as it was typed
)
