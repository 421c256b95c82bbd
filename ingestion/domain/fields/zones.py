"""What a machine readable zone says about the fields of a travel document."""

from datetime import date

from ingestion.domain.extraction import FieldKind, FieldSpec
from ingestion.domain.fields.candidates import Candidate
from ingestion.domain.fields.rows import Sheet, Span
from ingestion.domain.mrz import Zone, find_zone

# The parts of a zone that a field of the same name, or of these names, can take its value from.
_PARTS = {
    "document_type": "document_type", "surname": "surname", "last_name": "surname", "given_names": "given_names",
    "first_name": "given_names", "document_number": "document_number", "passport_number": "document_number",
    "nationality": "nationality", "date_of_birth": "date_of_birth", "birth_date": "date_of_birth", "sex": "sex",
    "expiry_date": "expiry_date", "issuer": "issuer", "mrz": "mrz",
}  # fmt: skip


def zone_of(sheet: Sheet) -> tuple[Zone, tuple[Span, ...]] | None:
    """Find the document's zone and the rows that hold it."""
    for page in sorted({row.page for row in sheet.rows}):
        rows = sheet.on_page(page)
        found = find_zone([row.text for row in rows])
        if found:
            zone, indices = found
            return zone, tuple(Span(rows[index], 0, len(rows[index].text)) for index in indices)
    return None


def _guarding(zone: Zone, part: str) -> str | None:
    return part if any(check.name == part for check in zone.format.checks) else None


def from_zone(spec: FieldSpec, zone: Zone, spans: tuple[Span, ...], latest: date | None) -> Candidate | None:
    """Propose what the zone says for a field; None when it says nothing of it."""
    part = _PARTS.get(spec.name)
    if part is None:
        return None
    if spec.kind is FieldKind.MRZ:
        value = normalized = zone.text
    elif spec.kind is FieldKind.DATE:
        value, normalized = zone.raw(part), zone.day(part, latest) or ""
    else:
        value = normalized = zone.value(part)
    if not normalized:
        return None
    guard = _guarding(zone, part)
    signals = {
        "zone": 1.0,
        "proven": float(guard is not None and guard not in zone.failed),
        "disproved": float(guard in zone.failed if guard else bool(zone.failed) and part == "mrz"),
        "whole": float(not zone.failed),
    }
    lines = spans if part == "mrz" else tuple(spans[line] for line in {_line(zone, part)})
    return Candidate(value, normalized, lines, "mrz", signals)


def _line(zone: Zone, part: str) -> int:
    name = "names" if part in ("surname", "given_names") else part
    return next(field.line for field in zone.format.fields if field.name == name)
