"""Canvas that records each block as it is drawn; blocks are drawn in reading order."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from samples.blocks.truth import BlockTruth, CellTruth, Paper
from samples.layout.canvas import A4, Canvas
from samples.layout.drawing import Box, bounding_box_of
from samples.layout.fonts import GREY, Style, wrap
from samples.layout.marks import draw_signature, draw_stamp

BODY = Style("helvetica", 10)
LEADING = 1.3


@dataclass(frozen=True, slots=True)
class TableColumn:
    """Column of a table: from `x` to `end`, its text left- or right-aligned."""

    x: float
    end: float
    align: str = "left"


@dataclass(frozen=True, slots=True)
class TableLook:
    """Style of a table: `rules` is grid, rows, head or none; `pitch` the distance of its rows in points."""

    columns: tuple[TableColumn, ...]
    rules: str = "grid"
    pitch: float = 20.0
    style: Style = BODY
    bold_head: bool = True


Cells = Sequence[Sequence[str]]


class BlockPen:
    """Pen that draws blocks on A4 pages."""

    def __init__(self, name: str, size: tuple[float, float] = A4) -> None:
        """Set the document's name and the page size in points, A4 by default, and start the first page."""
        self.canvas = Canvas(*size, {})
        self._name = name
        self._blocks: list[BlockTruth] = []

    def paper(self) -> Paper:
        """Finish the last page and return the document."""
        return Paper(self._name, self.canvas.finish(), tuple(self._blocks))

    def next_page(self) -> None:
        """Start another page."""
        self.canvas.next_page()

    def text(
        self, kind: str, x: float, y: float, lines: Sequence[str], style: Style = BODY, *, align: str = "left"
    ) -> float:
        """Draw lines as one block; returns the baseline that would follow."""
        start = self.canvas.word_count
        after = self.canvas.lines(x, y, lines, style, leading=LEADING, align=align)
        self._note(kind, start, [word for line in lines for word in line.split()])
        return after

    def paragraph(self, x: float, end: float, y: float, text: str, style: Style = BODY) -> float:
        """Draw running text between two edges; returns the baseline of a paragraph that follows."""
        return self.text("paragraph", x, y, wrap(text, style, end - x), style) + 0.8 * style.size

    def items(self, x: float, end: float, y: float, entries: Sequence[tuple[str, str]], style: Style = BODY) -> float:
        """Draw items, (mark, text) each, with a hanging indent."""
        start, words = self.canvas.word_count, []
        indent = x + 1.6 * style.size
        for mark, text in entries:
            self.canvas.text(x, y, mark, style)
            lines = wrap(text, style, end - indent)
            y = self.canvas.lines(indent, y, lines, style, leading=LEADING)
            words += [mark, *text.split()]
        self._note("list", start, words)
        return y + 0.8 * style.size

    def table(self, y: float, rows: Cells, look: TableLook, *, spans: Sequence[CellTruth] = ()) -> float:
        """Draw a table whose first row is the head; `spans` are cells of a row above it that cover several columns."""
        start, top = self.canvas.word_count, y - 0.7 * look.pitch
        words: list[str] = []
        cells: list[CellTruth] = []
        edges = [top]
        if spans:
            words += self._spans(y, spans, look)
            cells += spans
            y += look.pitch
            edges.append(y - 0.7 * look.pitch)
        first = 1 if spans else 0
        for number, row in enumerate(rows):
            drawn, y = self._row(y, row, look, bold=number == 0 and look.bold_head)
            words += drawn
            cells += [CellTruth(number + first, column, text) for column, text in enumerate(row)]
            edges.append(y - 0.7 * look.pitch)
        self._rules(edges, look, spans)
        self._note("table", start, words, cells=tuple(cells))
        return y + look.style.size

    def _spans(self, y: float, spans: Sequence[CellTruth], look: TableLook) -> list[str]:
        for cell in spans:
            left, right = look.columns[cell.column].x, look.columns[cell.column + cell.column_span - 1].end
            self.canvas.text((left + right) / 2, y, cell.text, look.style.bold(), align="center")
        return [word for cell in spans for word in cell.text.split()]

    def _row(self, y: float, row: Sequence[str], look: TableLook, *, bold: bool) -> tuple[list[str], float]:
        style = look.style.bold() if bold else look.style
        words: list[str] = []
        below = y
        for column, text in zip(look.columns, row, strict=True):
            lines = wrap(text, style, column.end - column.x - 6) or [""]
            x = column.x + 3 if column.align == "left" else column.end - 3
            after = self.canvas.lines(x, y, lines, style, leading=1.2, align=column.align)
            below = max(below, after - 1.2 * style.size)
            words += text.split()
        return words, below + look.pitch

    def _rules(self, edges: Sequence[float], look: TableLook, spans: Sequence[CellTruth]) -> None:
        left, right = look.columns[0].x, look.columns[-1].end
        wanted = {"grid": edges, "rows": edges[1:], "head": (edges[0], edges[2 if spans else 1], edges[-1])}
        for y in wanted.get(look.rules, ()):
            self.canvas.line(left, y, right, y)
        if look.rules != "grid":
            return
        for number, x in enumerate((*(column.x for column in look.columns), right)):
            inner = any(cell.column < number < cell.column + cell.column_span for cell in spans)
            self.canvas.line(x, edges[1] if inner else edges[0], x, edges[-1])

    def pairs(self, x: float, value: float, y: float, rows: Sequence[tuple[str, str]]) -> float:
        """Draw labels with their values: a table of two columns."""
        start, words, cells = self.canvas.word_count, [], []
        for number, row in enumerate(rows):
            for column, (text, at) in enumerate(zip(row, (x, value), strict=True)):
                self.canvas.text(at, y, text, BODY)
                words += text.split()
                cells.append(CellTruth(number, column, text))
            y += 16
        self._note("table", start, words, cells=tuple(cells))
        return y + 8

    def check_boxes(self, x: float, y: float, boxes: Sequence[tuple[str, bool]]) -> float:
        """Draw squares with labels in a row, some of them ticked; the labels form a paragraph."""
        start, noted, words = self.canvas.word_count, [], []
        for label, checked in boxes:
            square = (x, y - 9, x + 10, y + 1)
            self.canvas.rect(square, stroke=(0, 0, 0), width=0.9)
            if checked:
                self.canvas.line(x + 2, y - 7, x + 8, y - 1, width=1.1)
                self.canvas.line(x + 2, y - 1, x + 8, y - 7, width=1.1)
            noted.append((square, label, checked))
            x = self.canvas.text(x + 15, y, label, BODY) + 24
            words += label.split()
        self._note("paragraph", start, words)
        for box, label, checked in noted:
            self._blocks.append(BlockTruth("check_box", self.canvas.page, tuple(label.split()), box, checked=checked))
        return y + 24

    def signature(self, x: float, y: float, name: str, label: str) -> float:
        """Draw a handwritten signature on a line, with a label under it."""
        self.canvas.line(x, y, x + 170, y, width=0.6)
        draw_signature(self.canvas, x + 15, y - 4, 110, name)
        self._blocks.append(BlockTruth("signature", self.canvas.page, (), (x + 15, y - 30, x + 125, y)))
        return self.text("paragraph", x, y + 12, (label,), BODY.sized(8.5))

    def stamp(self, rng: Random, x: float, y: float, lines: tuple[str, str]) -> None:
        """Draw a rubber stamp."""
        start = self.canvas.word_count
        draw_stamp(self.canvas, rng, x, y, lines)
        self._note("stamp", start, [word for line in lines for word in line.split()])

    def figure(self, box: Box, bars: Sequence[float]) -> None:
        """Draw bars in a frame of curves: a chart without text."""
        x0, y0, x1, y1 = box
        step = (x1 - x0) / len(bars)
        for number, bar in enumerate(bars):
            left = x0 + number * step
            points = [(left, y1), (left + step / 2, y1 - bar * (y1 - y0)), (left + step, y1)]
            self.canvas.shape("polygon", points, fill=(0.2, 0.35, 0.55))
        self._blocks.append(BlockTruth("figure", self.canvas.page, (), box))

    def edge(self, kind: str, y: float, left: str, right: str) -> None:
        """Draw a running header or footer: a text on each side."""
        start = self.canvas.word_count
        style = BODY.sized(8).colored(GREY)
        self.canvas.text(60, y, left, style)
        self.canvas.text(self.canvas.width - 60, y, right, style, align="right")
        self._note(kind, start, [*left.split(), *right.split()])

    def _note(self, kind: str, start: int, words: Sequence[str], *, cells: tuple[CellTruth, ...] = ()) -> None:
        box = bounding_box_of(self.canvas.word_boxes(start))
        self._blocks.append(BlockTruth(kind, self.canvas.page, tuple(words), box, cells))
