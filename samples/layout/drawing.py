"""A finished layout as data: what to draw on each page, and where every word and field stands."""

from dataclasses import dataclass

from samples.layout.fonts import Color, Style

Box = tuple[float, float, float, float]  # points, origin top left
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TextRun:
    """A line of text from its baseline's start; `angle` turns it about that point, clockwise in degrees."""

    x: float
    y: float
    text: str
    style: Style
    angle: float = 0.0


@dataclass(frozen=True, slots=True)
class Shape:
    """A vector shape. `kind` is line, polyline, polygon, rect, ellipse or bezier (four points a piece)."""

    kind: str
    points: tuple[Point, ...]
    stroke: Color | None = None
    fill: Color | None = None
    width: float = 0.6
    dashes: str | None = None
    radius: float = 0.0
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class PlacedText:
    """Text with the box of its ink: a word, or what one field has on one line."""

    text: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its size in points, shapes (drawn first) and text."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    runs: tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """All pages, their words in drawing order, and the pieces of each field."""

    sheets: tuple[Sheet, ...]
    words: tuple[PlacedText, ...]
    fields: dict[str, tuple[PlacedText, ...]]


def around(boxes: list[Box]) -> Box:
    """The smallest box around all."""
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
