"""What a machine readable zone says about the fields of a travel document."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ingestion.domain.extraction.candidates import Candidate, best_of_each
from ingestion.domain.layout.text_rows import Sheet, Span
from ingestion.domain.normalize import letters_and_digits
from ingestion.domain.normalize.mrz import Zone, find_zone
from ingestion.domain.schemas.fields import FieldKind, FieldSpec

SURE = 0.9

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


_TRANSLITERATED = {
    "Ä": "AE",
    "Ö": "OE",
    "Ü": "UE",
    "ß": "SS",
    "Æ": "AE",
    "Œ": "OE",
    "Ø": "OE",
    "Å": "AA",
    "Ñ": "N",
    "Þ": "TH",
    "Ð": "D",
    "Ĳ": "IJ",
}  # fmt: skip - Doc 9303-3, section 6


def _as_in_zone(text: str) -> str:
    return letters_and_digits("".join(_TRANSLITERATED.get(character, character) for character in text.upper()))


def _agree(printed: Candidate, zone: Candidate) -> bool:
    if printed.normalized == zone.normalized:
        return True
    return bool(printed.normalized) and _as_in_zone(printed.normalized) == _as_in_zone(zone.normalized)


def _surely_read(candidate: Candidate) -> bool:
    confidences = [word.confidence for span in candidate.spans for word in span.words]
    return candidate.signals.get("label", 0.0) >= SURE and min(confidences, default=0.0) >= SURE


def joined(zone: Candidate, printed: Sequence[Candidate]) -> list[Candidate]:
    """Order a field's candidates where a zone speaks of it too.

    Agreement proves the printed spelling, which keeps its accents. Where they differ, a printed value that
    was labelled and surely read comes first, for a person must see what the page says; otherwise the zone does.
    """
    agreeing = next((each for each in printed if _agree(each, zone)), None)
    if agreeing:
        value = agreeing if _surely_read(agreeing) or agreeing.normalized != zone.normalized else zone
        first = value.with_signals(agreed=1.0, proven=zone.signals["proven"])
        return best_of_each([replace(first, score=zone.score + agreeing.score), *printed])
    rivals = [each for each in printed[:1] if _surely_read(each)]
    if rivals:
        first = replace(rivals[0], score=zone.score + 1.0).with_signals(disagrees=1.0)
        return best_of_each([first, zone, *printed[1:]])
    return best_of_each([zone, *printed])


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
