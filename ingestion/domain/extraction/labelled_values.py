"""Values that show by their form what they are (dates, amounts), joined to the labels that claim them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from ingestion.domain.extraction.anchors import Anchored, Hits, anchored
from ingestion.domain.extraction.candidates import Candidate, Found
from ingestion.domain.extraction.labels import LabelHit
from ingestion.domain.extraction.misread_amounts import slipped_amounts
from ingestion.domain.layout.text_rows import Row, Sheet, Span
from ingestion.domain.normalize import DateOrder, find_amounts, find_dates
from ingestion.domain.schemas.fields import FieldSpec

_BASE = re.compile(r"\b(?:auf|on|of|von|sur|de|base|basis|@)\W*(?:[a-z]{3}|[€$£])?\s*$")  # "VAT 19 % on 35.87"


def dates_on(sheet: Sheet, order: DateOrder, latest: date | None) -> list[Found]:
    """Find every date of the document; one that no calendar has is `impossible` and normalised to nothing."""
    found = []
    for row in sheet.rows:
        for match in find_dates(row.text):
            reading = match.read(order, latest)
            signals = {
                "ambiguous": float(reading is not None and reading.ambiguous),
                "spaced": float(match.form == "spaced"),
                "impossible": float(reading is None),
            }
            found.append(Found(Span(row, match.start, match.stop), reading.iso if reading else "", signals))
    return found


def amounts_on(sheet: Sheet) -> list[Found]:
    """Find every amount of the document; `exact` when printed with its decimals."""
    found: list[Found] = []
    for row in sheet.rows:
        first = len(found)
        for match in find_amounts(row.text):
            signals = {
                "exact": float(match.exact),
                "marked": float(match.currency is not None),
                "negative": float(match.value < 0),
                "zero": float(match.value == 0),
                "base": float(bool(_BASE.search(row.folded[: match.start]))),
            }
            found.append(Found(Span(row, match.start, match.stop), match.normalized, signals))
        slipped = list(slipped_amounts(row, found[first:]))
        whole = [item for item in found[first:] if not any(item.span.overlaps(slip.span) for slip in slipped)]
        found[first:] = sorted([*whole, *slipped], key=lambda item: item.span.start)
    return found


def claimed_by(row: Row, start: int, hits: Hits) -> LabelHit | None:
    """Give the last label to the left of `start` in its row: the one that a reader joins the value to."""
    before = [hit for hit in hits[row.index] if hit.start < start]
    return before[-1] if before else None


def _rivals(found: Found, field: str, hits: Hits) -> float:
    """Tell how far the value is another label's: 1 when the label to its left is not the field's own."""
    claim = claimed_by(found.span.row, found.span.start, hits)
    if claim is None:
        return 0.0
    same = [hit for hit in hits[claim.row.index] if (hit.start, hit.stop) == (claim.start, claim.stop)]
    return 0.0 if any(hit.field == field for hit in same) else 1.0


def _anchor_signals(place: Anchored, order: int) -> dict[str, float]:
    return {
        "label": place.hit.score,
        "telling": place.hit.telling,
        "right": float(place.direction == "right"),
        "below": float(place.direction == "below"),
        "distance": place.distance,
        "skipped": float(order),
    }


def _worth(signals: dict[str, float]) -> float:
    return (
        signals["label"]
        + signals["telling"]
        - 0.6 * signals["below"]
        - 0.5 * signals["distance"]
        - 0.4 * signals["skipped"]
    )


def _best_anchors(
    sheet: Sheet, spec: FieldSpec, hits: Hits, found: Sequence[Found]
) -> dict[int, dict[str, float]]:
    """For each value (by its index in `found`) the signals of the best label that announces it."""
    by_row: dict[int, list[int]] = {}
    for index, item in enumerate(found):
        by_row.setdefault(item.span.row.index, []).append(index)
    best: dict[int, dict[str, float]] = {}
    columns: dict[tuple[int, int, int], list[int]] = {}
    for place in anchored(sheet, hits, spec.name):
        inside = [
            index
            for index in by_row.get(place.window.row.index, [])
            if found[index].span.stop > place.window.start and found[index].span.start < place.window.stop
        ]
        for order, index in enumerate(inside):
            signals = _anchor_signals(place, order)
            if place.direction == "below":
                columns.setdefault((place.hit.row.index, place.hit.start, place.hit.stop), []).append(index)
            if index not in best or _worth(signals) > _worth(best[index]):
                best[index] = signals
    for index in _sums_of_columns(columns.values(), found):
        best[index]["column_sum"] = 1.0
    return best


def _sums_of_columns(columns: Iterable[Sequence[int]], found: Sequence[Found]) -> Iterator[int]:
    """Yield the amounts that are the sum of those above them under one label: the foot of a table."""
    for column in columns:
        if len(column) > 2 and all("exact" in found[index].signals for index in column):
            values = [Decimal(found[index].normalized) for index in column]
            if sum(values[:-1]) == values[-1]:
                yield column[-1]


def candidates_among(sheet: Sheet, spec: FieldSpec, hits: Hits, found: Iterable[Found]) -> list[Candidate]:
    """Make a candidate of each value found, with the signals of its label, its place and its repetitions."""
    listed = list(found)
    anchors = _best_anchors(sheet, spec, hits, listed)
    printed = Counter(item.normalized for item in listed)
    made = []
    for index, item in enumerate(listed):
        anchor = anchors.get(index, {})
        signals = {
            **item.signals,
            **anchor,
            "rival": _rivals(item, spec.name, hits),
            "repeated": min(printed[item.normalized] - 1, 4) / 4,
            "height": item.span.row.relative_y,
            "first_page": float(item.span.row.page == 1),
            "order": index / max(len(listed), 1),
        }
        source = "label" if anchor else "pattern"
        made.append(Candidate(item.value, item.normalized, (item.span,), source, signals))
    return made
