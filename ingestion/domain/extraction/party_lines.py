"""Lines of a page that belong to one party by a label above or beside them: "Bill to", "Rechnung an"."""

from collections.abc import Iterable, Iterator, Sequence

from ingestion.domain.extraction.anchors import LabelAnchor, LabelHitsByRow, label_anchors
from ingestion.domain.extraction.candidates import FieldCandidate
from ingestion.domain.extraction.text_blocks import follow_block
from ingestion.domain.layout.text_rows import DocumentRows, RowSegment, RowSpan, TextRow

COVERED = 0.8  # share of a text that is a label and nothing else


def lines_of_party(doc: DocumentRows, hits: LabelHitsByRow, field: str) -> tuple[RowSpan, ...]:
    """Return the lines of the blocks under, or the text beside, the labels of a party."""
    anchors: dict[tuple[int, int], list[LabelAnchor]] = {}
    for anchor in label_anchors(doc, hits, field):
        if anchor.is_set_apart and any(map(str.isalpha, anchor.window.text)):
            anchors.setdefault((anchor.label.row.index, anchor.label.start), []).append(anchor)
    return tuple(line for found in anchors.values() for line in _lines_at(doc, hits, found))


def _lines_at(doc: DocumentRows, hits: LabelHitsByRow, anchors: list[LabelAnchor]) -> Sequence[RowSpan]:
    """Return the block beside a label in its column, else the one below it, else the one in the next column."""
    beside = [anchor for anchor in anchors if anchor.direction == "right"]
    below = [anchor for anchor in anchors if anchor.direction == "below"]
    if below and not (beside and _in_column(beside[0])):
        return follow_block(doc, hits, below[0].window).lines
    return follow_block(doc, hits, beside[0].window).lines if beside else ()


def _in_column(anchor: LabelAnchor) -> bool:
    row = anchor.label.row
    return row.segment_at(anchor.label.start) == row.segment_at(anchor.window.start)


def outside(found: Iterable[FieldCandidate], lines: Iterable[RowSpan]) -> Iterator[FieldCandidate]:
    """Yield the candidates that share no text with `lines`."""
    by_row: dict[int, list[RowSpan]] = {}
    for line in lines:
        by_row.setdefault(line.row.index, []).append(line)
    for candidate in found:
        if not any(span.overlaps(line) for span in candidate.spans for line in by_row.get(span.row.index, ())):
            yield candidate


def is_labelled_value(row: TextRow, segment: RowSegment, hits: LabelHitsByRow) -> bool:
    """Return whether a text is a label, alone or with a number or a colon behind it: "Invoice number: LC-3702"."""
    for hit in hits[row.index]:
        if segment.start <= hit.start <= segment.start + 2:
            rest = row.text[hit.stop : segment.stop]
            covers = hit.stop - segment.start >= COVERED * (segment.stop - segment.start)
            return covers or ":" in rest[:3] or any(map(str.isdigit, rest))
    return False
