"""Values recognised by their form (dates, amounts), joined to their labels."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from ingestion.domain.extraction.anchors import LabelHitsByRow, label_anchors
from ingestion.domain.extraction.candidates import FieldCandidate, ValueMatch
from ingestion.domain.extraction.labels import LabelHit
from ingestion.domain.extraction.misread_amounts import misread_amounts
from ingestion.domain.layout.text_rows import MAX_LABEL_REACH, DocumentRows, RowSpan, TextRow
from ingestion.domain.normalize import DateOrder, NumberStyle, find_amounts
from ingestion.domain.normalize.dates import DateMatch
from ingestion.domain.schemas.fields import FieldSpec

_BASE = re.compile(r"\b(?:auf|on|of|von|sur|de|base|basis|@)\W*+(?:[a-z]{3}|[€$£])?\s*$")  # "VAT 19 % on 35.87"

PrintedDate = tuple[RowSpan, DateMatch]


def printed_dates(doc: DocumentRows) -> list[PrintedDate]:
    """Find every date of the document."""
    return [(RowSpan(row, match.start, match.stop), match) for row in doc.rows for match in row.dates]


def read_dates(found: Iterable[PrintedDate], order: DateOrder, latest: date | None) -> Iterator[ValueMatch]:
    """Read the dates found; a date outside the calendar is `impossible` and normalised to nothing."""
    for span, match in found:
        reading = match.read(order, latest)
        signals = {
            "ambiguous": float(reading is not None and reading.ambiguous),
            "spaced": float(match.form == "spaced"),
            "impossible": float(reading is None),
        }
        yield ValueMatch(span, reading.iso if reading else "", signals)


def printed_amounts(doc: DocumentRows, style: NumberStyle) -> list[ValueMatch]:
    """Find every amount of the document; `exact` if printed as the document prints amounts: with decimals or whole."""
    found: list[ValueMatch] = []
    for row in doc.rows:
        first = len(found)
        for match in row.amounts if style == row.numbers else find_amounts(row.text, style):
            signals = {
                "exact": float(match.is_exact(style)),
                "marked": float(bool(match.mark)),
                "grouped": float(match.is_grouped),
                "ambiguous": float(match.is_ambiguous),
                "negative": float(match.value < 0),
                "zero": float(match.value == 0),
                "base": float(bool(_BASE.search(row.folded, max(0, match.start - MAX_LABEL_REACH), match.start))),
            }
            found.append(ValueMatch(RowSpan(row, match.start, match.stop), match.normalized, signals))
        misread = list(misread_amounts(row, found[first:]))
        whole = [item for item in found[first:] if not any(item.span.overlaps(other.span) for other in misread)]
        found[first:] = sorted([*whole, *misread], key=lambda item: item.span.start)
    return found


def label_left_of(row: TextRow, start: int, hits: LabelHitsByRow) -> LabelHit | None:
    """Return the last label to the left of `start` in its row: the one that a reader joins the value to."""
    before = [hit for hit in hits[row.index] if hit.start < start]
    return before[-1] if before else None


def _rival_label(found: ValueMatch, field: str, hits: LabelHitsByRow) -> float:
    """Return 1 if the label to the left of the value is not one of the field's, otherwise 0."""
    nearest = label_left_of(found.span.row, found.span.start, hits)
    if nearest is None:
        return 0.0
    same = [hit for hit in hits[nearest.row.index] if (hit.start, hit.stop) == (nearest.start, nearest.stop)]
    return 0.0 if any(hit.field == field for hit in same) else 1.0


def _anchor_score(signals: dict[str, float]) -> float:
    return (
        signals["label"]
        + signals["label_priority"]
        - 0.6 * signals["below"]
        - 0.5 * signals["distance"]
        - 0.4 * signals["skipped"]
    )


def _best_anchors(
    doc: DocumentRows, spec: FieldSpec, hits: LabelHitsByRow, found: Sequence[ValueMatch]
) -> dict[int, dict[str, float]]:
    """Return for each value (by its index in `found`) the signals of its best label."""
    by_row: dict[int, list[int]] = {}
    for index, item in enumerate(found):
        by_row.setdefault(item.span.row.index, []).append(index)
    best: dict[int, dict[str, float]] = {}
    columns: dict[tuple[int, int, int], list[int]] = {}
    for anchor in label_anchors(doc, hits, spec.name):
        inside = [
            index
            for index in by_row.get(anchor.window.row.index, [])
            if found[index].span.stop > anchor.window.start and found[index].span.start < anchor.window.stop
        ]
        for order, index in enumerate(inside):
            signals = anchor.signals | {"skipped": float(order)}
            if anchor.direction == "below":
                columns.setdefault((anchor.label.row.index, anchor.label.start, anchor.label.stop), []).append(index)
            if index not in best or _anchor_score(signals) > _anchor_score(best[index]):
                best[index] = signals
    for index in _sums_of_columns(columns.values(), found):
        best[index]["column_sum"] = 1.0
    return best


def _sums_of_columns(columns: Iterable[Sequence[int]], found: Sequence[ValueMatch]) -> Iterator[int]:
    """Yield the amounts that are the sum of those above them under one label: the foot of a table."""
    for column in columns:
        if len(column) > 2 and all("exact" in found[index].signals for index in column):
            values = [Decimal(found[index].normalized) for index in column]
            if sum(values[:-1]) == values[-1]:
                yield column[-1]


def candidates_from(
    doc: DocumentRows, spec: FieldSpec, hits: LabelHitsByRow, found: Iterable[ValueMatch]
) -> list[FieldCandidate]:
    """Create a candidate from each value found, with the signals of its label, its place and its repetitions."""
    listed = list(found)
    anchors = _best_anchors(doc, spec, hits, listed)
    printed = Counter(item.normalized for item in listed)
    made = []
    for index, item in enumerate(listed):
        anchor = anchors.get(index, {})
        signals = {
            **item.signals,
            **anchor,
            "rival": _rival_label(item, spec.name, hits),
            "repeated": min(printed[item.normalized] - 1, 4) / 4,
            "height": item.span.row.relative_y,
            "first_page": float(item.span.row.page == 1),
            "order": index / max(len(listed), 1),
        }
        source = "label" if anchor else "pattern"
        made.append(FieldCandidate(item.value, item.normalized, (item.span,), source, signals))
    return made
