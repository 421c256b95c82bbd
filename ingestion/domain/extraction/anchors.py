"""Anchors of labels: the text to the right of a label, otherwise the text below it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingestion.domain.extraction.labels import LabelHit
from ingestion.domain.layout.text_rows import DocumentRows, RowSegment, RowSpan, TextRow

ROWS_BELOW = 3
MAX_GAP_BELOW = 4.0  # in heights of the label's row
_LEAD = re.compile(
    r"(?:[\s:\uff1a;.,#*=|°)\]>]|[-\u2013](?![\d.,]*\d))*(?:(?:no|nr"
    r"|n°|num)\b\.?[\s:：#.]*)?",  # noqa: RUF001 - engines read them
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class LabelAnchor:
    """Place of a possible value of a label: `distance` is 0 beside it, growing with gaps and rows."""

    label: LabelHit
    window: RowSpan
    direction: str  # right | below
    distance: float

    @property
    def signals(self) -> dict[str, float]:
        """Return the signals that the label gives to every kind of value."""
        return {
            "label": self.label.score,
            "label_priority": self.label.priority,
            "right": float(self.direction == "right"),
            "below": float(self.direction == "below"),
            "distance": self.distance,
        }

    @property
    def is_set_apart(self) -> bool:
        """Return whether the label is separate, before a colon or the only text in its column, not part of prose."""
        row, hit = self.label.row, self.label
        begins = row.segments[row.segment_at(hit.start)].start >= hit.start - 2
        after = row.text[hit.stop : hit.stop + 2].strip(" ")
        return begins and (after[:1] in ("", "\t", ":", "\uff1a", "#", ")") or self.window.row is not row)


LabelHitsByRow = Mapping[int, Sequence[LabelHit]]


def _trim(row: TextRow, start: int, stop: int) -> RowSpan | None:
    lead = _LEAD.match(row.text, start, stop)
    begin = lead.end() if lead else start
    return RowSpan(row, begin, stop) if row.text[begin:stop].strip() else None


def _next_label(row_hits: Sequence[LabelHit], after: int) -> int | None:
    return min((hit.start for hit in row_hits if hit.start >= after), default=None)


def _right(hit: LabelHit, row_hits: Sequence[LabelHit]) -> Iterator[LabelAnchor]:
    row, place = hit.row, hit.row.segment_at(hit.start)
    limit = _next_label(row_hits, hit.stop)
    for offset, segment in enumerate(row.segments[place : place + 4]):
        start = max(segment.start, hit.stop)
        stop = segment.stop if limit is None else min(segment.stop, limit)
        window = _trim(row, start, stop) if start < stop else None
        if window:
            gap = max(0.0, segment.x0 - row.segments[place].x1) / max(row.x1 - row.x0, 1.0) if offset else 0.0
            yield LabelAnchor(hit, window, "right", gap + 0.5 * max(0, offset - 1))


def left_edge(doc: DocumentRows, span: RowSpan) -> float:
    """Return the x, in pixels, where a span's first word begins."""
    return span.words[0].bbox.x0 * doc.page_widths[span.row.page]


def right_edge(doc: DocumentRows, span: RowSpan) -> float:
    """Return the x, in pixels, where a span's last word ends."""
    return span.words[-1].bbox.x1 * doc.page_widths[span.row.page]


def _under(segment: RowSegment, x0: float, x1: float, unit: float) -> bool:
    shared = min(segment.x1, x1) - max(segment.x0, x0)
    aligned = min(abs(segment.x0 - x0), abs(segment.x1 - x1)) < 1.5 * unit
    return aligned or shared > 0.4 * min(segment.x1 - segment.x0, x1 - x0)


def _below(doc: DocumentRows, hit: LabelHit, hits: LabelHitsByRow) -> Iterator[LabelAnchor]:
    label = RowSpan(hit.row, hit.start, hit.stop)
    x0, x1 = left_edge(doc, label), right_edge(doc, label)
    for row in rows_below(doc, hit.row, ROWS_BELOW, MAX_GAP_BELOW):
        for segment in row.segments:
            labelled = any(other.start <= segment.start + 2 < other.stop for other in hits[row.index])
            if labelled or not _under(segment, x0, x1, hit.row.height):
                continue
            limit = _next_label(hits[row.index], segment.start)
            window = _trim(row, segment.start, segment.stop if limit is None else min(segment.stop, limit))
            if window:
                gap = (row.y0 - hit.row.y1) / max(hit.row.height, 1.0)
                yield LabelAnchor(hit, window, "below", 0.5 + max(0.0, gap) / MAX_GAP_BELOW)


def rows_below(doc: DocumentRows, row: TextRow, count: int, reach: float) -> Iterator[TextRow]:
    """Yield at most `count` rows under `row` on its page, within `reach` of its heights."""
    for other in doc.rows[row.index + 1 : row.index + 1 + count]:
        if other.page != row.page or other.y0 - row.y1 > reach * row.height:
            return
        yield other


def label_anchors(doc: DocumentRows, hits: LabelHitsByRow, field: str) -> Iterator[LabelAnchor]:
    """Yield the places beside and below each label of `field`."""
    for row_hits in hits.values():
        for hit in row_hits:
            if hit.field == field:
                yield from _right(hit, row_hits)
                yield from _below(doc, hit, hits)
