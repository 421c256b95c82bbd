"""Fields of a travel document from its machine readable zone (MRZ)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from ingestion.domain.extraction.candidates import FieldCandidate, best_per_value
from ingestion.domain.layout.text_rows import DocumentRows, RowSpan, TextRow, rows_in_direction
from ingestion.domain.normalize import letters_and_digits
from ingestion.domain.normalize.mrz import MrzZone, agrees_with_zone, find_mrz, zone_value
from ingestion.domain.page.elements import PageReading
from ingestion.domain.page.rotation import QUARTER_TURNS
from ingestion.domain.schemas.fields import FieldKind, FieldSpec

SURE_CONFIDENCE = 0.9
FILLERS = "<<"
MAX_LENGTH_DIFFERENCE = 2  # of two readings of one number

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
    """Find the document's zone and the parts of rows that contain it, also in another direction than its page.

    The first without a wrong check digit counts, otherwise the first of those with the fewest.
    """
    best: tuple[MrzZone, tuple[RowSpan, ...]] | None = None
    for rows in (rows for page in doc.pages for rows in _rows_of(doc, page)):
        found = _zone_in(rows)
        if found and (best is None or len(found[0].failed_checks) < len(best[0].failed_checks)):
            best = found
        if best and not best[0].failed_checks:
            break
    return best


def _rows_of(doc: DocumentRows, page: PageReading) -> Iterator[Sequence[TextRow]]:
    """Yield the rows of a page, then, if it has fillers, those in each other direction."""
    upright = doc.on_page(page.number)
    yield upright
    if any(FILLERS in word.text for word in page.words):
        used = upright[0].quarter_turns if upright else 0
        for more in range(1, QUARTER_TURNS):
            yield rows_in_direction(page, (used + more) % QUARTER_TURNS)


def _zone_in(rows: Sequence[TextRow]) -> tuple[MrzZone, tuple[RowSpan, ...]] | None:
    found = find_mrz([row.text for row in rows])
    if found is None:
        return None
    return found.zone, tuple(RowSpan(rows[span.index], span.start, span.stop) for span in found.spans)


def _surely_read(candidate: FieldCandidate) -> bool:
    confidences = [word.confidence for span in candidate.spans for word in span.words]
    return candidate.signals.get("label", 0.0) >= SURE_CONFIDENCE and min(confidences, default=0.0) >= SURE_CONFIDENCE


def _contradicts(spec: FieldSpec, printed: FieldCandidate, proposed: FieldCandidate) -> bool:
    """Return whether a printed value, surely read, is another reading of the field.

    Documents print other numbers with similar labels: one of another length than a proven number is none of it.
    """
    if spec.kind == FieldKind.IDENTIFIER and proposed.signals["proven"]:
        difference = len(letters_and_digits(printed.normalized)) - len(letters_and_digits(proposed.normalized))
        return abs(difference) <= MAX_LENGTH_DIFFERENCE and _surely_read(printed)
    return _surely_read(printed)


def merge_zone_candidate(
    spec: FieldSpec, zone: MrzZone, proposed: FieldCandidate, printed: Sequence[FieldCandidate], latest: date | None
) -> list[FieldCandidate]:
    """Order a field's candidates if the zone provides its value too.

    Agreement proves the printed spelling of names, which keeps their accents; of numbers, that of the zone. If they
    differ, a printed value with a label and a high confidence comes first, because a person must see what the page
    says; otherwise the zone does.
    """
    judged = [(each, agrees_with_zone(zone, _PARTS[spec.name], each.normalized, latest)) for each in printed]
    agreeing = next((each for each, agrees in judged if agrees), None)
    if agreeing:
        value = agreeing if _surely_read(agreeing) or agreeing.normalized != proposed.normalized else proposed
        if spec.kind == FieldKind.IDENTIFIER or _PARTS[spec.name] == "sex":
            value = replace(value, normalized=proposed.normalized)
        first = value.with_signals(agreed=1.0, proven=proposed.signals["proven"])
        return best_per_value([replace(first, score=proposed.score + agreeing.score), *printed])
    rivals = [each for each, agrees in judged[:1] if agrees is False and _contradicts(spec, each, proposed)]
    if rivals:
        first = replace(rivals[0], score=proposed.score + 1.0).with_signals(disagrees=1.0)
        return best_per_value([first, proposed, *printed[1:]])
    return best_per_value([proposed, *printed])


def _guarding(zone: MrzZone, part: str) -> str | None:
    return part if any(check.name == part for check in zone.format.checks) else None


def zone_candidate(
    spec: FieldSpec, zone: MrzZone, spans: tuple[RowSpan, ...], latest: date | None
) -> FieldCandidate | None:
    """Propose the zone's value of a field; None if the zone does not have it."""
    part = _PARTS.get(spec.name)
    if part is None:
        return None
    normalized = zone.text if spec.kind == FieldKind.MRZ else zone_value(zone, part, latest)
    if not normalized:
        return None
    guard = _guarding(zone, part)
    signals = {
        "zone": 1.0,
        "proven": float(guard is not None and guard not in zone.failed_checks),
        "disproved": float(guard in zone.failed_checks if guard else bool(zone.failed_checks) and part == "mrz"),
        "whole": float(not zone.failed_checks),
    }
    field = zone.format.field(part) or zone.format.field("names")
    lines = spans if part == "mrz" or field is None else (spans[field.line],)
    value = zone.raw_part(part) if spec.kind == FieldKind.DATE else normalized
    return FieldCandidate(value, normalized, lines, "mrz", signals)
