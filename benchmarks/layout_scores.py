"""What a layout got right, against a paper whose truth is known."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingestion.domain.layout import Block, BlockKind, PageReading
from ingestion.domain.words import similarity
from samples.blocks.truth import BlockTruth, Paper
from samples.scan.geometry import Placement, map_box

LIKE = 0.8  # a cell's text as OCR reads it
MARKS = (BlockKind.FIGURE, BlockKind.SIGNATURE, BlockKind.CHECK_BOX, BlockKind.STAMP)
Box = tuple[float, float, float, float]


@dataclass(slots=True)
class Tally:
    """What was found right of what there was, and what was found that was not there."""

    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    there: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    invented: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    pairs: int = 0
    adjacent: int = 0
    cells: int = 0
    cells_found: int = 0
    cells_right: int = 0
    seconds: list[float] = field(default_factory=list)

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Yield a row for each kind of block."""
        for kind in (kind.value for kind in BlockKind):
            if self.there[kind] or self.invented[kind]:
                yield kind, f"{self.right[kind]} of {self.there[kind]}", str(self.invented[kind])

    def sums(self) -> tuple[str, str, str]:
        """Give kinds, order and cells as shares."""
        kinds = sum(self.right.values()) / max(sum(self.there.values()), 1)
        cells = 2 * self.cells_right / max(self.cells + self.cells_found, 1)
        return f"{kinds:.3f}", f"{self.adjacent / max(self.pairs, 1):.3f}", f"{cells:.3f}"


def compare(
    paper: Paper, pages: Sequence[PageReading], placements: Sequence[Placement] | None, tally: Tally
) -> None:
    """Count what was found on a paper's pages; `placements` say where a scan has what was printed."""
    for page in pages:
        laid = placements[page.number - 1] if placements else None
        truths = paper.on_page(page.number)
        found = [
            _word_at(page, _placed(w.box, paper, page, laid)) for w in paper.drawing.words if w.page == page.number
        ]
        _count_kinds(truths, page, found, [_placed(truth.box, paper, page, laid) for truth in truths], tally)
        _count_pairs([index for index in found if index is not None], tally)


def _placed(box: Box, paper: Paper, page: PageReading, laid: Placement | None) -> Box:
    sheet = paper.drawing.sheets[page.number - 1]
    share = (box[0] / sheet.width, box[1] / sheet.height, box[2] / sheet.width, box[3] / sheet.height)
    return map_box(laid, share) if laid else share


def _count_pairs(told: Sequence[int], tally: Tally) -> None:
    """Count the printed words that follow one another as they ought to; extra words between count for nothing."""
    tally.pairs += max(len(told) - 1, 0)
    places = {index: at for at, index in enumerate(sorted(set(told)))}
    tally.adjacent += sum(places[b] - places[a] in (0, 1) for a, b in pairwise(told))


def _word_at(page: PageReading, box: Box) -> int | None:
    """Give the word read where a printed one stands; OCR may have read several as one."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    inside = (
        index
        for index, word in enumerate(page.words)
        if word.bbox.x0 <= x <= word.bbox.x1 and word.bbox.y0 <= y <= word.bbox.y1
    )
    return next(inside, None)


def _count_kinds(
    truths: tuple[BlockTruth, ...],
    page: PageReading,
    found: Sequence[int | None],
    boxes: Sequence[Box],
    tally: Tally,
) -> None:
    kinds = _kind_of_words(page)
    free = [block for block in page.blocks if block.kind in MARKS]
    at = 0
    for truth, box in zip(truths, boxes, strict=True):
        tally.there[truth.kind] += 1
        if truth.kind in MARKS:
            tally.right[truth.kind] += _take(free, truth, box)
        else:
            own = [index for index in found[at : at + len(truth.words)] if index is not None]
            tally.right[truth.kind] += 2 * sum(kinds[index] == truth.kind for index in own) > len(own)
            if truth.cells:
                _count_cells(truth, page, own, tally)
        at += len(truth.words) if truth.kind != BlockKind.CHECK_BOX else 0
    for block in free:
        tally.invented[block.kind.value] += 1


def _kind_of_words(page: PageReading) -> dict[int, str]:
    return {
        index: block.kind.value
        for block in page.blocks
        if block.kind is not BlockKind.CHECK_BOX
        for index in range(block.start, block.stop)
    }


def _take(free: list[Block], truth: BlockTruth, box: Box) -> bool:
    """Say whether a mark was found at its place, in its state; each counts once."""
    for block in free:
        x, y = (block.bbox.x0 + block.bbox.x1) / 2, (block.bbox.y0 + block.bbox.y1) / 2
        here = box[0] <= x <= box[2] and box[1] <= y <= box[3]
        if block.kind.value == truth.kind and here and block.checked == truth.checked:
            free.remove(block)
            return True
    return False


def _count_cells(truth: BlockTruth, page: PageReading, own: Sequence[int], tally: Tally) -> None:
    tables = [b for b in page.blocks if b.table and any(b.start <= index < b.stop for index in own)]
    found = {
        (cell.row, cell.column, cell.row_span, cell.column_span): "".join(
            word.text for word in page.words[cell.start : cell.stop]
        )
        for block in tables[:1]
        if block.table
        for cell in block.table.cells
    }
    wanted = {(c.row, c.column, c.row_span, c.column_span): c.text.replace(" ", "") for c in truth.cells}
    tally.cells += len(wanted)
    tally.cells_found += len(found)
    tally.cells_right += sum(similarity(text, found[key]) >= LIKE for key, text in wanted.items() if key in found)
