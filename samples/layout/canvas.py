"""Drawing canvas that records the position of each word and each field."""

import math
import re
from collections.abc import Iterable, Sequence

from samples.content.printed import Facts
from samples.layout.drawing import Box, Drawing, DrawingPage, PlacedText, Point, Shape, TextRun
from samples.layout.fonts import BLACK, Color, Style, ink_extent, text_width

A4 = (595.28, 841.89)
LETTER = (612.0, 792.0)
LinePart = tuple[str, str | None]  # a piece of a line, and the field that it is the value of


class Canvas:
    """Canvas for text and shapes, page after page. A field missing in `facts` is not drawn, nor is its label."""

    def __init__(self, width: float, height: float, facts: Facts) -> None:
        """Start the first page, `width` by `height` points."""
        self.width, self.height, self.facts = width, height, facts
        self._sheets: list[DrawingPage] = []
        self._shapes: list[Shape] = []
        self._runs: list[TextRun] = []
        self._words: list[PlacedText] = []
        self._fields: dict[str, list[PlacedText]] = {}

    @property
    def page(self) -> int:
        """Return the number of the current page, from 1."""
        return len(self._sheets) + 1

    @property
    def word_count(self) -> int:
        """Return the number of words drawn so far."""
        return len(self._words)

    def word_boxes(self, start: int) -> list[Box]:
        """Return the boxes of the words drawn from the `start`th on."""
        return [word.box for word in self._words[start:]]

    def next_page(self) -> None:
        """Finish this page and start another one."""
        self._sheets.append(DrawingPage(self.width, self.height, tuple(self._shapes), tuple(self._runs)))
        self._shapes, self._runs = [], []

    def finish(self, *, height: float | None = None) -> Drawing:
        """Finish the last page, cropped to `height` if set (a receipt's length is known only at its end)."""
        self.height = height or self.height
        self.next_page()
        fields = {name: tuple(pieces) for name, pieces in self._fields.items()}
        return Drawing(tuple(self._sheets), tuple(self._words), fields)

    def has(self, field: str) -> bool:
        """Return whether the field is printed at all."""
        return field in self.facts

    def text(
        self, x: float, y: float, text: str, style: Style, *, align: str = "left", field: str | None = None
    ) -> float:
        """Draw a line with its baseline at `y`; returns the x of its end."""
        return self.parts(x, y, [(text, field)], style, align=align)

    def fact(self, x: float, y: float, field: str, style: Style, *, align: str = "left") -> float:
        """Draw a field's value; returns the x of its end."""
        return self.parts(x, y, [(self.facts[field].text, field)], style, align=align) if self.has(field) else x

    def parts(self, x: float, y: float, parts: Sequence[LinePart], style: Style, *, align: str = "left") -> float:
        """Draw a line composed of pieces, some of them field values."""
        kept = [(text, field) for text, field in parts if field is None or field in self.facts]
        line = "".join(text for text, _ in kept)
        if not line.strip():
            return x
        width = text_width(line, style)
        start = x - width if align == "right" else x - width / 2 if align == "center" else x
        self._runs.append(TextRun(start, y, line, style))
        self._note_words(start, y, line, style)
        offset = 0
        for text, field in kept:
            if field:
                box = self._box(start, y, line, offset, offset + len(text), style)
                self._fields.setdefault(field, []).append(PlacedText(text.strip(), self.page, box))
            offset += len(text)
        return start + width

    def stamp(self, x: float, y: float, text: str, style: Style, angle: float) -> None:
        """Draw a line rotated about its start, as on a rubber stamp."""
        self._runs.append(TextRun(x, y, text, style, angle))
        sine, cosine = math.sin(math.radians(angle)), math.cos(math.radians(angle))
        for match in re.finditer(r"\S+", text):
            x0, y0, x1, y1 = self._box(0, 0, text, match.start(), match.end(), style)
            corners = [(cosine * a - sine * b, sine * a + cosine * b) for a in (x0, x1) for b in (y0, y1)]
            xs, ys = [x + a for a, _ in corners], [y + b for _, b in corners]
            self._words.append(PlacedText(match.group(), self.page, (min(xs), min(ys), max(xs), max(ys))))

    def lines(
        self,
        x: float,
        y: float,
        lines: Iterable[str],
        style: Style,
        *,
        leading: float = 1.35,
        field: str | None = None,
        align: str = "left",
    ) -> float:
        """Draw lines below each other; returns the baseline of the line that would follow."""
        for line in lines:
            self.text(x, y, line, style, field=field, align=align)
            y += style.size * leading
        return y

    def line(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        *,
        color: Color = BLACK,
        width: float = 0.5,
        dashes: str | None = None,
    ) -> None:
        """Draw a straight line."""
        self._shapes.append(Shape("line", ((x0, y0), (x1, y1)), stroke=color, width=width, dashes=dashes))

    def rect(
        self,
        box: Box,
        *,
        fill: Color | None = None,
        stroke: Color | None = None,
        width: float = 0.6,
        radius: float = 0.0,
        opacity: float = 1.0,
    ) -> None:
        """Draw a rectangle; `radius` rounds its corners, as a fraction of the shorter side."""
        points = ((box[0], box[1]), (box[2], box[3]))
        self._shapes.append(Shape("rect", points, stroke, fill, width, radius=radius, opacity=opacity))

    def shape(
        self,
        kind: str,
        points: Sequence[Point],
        *,
        fill: Color | None = None,
        stroke: Color | None = None,
        width: float = 0.6,
        opacity: float = 1.0,
    ) -> None:
        """Draw any other shape."""
        self._shapes.append(Shape(kind, tuple(points), stroke, fill, width, opacity=opacity))

    def _note_words(self, x: float, y: float, line: str, style: Style) -> None:
        for match in re.finditer(r"\S+", line):
            box = self._box(x, y, line, match.start(), match.end(), style)
            self._words.append(PlacedText(match.group(), self.page, box))

    @staticmethod
    def _box(x: float, y: float, line: str, start: int, end: int, style: Style) -> Box:
        text = line[start:end]
        stripped = text.strip()
        begin = start + len(text) - len(text.lstrip())
        x0 = x + text_width(line[:begin], style)
        above, below = ink_extent(stripped, style)
        return x0, y - above, x0 + text_width(stripped, style), y + below
