"""Evidence of a machine-readable zone: values that its check digits prove, and names that its holder does not have."""

from collections.abc import Iterable, Mapping
from datetime import date

from ingestion.domain.normalize.mrz import MrzZone, agrees_with_zone, parse_mrz
from ingestion.domain.schemas.fields import ExtractedField, FieldKind, SchemaSpec

_PROVING_CHECKS = 3  # number, birth and expiry, or those of a card without expiry and the one over the whole zone


def document_zone(fields: Iterable[ExtractedField], schema: SchemaSpec | None) -> MrzZone | None:
    """Read the zone of the schema's field for it; None if there is none or it has no known format."""
    names = {spec.name for spec in schema.fields if spec.kind == FieldKind.MRZ} if schema else set()
    texts = (found.normalized or found.value for found in fields if found.name in names and found.value)
    text = next(texts, None)
    return parse_mrz(text.splitlines()) if text else None


def fields_without_value(zone: MrzZone | None) -> frozenset[str]:
    """Return the fields that the document does not have by its zone: given names of a holder with one name.

    Their absence says nothing if the surname fills the zone.
    """
    if zone is None or zone.value("given_names") or not zone.value("surname") or zone.may_be_truncated("surname"):
        return frozenset()
    return frozenset({"given_names"})


def missing_fields(fields: Iterable[ExtractedField], schema: SchemaSpec | None) -> frozenset[str]:
    """Return the required fields that were not found, without those that the document does not have."""
    known = tuple(fields)
    required = {spec.name for spec in schema.fields if spec.required} if schema else set()
    missing = required - {found.name for found in known if found.value}
    return frozenset(missing - fields_without_value(document_zone(known, schema))) if missing else frozenset()


def are_values_proven(fields: Iterable[ExtractedField], schema: SchemaSpec | None, today: date) -> bool:
    """Return whether all check digits of a zone agree, and no required material value is missing or contradicts it.

    Names have no check digit, but were read from the same lines.
    """
    found = {each.name: each for each in fields if each.value}
    zone = document_zone(found.values(), schema)
    if zone is None or schema is None or zone.failed_checks or zone.right_checks < _PROVING_CHECKS:
        return False
    needed = [spec.name for spec in schema.fields if spec.required and spec.material]
    return not missing_fields(found.values(), schema) and not _contradicted(zone, needed, found, today)


def _contradicted(zone: MrzZone, names: Iterable[str], found: Mapping[str, ExtractedField], today: date) -> bool:
    return any(agrees_with_zone(zone, name, found[name].normalized, today) is False for name in names if name in found)
