"""Blocks of lines that belong together: an address under a name, in one column of the page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingestion.domain.extraction.anchors import LabelHitsByRow, left_edge
from ingestion.domain.layout.text_rows import DocumentRows, RowSegment, RowSpan, TextRow
from ingestion.domain.page.elements import WordSource

MAX_LINES = 8
# The gap that ends a block, in heights of a line: boxes of a font are taller than those an engine draws around ink.
LINE_GAP_NATIVE = 1.0
LINE_GAP_READ = 1.7
ALIGNED = 1.2


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Lines of one column, top to bottom."""

    lines: tuple[RowSpan, ...]

    @property
    def first(self) -> RowSpan:
        """Topmost line."""
        return self.lines[0]


def _aligned(segment: RowSegment, x0: float, unit: float) -> bool:
    return abs(segment.x0 - x0) <= ALIGNED * unit


def _widest_gap(row: TextRow) -> float:
    return LINE_GAP_NATIVE if row.words[0].source is WordSource.NATIVE else LINE_GAP_READ


def _begins_with_label(row: TextRow, segment: RowSegment, hits: LabelHitsByRow) -> bool:
    return any(hit.start <= segment.start + 2 < hit.stop for hit in hits[row.index])


def follow_block(
    doc: DocumentRows, hits: LabelHitsByRow, first: RowSpan, limit: int = MAX_LINES, gap: float | None = None
) -> TextBlock:
    """Follow a line downwards through the lines aligned with its left edge, up to a gap or a label.

    `gap` is the widest one within the block, in heights of the larger line; None for the usual gap of its words.
    """
    lines = [first]
    x0 = left_edge(doc, first)
    last = first.row
    for row in doc.rows[first.row.index + 1 : first.row.index + 1 + 3 * limit]:
        unit = min(last.height, row.height)
        widest = max(_widest_gap(row) * unit, (gap or 0.0) * max(last.height, row.height), 1.0)
        if row.page != last.page or row.y0 - last.y1 > widest or len(lines) >= limit:
            break
        segment = next((each for each in row.segments if _aligned(each, x0, unit)), None)
        if segment is None:
            continue
        if _begins_with_label(row, segment, hits):
            break
        lines.append(RowSpan(row, segment.start, segment.stop))
        last = row
    return TextBlock(tuple(lines))


def text_blocks(doc: DocumentRows, rows: Sequence[TextRow], hits: LabelHitsByRow) -> Iterator[TextBlock]:
    """Yield the blocks that begin within `rows`; a line belongs to one block."""
    taken: set[tuple[int, int]] = set()
    for row in rows:
        for segment in row.segments:
            if (row.index, segment.start) in taken:
                continue
            block = follow_block(doc, hits, RowSpan(row, segment.start, segment.stop))
            taken.update((line.row.index, line.start) for line in block.lines)
            yield block
