"""A finished layout as data: the shapes and text of each page, and the positions of words and fields."""

from dataclasses import dataclass

from samples.layout.fonts import Color, Style

Box = tuple[float, float, float, float]  # points, origin top left
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class TextRun:
    """Line of text at its baseline's start; `angle` rotates it about that point, clockwise in degrees."""

    x: float
    y: float
    text: str
    style: Style
    angle: float = 0.0


@dataclass(frozen=True, slots=True)
class Shape:
    """Vector shape. `kind` is line, polyline, polygon, rect, ellipse or bezier (four points per segment)."""

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
    """Text with the box of its ink: a word, or the part of a field on one line."""

    text: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class DrawingPage:
    """Page: its size in points, shapes (drawn first) and text."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    runs: tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Complete drawing: all pages, their words in drawing order, and the pieces of each field."""

    pages: tuple[DrawingPage, ...]
    words: tuple[PlacedText, ...]
    fields: dict[str, tuple[PlacedText, ...]]


def bounding_box_of(boxes: list[Box]) -> Box:
    """Return the smallest box around all."""
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
