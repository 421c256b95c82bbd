"""What PyMuPDF says by itself of the same pages: its words from top to bottom, and its tables."""

from collections.abc import Sequence
from pathlib import Path

import pymupdf

from benchmarks.layout_scores import FoundTable, Tally, count_order, count_tables, placed, printed, told_at
from benchmarks.table_scores import Cells, Place
from samples.blocks.truth import Paper

NAMES = {"lines_strict": "PyMuPDF, tables by their rules", "text": "PyMuPDF, tables by their text"}


def peer(paper: Paper, path: Path, strategy: str) -> Tally:
    """Count what PyMuPDF gets right of a paper born digital.

    Words as `sort=True` gives them: as they stand in the file they are in the order in which the papers were
    drawn, which is the truth here and nothing anywhere else.
    """
    tally = Tally()
    with pymupdf.open(path) as document:
        for number, page in enumerate(document, 1):
            wide, high = float(page.rect.width), float(page.rect.height)
            words = page.get_text("words", sort=True)
            boxes = [(x0 / wide, y0 / high, x1 / wide, y1 / high) for x0, y0, x1, y1, *_ in words]
            told = told_at(boxes, printed(paper, number, None))
            count_order([index for index in told if index is not None], tally)
            truths = paper.on_page(number)
            areas = [placed(truth.box, paper, number, None) for truth in truths]
            tables = page.find_tables(strategy=strategy).tables
            count_tables(truths, areas, [_found(table, wide, high) for table in tables], tally)
    return tally


def _found(table: "pymupdf.table.Table", wide: float, high: float) -> FoundTable:
    x0, y0, x1, y1 = table.bbox
    return (x0 / wide, y0 / high, x1 / wide, y1 / high), cells_of(table.extract())


def cells_of(rows: Sequence[Sequence[str | None]]) -> Cells:
    """Give the cells of rows in which None stands for what the cell to its left covers."""
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
