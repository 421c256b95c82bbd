"""What on the pages suggests a value for a field that was not found: nothing does where the document has none.

A label of the field is the plainest hint. Values also stand without one: an address in no party's hands, a number
of the right form that its check digits do not prove, a date that no field has taken, amounts like net and tax.
"""

from collections.abc import Collection

from ingestion.domain.extraction.amount_sums import may_hold_tax
from ingestion.domain.extraction.finders import Evidence
from ingestion.domain.extraction.identifiers import of_form
from ingestion.domain.extraction.vocabulary import POSTCODE
from ingestion.domain.schemas.fields import FieldKind, FieldSpec

_FILLERS = "<<"  # of a machine readable zone


def is_suggested(spec: FieldSpec, seen: Evidence, taken: Collection[str]) -> bool:
    """Tell whether a value may stand on the pages after all; `taken` are the normalised values of other fields.

    Errs on the side of a hint.
    """
    if any(hit.field == spec.name for hits in seen.hits.values() for hit in hits):
        return True
    if spec.kind in (FieldKind.PARTY, FieldKind.ADDRESS):
        return _free_address(seen, taken)
    if spec.kind is FieldKind.DATE:
        return any(found.normalized not in taken for found in seen.dates)
    if spec.kind is FieldKind.MONEY:
        return may_hold_tax(seen.sums)
    if spec.kind is FieldKind.IDENTIFIER:
        return any(not _within(number, taken) for number in of_form(seen.sheet, spec))
    return spec.kind is FieldKind.MRZ and any(_FILLERS in row.text for row in seen.sheet.rows)


def _free_address(seen: Evidence, taken: Collection[str]) -> bool:
    """Tell whether the first page holds a postcode of an address that no party has."""
    first = seen.sheet.rows[0].page if seen.sheet.rows else 1
    codes = (hit[0] for row in seen.sheet.on_page(first) for hit in POSTCODE.finditer(row.text))
    return any(not _within(code, taken) for code in codes)


def _within(text: str, taken: Collection[str]) -> bool:
    return any(text in value for value in taken)
