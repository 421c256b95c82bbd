"""What a layout got right, against a paper whose truth is known."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from benchmarks.table_scores import Cells, alike, cells_right
from ingestion.domain.page.elements import Block, BlockKind, PageReading
from samples.blocks.truth import BlockTruth, Paper
from samples.scan.geometry import Placement, map_box

MARKS = (BlockKind.FIGURE, BlockKind.SIGNATURE, BlockKind.CHECK_BOX)  # told by their place, for they have no words
SAME = 0.5  # share of all words of two blocks that they have in common
RESAMPLES = 1000
Box = tuple[float, float, float, float]
FoundTable = tuple[Box, Cells]


@dataclass(slots=True)
class Tally:
    """What was found right of what there was, on one paper or several."""

    right: Counter[str] = field(default_factory=Counter)
    there: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    trees: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def total(tallies: Sequence[Tally]) -> Tally:
    """Add up."""
    whole = Tally()
    for one in tallies:
        whole.right += one.right
        whole.there += one.there
        whole.found += one.found
        whole.counts += one.counts
        whole.trees += one.trees
        whole.seconds += one.seconds
    return whole


def _share(right: float, of: float) -> float:
    return right / of if of else 0.0


FIGURES: dict[str, Callable[[Tally], float]] = {
    "kinds": lambda t: _share(2 * t.right.total(), t.there.total() + t.found.total()),
    "pairs": lambda t: _share(t.counts["pairs right"], t.counts["pairs"]),
    "neighbours": lambda t: _share(t.counts["neighbours right"], t.counts["neighbours"]),
    "cells": lambda t: _share(2 * t.counts["cells right"], t.counts["cells"] + t.counts["cells found"]),
    "trees": lambda t: _share(sum(t.trees), len(t.trees)),
}


def with_interval(tallies: Sequence[Tally], figure: Callable[[Tally], float]) -> str:
    """Write a figure with its 95 % interval, by the bootstrap over papers on a fixed stream."""
    rng = Random(2024)  # noqa: S311 - a fixed stream, so that two runs agree
    drawn = sorted(figure(total(rng.choices(tallies, k=len(tallies)))) for _ in range(RESAMPLES))
    low, high = drawn[int(0.025 * RESAMPLES)], drawn[int(0.975 * RESAMPLES)]
    return f"{figure(total(tallies)):.3f} ({low:.3f} to {high:.3f})"


def rows_of(whole: Tally) -> Iterator[tuple[str, str, str, str]]:
    """Yield a row for each kind of block: right of those there, found, F1."""
    for kind in (kind.value for kind in BlockKind):
        right, there, found = whole.right[kind], whole.there[kind], whole.found[kind]
        if there or found:
            yield kind, f"{right} of {there}", str(found), f"{_share(2 * right, there + found):.3f}"


def compare(paper: Paper, pages: Sequence[PageReading], placements: Sequence[Placement] | None) -> Tally:
    """Count what was found on a paper's pages; `placements` say where a scan has what was printed."""
    tally = Tally()
    for page in pages:
        laid = placements[page.number - 1] if placements else None
        places = printed(paper, page.number, laid)
        boxes = [word.bbox for word in page.words]
        told = told_at([(b.x0, b.y0, b.x1, b.y1) for b in boxes], places)
        truths = paper.on_page(page.number)
        areas = [placed(truth.box, paper, page.number, laid) for truth in truths]
        _count_kinds(truths, page, told, areas, tally)
        count_order([index for index in told if index is not None], tally)
        count_tables(truths, areas, [_found_table(page, block) for block in page.blocks if block.table], tally)
    return tally


def printed(paper: Paper, number: int, laid: Placement | None) -> list[Box]:
    """Give where a page's words were printed, in the order of reading."""
    return [placed(word.box, paper, number, laid) for word in paper.drawing.words if word.page == number]


def placed(box: Box, paper: Paper, number: int, laid: Placement | None) -> Box:
    """Give a box in shares of the page, or of its scan."""
    sheet = paper.drawing.sheets[number - 1]
    share = (box[0] / sheet.width, box[1] / sheet.height, box[2] / sheet.width, box[3] / sheet.height)
    return map_box(laid, share) if laid else share


def told_at(words: Sequence[Box], places: Sequence[Box]) -> list[int | None]:
    """Give the word read where each printed one stands; OCR may have read several as one."""
    return [_word_at(words, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for box in places]


def _word_at(words: Sequence[Box], x: float, y: float) -> int | None:
    return next((n for n, box in enumerate(words) if box[0] <= x <= box[2] and box[1] <= y <= box[3]), None)


def count_order(told: Sequence[int], tally: Tally) -> None:
    """Count neighbours that follow one another, and all pairs whose first comes first (tau is 2p - 1)."""
    places = {index: at for at, index in enumerate(sorted(set(told)))}
    tally.counts["neighbours"] += max(len(told) - 1, 0)
    tally.counts["neighbours right"] += sum(places[b] - places[a] in (0, 1) for a, b in pairwise(told))
    once = list(dict.fromkeys(told))
    tally.counts["pairs"] += len(once) * (len(once) - 1) // 2
    before: list[int] = []
    for index in once:
        tally.counts["pairs right"] += bisect_left(before, index)
        insort(before, index)


def _count_kinds(
    truths: Sequence[BlockTruth],
    page: PageReading,
    told: Sequence[int | None],
    areas: Sequence[Box],
    tally: Tally,
) -> None:
    marks = [block for block in page.blocks if block.kind in MARKS]
    prints = [block for block in page.blocks if block.kind not in MARKS]
    tally.found.update(block.kind.value for block in page.blocks)
    tally.there.update(truth.kind for truth in truths)
    at = 0
    for truth, area in zip(truths, areas, strict=True):
        if truth.kind in MARKS:
            taken = _mark_at(marks, truth, area)
        else:
            own = {index for index in told[at : at + len(truth.words)] if index is not None}
            taken = _print_of(prints, truth, own)
            at += len(truth.words)
        tally.right[truth.kind] += taken


def _mark_at(free: list[Block], truth: BlockTruth, area: Box) -> bool:
    """Say whether a mark was found at its place, in its state; each counts once."""
    for block in free:
        x, y = (block.bbox.x0 + block.bbox.x1) / 2, (block.bbox.y0 + block.bbox.y1) / 2
        here = area[0] <= x <= area[2] and area[1] <= y <= area[3]
        if block.kind.value == truth.kind and here and block.checked == truth.checked:
            free.remove(block)
            return True
    return False


def _print_of(free: list[Block], truth: BlockTruth, own: set[int]) -> bool:
    """Say whether a block of the kind holds these words and few others; each counts once."""
    for block in free:
        held = set(range(block.start, block.stop))
        if block.kind.value == truth.kind and len(own & held) > SAME * len(own | held):
            free.remove(block)
            return True
    return False


def _found_table(page: PageReading, block: Block) -> FoundTable:
    cells = {
        (cell.row, cell.column, cell.row_span, cell.column_span): "".join(
            word.text for word in page.words[cell.start : cell.stop]
        )
        for cell in (block.table.cells if block.table else ())
    }
    return (block.bbox.x0, block.bbox.y0, block.bbox.x1, block.bbox.y1), cells


def count_tables(
    truths: Sequence[BlockTruth], areas: Sequence[Box], found: Sequence[FoundTable], tally: Tally
) -> None:
    """Compare each table with the one found in its place; what is found besides has cells that nobody wanted."""
    free = list(found)
    for truth, area in zip(truths, areas, strict=True):
        if not truth.cells:
            continue
        wanted = {(c.row, c.column, c.row_span, c.column_span): c.text.replace(" ", "") for c in truth.cells}
        best = max(free, key=lambda one: _common(one[0], area), default=None)
        cells: Cells = {}
        if best is not None and _common(best[0], area) > 0:
            cells = best[1]
            free.remove(best)
        tally.counts["cells"] += len(wanted)
        tally.counts["cells found"] += len(cells)
        tally.counts["cells right"] += cells_right(wanted, cells)
        tally.trees.append(alike(wanted, cells) if cells else 0.0)
    tally.counts["cells found"] += sum(len(cells) for _, cells in free)


def _common(a: Box, b: Box) -> float:
    return max(min(a[2], b[2]) - max(a[0], b[0]), 0.0) * max(min(a[3], b[3]) - max(a[1], b[1]), 0.0)
