"""Signs on the pages of a value for a field that was not found; without any, the document probably has none.

A label of the field is the clearest sign. Values also occur without one: an address that belongs to no party, a
number of the right form with wrong check digits, an unused date, amounts like net and tax.
"""

from collections.abc import Collection

from ingestion.domain.extraction.finders import ExtractionContext, field_type
from ingestion.domain.extraction.vocabulary import POSTCODE
from ingestion.domain.schemas.fields import FieldSpec


def is_value_suggested(spec: FieldSpec, context: ExtractionContext, taken: Collection[str]) -> bool:
    """Return whether the pages may contain a value after all; `taken` are the normalised values of other fields.

    In doubt the result is True.
    """
    if any(hit.field == spec.name for hits in context.hits.values() for hit in hits):
        return True
    return field_type(spec.kind).is_suggested(context, spec, taken)


def has_free_address(context: ExtractionContext, spec: FieldSpec, taken: Collection[str]) -> bool:
    """Return whether the first page contains a postcode of an address that belongs to no party."""
    first = context.doc.rows[0].page if context.doc.rows else 1
    codes = (hit[0] for row in context.doc.on_page(first) for hit in POSTCODE.finditer(row.text))
    return any(not is_part_of_any(code, taken) for code in codes)


def is_part_of_any(text: str, taken: Collection[str]) -> bool:
    """Return whether another field's value contains `text`."""
    return any(text in value for value in taken)
