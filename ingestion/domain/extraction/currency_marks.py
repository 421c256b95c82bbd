"""The currency of a document: named by a label, else the mark that most of its amounts carry."""

from collections import Counter
from collections.abc import Iterator

from ingestion.domain.extraction.anchors import Hits, anchored
from ingestion.domain.extraction.candidates import Candidate
from ingestion.domain.layout.text_rows import Row, Sheet, Span
from ingestion.domain.normalize import currency_of, find_amounts, find_currency
from ingestion.domain.normalize.money import ISO_CURRENCIES, currency_mark
from ingestion.domain.schemas.fields import FieldSpec


def _labelled(sheet: Sheet, spec: FieldSpec, hits: Hits) -> Iterator[Candidate]:
    for place in anchored(sheet, hits, spec.name):
        first = place.window.text.split()[0].strip(".,;:()")
        code = currency_of(first) or find_currency(place.window.text)
        if code:
            signals = {
                "label": place.hit.score,
                "telling": place.hit.telling,
                "distance": place.distance,
                "below": float(place.direction == "below"),
                "by_code": float(first in ISO_CURRENCIES),
            }
            span = Span(place.window.row, place.window.start, place.window.start + len(first))
            yield Candidate(span.text, code, (span,), "label", signals)


def _mark(row: Row, start: int = 0, stop: int | None = None) -> Span:
    """Give the place of the first currency mark in this part of a row, without an amount beside it."""
    begin, end = currency_mark(row.text[start:stop]) or (0, len(row.text[start:stop]))
    return Span(row, start + begin, start + end)


def currencies(sheet: Sheet, spec: FieldSpec, hits: Hits) -> list[Candidate]:
    """Propose the labelled currency and those beside amounts, each with its share of all marks."""
    marks: Counter[str] = Counter()
    places: dict[str, Span] = {}
    for row in sheet.rows:
        found = {match.currency: match for match in find_amounts(row.text) if match.currency}
        alone = find_currency(row.text)
        for code in {*found, *([alone] if alone else [])} - {None}:
            marks[str(code)] += 2 if code in found else 1
            match = found.get(code)
            places.setdefault(str(code), _mark(row, match.start, match.stop) if match else _mark(row))
    total = sum(marks.values())
    made = [
        Candidate(code, code, (places[code],), "pattern", {"share": count / total})
        for code, count in marks.items()
    ]
    return [*_labelled(sheet, spec, hits), *made]
