"""Results of PyMuPDF on the same pages: its words from top to bottom, and its tables."""

from collections.abc import Sequence
from pathlib import Path

import pymupdf

from benchmarks.layout_scores import (
    FoundTable,
    LayoutTally,
    count_order,
    count_tables,
    match_words,
    place_box,
    printed_boxes,
)
from benchmarks.table_scores import Cells, Place
from samples.blocks.truth import Paper

NAMES = {"lines_strict": "PyMuPDF, tables by their rules", "text": "PyMuPDF, tables by their text"}


def score_pymupdf(paper: Paper, path: Path, strategy: str) -> LayoutTally:
    """Score PyMuPDF on a born-digital paper.

    Words are taken with `sort=True`: in file order they have the order in which the papers were drawn, which is the
    truth here but not in other files.
    """
    tally = LayoutTally()
    with pymupdf.open(path) as document:
        for number, page in enumerate(document, 1):
            wide, high = float(page.rect.width), float(page.rect.height)
            words = page.get_text("words", sort=True)
            boxes = [(x0 / wide, y0 / high, x1 / wide, y1 / high) for x0, y0, x1, y1, *_ in words]
            matches = match_words(boxes, printed_boxes(paper, number, None))
            count_order([index for index in matches if index is not None], tally)
            truths = paper.on_page(number)
            areas = [place_box(truth.box, paper, number, None) for truth in truths]
            tables = page.find_tables(strategy=strategy).tables
            count_tables(truths, areas, [_found(table, wide, high) for table in tables], tally)
    return tally


def _found(table: "pymupdf.table.Table", wide: float, high: float) -> FoundTable:
    x0, y0, x1, y1 = table.bbox
    return (x0 / wide, y0 / high, x1 / wide, y1 / high), cells_of(table.extract())


def cells_of(rows: Sequence[Sequence[str | None]]) -> Cells:
    """Return the cells of rows in which None means that the cell to its left spans this one."""
    cells: dict[Place, str] = {}
    for row, texts in enumerate(rows):
        at = 0
        while at < len(texts):
            stop = at + 1
            while stop < len(texts) and texts[stop] is None:
                stop += 1
            cells[row, at, 1, stop - at] = "".join((texts[at] or "").split())
            at = stop
    return cells
