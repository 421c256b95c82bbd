"""Fields of a travel document from its machine readable zone (MRZ)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ingestion.domain.extraction.candidates import FieldCandidate, best_per_value
from ingestion.domain.layout.text_rows import DocumentRows, RowSpan
from ingestion.domain.normalize import letters_and_digits
from ingestion.domain.normalize.mrz import MrzZone, find_mrz
from ingestion.domain.schemas.fields import FieldKind, FieldSpec

SURE_CONFIDENCE = 0.9

# The parts of a zone that provide the value of a field of the same name, or of these names.
_PARTS = {
    part: part
    for part in (
        "document_type surname given_names document_number nationality date_of_birth sex expiry_date issuer mrz"
    ).split()
} | {
    "last_name": "surname",
    "first_name": "given_names",
    "passport_number": "document_number",
    "birth_date": "date_of_birth",
}


def find_document_zone(doc: DocumentRows) -> tuple[MrzZone, tuple[RowSpan, ...]] | None:
    """Find the document's zone and the rows that contain it."""
    for page in sorted({row.page for row in doc.rows}):
        rows = doc.on_page(page)
        found = find_mrz([row.text for row in rows])
        if found:
            zone, indices = found
            return zone, tuple(RowSpan(rows[index], 0, len(rows[index].text)) for index in indices)
    return None


_TRANSLITERATION = "Ä=AE Ö=OE Ü=UE ß=SS Æ=AE Œ=OE Ø=OE Å=AA Ñ=N Þ=TH Ð=D Ĳ=IJ"  # Doc 9303-3, section 6
_TRANSLITERATED = dict(pair.split("=") for pair in _TRANSLITERATION.split())


def _as_in_zone(text: str) -> str:
    return letters_and_digits("".join(_TRANSLITERATED.get(character, character) for character in text.upper()))


def _agree(printed: FieldCandidate, zone: FieldCandidate) -> bool:
    if printed.normalized == zone.normalized:
        return True
    return bool(printed.normalized) and _as_in_zone(printed.normalized) == _as_in_zone(zone.normalized)


def _surely_read(candidate: FieldCandidate) -> bool:
    confidences = [word.confidence for span in candidate.spans for word in span.words]
    return candidate.signals.get("label", 0.0) >= SURE_CONFIDENCE and min(confidences, default=0.0) >= SURE_CONFIDENCE


def merge_zone_candidate(zone: FieldCandidate, printed: Sequence[FieldCandidate]) -> list[FieldCandidate]:
    """Order a field's candidates if the zone provides its value too.

    Agreement proves the printed spelling, which keeps its accents. If they differ, a printed value with a label and a
    high confidence comes first, because a person must see what the page says; otherwise the zone does.
    """
    agreeing = next((each for each in printed if _agree(each, zone)), None)
    if agreeing:
        value = agreeing if _surely_read(agreeing) or agreeing.normalized != zone.normalized else zone
        first = value.with_signals(agreed=1.0, proven=zone.signals["proven"])
        return best_per_value([replace(first, score=zone.score + agreeing.score), *printed])
    rivals = [each for each in printed[:1] if _surely_read(each)]
    if rivals:
        first = replace(rivals[0], score=zone.score + 1.0).with_signals(disagrees=1.0)
        return best_per_value([first, zone, *printed[1:]])
    return best_per_value([zone, *printed])


def _guarding(zone: MrzZone, part: str) -> str | None:
    return part if any(check.name == part for check in zone.format.checks) else None


def zone_candidate(
    spec: FieldSpec, zone: MrzZone, spans: tuple[RowSpan, ...], latest: date | None
) -> FieldCandidate | None:
    """Propose the zone's value of a field; None if the zone does not have it."""
    part = _PARTS.get(spec.name)
    if part is None:
        return None
    if spec.kind == FieldKind.MRZ:
        value = normalized = zone.text
    elif spec.kind == FieldKind.DATE:
        value, normalized = zone.raw_part(part), zone.iso_date(part, latest) or ""
    else:
        value = normalized = zone.value(part)
    if not normalized:
        return None
    guard = _guarding(zone, part)
    signals = {
        "zone": 1.0,
        "proven": float(guard is not None and guard not in zone.failed_checks),
        "disproved": float(guard in zone.failed_checks if guard else bool(zone.failed_checks) and part == "mrz"),
        "whole": float(not zone.failed_checks),
    }
    lines = spans if part == "mrz" else tuple(spans[line] for line in {_line(zone, part)})
    return FieldCandidate(value, normalized, lines, "mrz", signals)


def _line(zone: MrzZone, part: str) -> int:
    name = "names" if part in ("surname", "given_names") else part
    return next(field.line for field in zone.format.fields if field.name == name)
