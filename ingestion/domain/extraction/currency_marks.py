"""Currency of a document: the one of a label, otherwise the one of most amounts."""

from collections import Counter
from collections.abc import Iterator

from ingestion.domain.extraction.anchors import LabelHitsByRow, label_anchors
from ingestion.domain.extraction.candidates import FieldCandidate
from ingestion.domain.layout.text_rows import DocumentRows, RowSpan, TextRow
from ingestion.domain.normalize import currency_of, find_amounts, find_currency
from ingestion.domain.normalize.money import ISO_CURRENCIES, currency_mark
from ingestion.domain.schemas.fields import FieldSpec


def _labelled(doc: DocumentRows, spec: FieldSpec, hits: LabelHitsByRow) -> Iterator[FieldCandidate]:
    for anchor in label_anchors(doc, hits, spec.name):
        first = anchor.window.text.split()[0].strip(".,;:()")
        code = currency_of(first) or find_currency(anchor.window.text)
        if code:
            signals = {
                "label": anchor.label.score,
                "label_priority": anchor.label.priority,
                "distance": anchor.distance,
                "below": float(anchor.direction == "below"),
                "by_code": float(first in ISO_CURRENCIES),
            }
            span = RowSpan(anchor.window.row, anchor.window.start, anchor.window.start + len(first))
            yield FieldCandidate(span.text, code, (span,), "label", signals)


def _mark(row: TextRow, start: int = 0, stop: int | None = None) -> RowSpan:
    """Return the place of the first currency mark in this part of a row, without the amount beside it."""
    begin, end = currency_mark(row.text[start:stop]) or (0, len(row.text[start:stop]))
    return RowSpan(row, start + begin, start + end)


def currency_candidates(doc: DocumentRows, spec: FieldSpec, hits: LabelHitsByRow) -> list[FieldCandidate]:
    """Propose the labelled currency and those beside amounts, each with its share of all marks."""
    marks: Counter[str] = Counter()
    places: dict[str, RowSpan] = {}
    for row in doc.rows:
        found = {match.currency: match for match in find_amounts(row.text) if match.currency}
        alone = find_currency(row.text)
        for code in {*found, *([alone] if alone else [])} - {None}:
            marks[str(code)] += 2 if code in found else 1
            match = found.get(code)
            places.setdefault(str(code), _mark(row, match.start, match.stop) if match else _mark(row))
    total = sum(marks.values())
    made = [
        FieldCandidate(code, code, (places[code],), "pattern", {"share": count / total})
        for code, count in marks.items()
    ]
    return [*_labelled(doc, spec, hits), *made]
