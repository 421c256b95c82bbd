"""Scores of a layout against a paper with known truth."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from benchmarks.table_scores import Cells, count_right_cells, teds
from ingestion.domain.page.elements import Block, BlockKind, PageReading
from samples.blocks.truth import BlockTruth, Paper
from samples.scan.geometry import ScanPlacement, map_box

MARKS = (BlockKind.FIGURE, BlockKind.SIGNATURE, BlockKind.CHECK_BOX)  # matched by place, because they have no words
MIN_COMMON_SHARE = 0.5  # share of all words of two blocks that they have in common
RESAMPLES = 1000
Box = tuple[float, float, float, float]
FoundTable = tuple[Box, Cells]


@dataclass(slots=True)
class LayoutTally:
    """Counts of correct and true elements, on one paper or several."""

    right: Counter[str] = field(default_factory=Counter)
    expected: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    teds_scores: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def total(tallies: Sequence[LayoutTally]) -> LayoutTally:
    """Return the sum."""
    whole = LayoutTally()
    for one in tallies:
        whole.right += one.right
        whole.expected += one.expected
        whole.found += one.found
        whole.counts += one.counts
        whole.teds_scores += one.teds_scores
        whole.seconds += one.seconds
    return whole


def _share(right: float, of: float) -> float:
    return right / of if of else 0.0


FIGURES: dict[str, Callable[[LayoutTally], float]] = {
    "kinds": lambda t: _share(2 * t.right.total(), t.expected.total() + t.found.total()),
    "pairs": lambda t: _share(t.counts["pairs right"], t.counts["pairs"]),
    "neighbours": lambda t: _share(t.counts["neighbours right"], t.counts["neighbours"]),
    "cells": lambda t: _share(2 * t.counts["cells right"], t.counts["cells"] + t.counts["cells found"]),
    "trees": lambda t: _share(sum(t.teds_scores), len(t.teds_scores)),
}


def with_interval(tallies: Sequence[LayoutTally], figure: Callable[[LayoutTally], float]) -> str:
    """Format a figure with its 95 % interval, by the bootstrap over papers with a fixed seed."""
    rng = Random(2024)  # noqa: S311 - a fixed stream, so that two runs agree
    drawn = sorted(figure(total(rng.choices(tallies, k=len(tallies)))) for _ in range(RESAMPLES))
    low, high = drawn[int(0.025 * RESAMPLES)], drawn[int(0.975 * RESAMPLES)]
    return f"{figure(total(tallies)):.3f} ({low:.3f} to {high:.3f})"


def rows_of(whole: LayoutTally) -> Iterator[tuple[str, str, str, str]]:
    """Yield a row for each kind of block: correct of the true ones, found, F1."""
    for kind in (kind.value for kind in BlockKind):
        right, there, found = whole.right[kind], whole.expected[kind], whole.found[kind]
        if there or found:
            yield kind, f"{right} of {there}", str(found), f"{_share(2 * right, there + found):.3f}"


def compare(paper: Paper, pages: Sequence[PageReading], placements: Sequence[ScanPlacement] | None) -> LayoutTally:
    """Score a paper's pages; `placements` map the printed page to the scan."""
    tally = LayoutTally()
    for page in pages:
        placement = placements[page.number - 1] if placements else None
        places = printed_boxes(paper, page.number, placement)
        boxes = [word.bbox for word in page.words]
        matches = match_words([(b.x0, b.y0, b.x1, b.y1) for b in boxes], places)
        truths = paper.on_page(page.number)
        areas = [place_box(truth.box, paper, page.number, placement) for truth in truths]
        _count_kinds(truths, page, matches, areas, tally)
        count_order([index for index in matches if index is not None], tally)
        count_tables(truths, areas, [_found_table(page, block) for block in page.blocks if block.table], tally)
    return tally


def printed_boxes(paper: Paper, number: int, placement: ScanPlacement | None) -> list[Box]:
    """Return the boxes where a page's words were printed, in reading order."""
    return [place_box(word.box, paper, number, placement) for word in paper.drawing.words if word.page == number]


def place_box(box: Box, paper: Paper, number: int, placement: ScanPlacement | None) -> Box:
    """Return a box in shares of the page, or of its scan."""
    sheet = paper.drawing.pages[number - 1]
    share = (box[0] / sheet.width, box[1] / sheet.height, box[2] / sheet.width, box[3] / sheet.height)
    return map_box(placement, share) if placement else share


def match_words(words: Sequence[Box], printed_boxes: Sequence[Box]) -> list[int | None]:
    """Return the index of the word read at each printed one; OCR may have joined several."""
    return [_word_at(words, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for box in printed_boxes]


def _word_at(words: Sequence[Box], x: float, y: float) -> int | None:
    return next((n for n, box in enumerate(words) if box[0] <= x <= box[2] and box[1] <= y <= box[3]), None)


def count_order(order: Sequence[int], tally: LayoutTally) -> None:
    """Count neighbours that follow one another, and all pairs in the right order (tau is 2p - 1)."""
    places = {index: at for at, index in enumerate(sorted(set(order)))}
    tally.counts["neighbours"] += max(len(order) - 1, 0)
    tally.counts["neighbours right"] += sum(places[b] - places[a] in (0, 1) for a, b in pairwise(order))
    once = list(dict.fromkeys(order))
    tally.counts["pairs"] += len(once) * (len(once) - 1) // 2
    before: list[int] = []
    for index in once:
        tally.counts["pairs right"] += bisect_left(before, index)
        insort(before, index)


def _count_kinds(
    truths: Sequence[BlockTruth],
    page: PageReading,
    matches: Sequence[int | None],
    areas: Sequence[Box],
    tally: LayoutTally,
) -> None:
    marks = [block for block in page.blocks if block.kind in MARKS]
    prints = [block for block in page.blocks if block.kind not in MARKS]
    tally.found.update(block.kind.value for block in page.blocks)
    tally.expected.update(truth.kind for truth in truths)
    at = 0
    for truth, area in zip(truths, areas, strict=True):
        if truth.kind in MARKS:
            taken = _mark_at(marks, truth, area)
        else:
            own = {index for index in matches[at : at + len(truth.words)] if index is not None}
            taken = _text_block_at(prints, truth, own)
            at += len(truth.words)
        tally.right[truth.kind] += taken


def _mark_at(free: list[Block], truth: BlockTruth, area: Box) -> bool:
    """Return whether a mark was found at its place, in its state; each counts once."""
    for block in free:
        x, y = (block.bbox.x0 + block.bbox.x1) / 2, (block.bbox.y0 + block.bbox.y1) / 2
        here = area[0] <= x <= area[2] and area[1] <= y <= area[3]
        if block.kind.value == truth.kind and here and block.checked == truth.checked:
            free.remove(block)
            return True
    return False


def _text_block_at(free: list[Block], truth: BlockTruth, own: set[int]) -> bool:
    """Return whether a block of this kind contains these words and few others; each counts once."""
    for block in free:
        held = set(range(block.start, block.stop))
        if block.kind.value == truth.kind and len(own & held) > MIN_COMMON_SHARE * len(own | held):
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
    truths: Sequence[BlockTruth], areas: Sequence[Box], found: Sequence[FoundTable], tally: LayoutTally
) -> None:
    """Compare each table with the one found in its place; cells of other found tables count as wrong."""
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
        tally.counts["cells right"] += count_right_cells(wanted, cells)
        tally.teds_scores.append(teds(wanted, cells) if cells else 0.0)
    tally.counts["cells found"] += sum(len(cells) for _, cells in free)


def _common(a: Box, b: Box) -> float:
    return max(min(a[2], b[2]) - max(a[0], b[0]), 0.0) * max(min(a[3], b[3]) - max(a[1], b[1]), 0.0)
