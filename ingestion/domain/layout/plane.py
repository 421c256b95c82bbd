"""Plane coordinates with one unit, the page's width, in both directions, so that distances can be compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import radians, tan
from typing import Self

from refinery.core.types import BoundingBox


@dataclass(frozen=True, slots=True)
class Area:
    """Rectangle on the plane."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Width in page widths."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Height in page widths."""
        return self.y1 - self.y0

    @property
    def center_x(self) -> float:
        """Horizontal centre."""
        return (self.x0 + self.x1) / 2

    @property
    def center_y(self) -> float:
        """Vertical centre."""
        return (self.y0 + self.y1) / 2

    def contains_center(self, other: "Area", margin: float = 0.0) -> bool:
        """Return whether the other area's centre is inside, or at most `margin` outside."""
        return (
            self.x0 - margin <= other.center_x <= self.x1 + margin
            and self.y0 - margin <= other.center_y <= self.y1 + margin
        )

    def touches(self, other: "Area", margin: float = 0.0) -> bool:
        """Return whether the two areas overlap, or come within `margin`."""
        return (
            self.x0 - margin <= other.x1
            and other.x0 - margin <= self.x1
            and self.y0 - margin <= other.y1
            and other.y0 - margin <= self.y1
        )


@dataclass(frozen=True, slots=True)
class Token(Area):
    """Word on the plane; `index` is its position in the input, `after_bullet` whether a bullet precedes it."""

    index: int
    text: str
    bold: bool = False
    confidence: float = 1.0
    after_bullet: bool = False


@dataclass(frozen=True, slots=True)
class Segment(Area):
    """Neighbouring words of one line, with no wide blank between them, from left to right."""

    tokens: tuple[Token, ...]

    @classmethod
    def of(cls, tokens: Iterable[Token]) -> Self:
        """Create a segment from at least one word."""
        kept = tuple(tokens)
        area = bounding_area(kept)
        return cls(area.x0, area.y0, area.x1, area.y1, kept)

    @property
    def text(self) -> str:
        """Text of its words."""
        return " ".join(token.text for token in self.tokens)


Row = tuple[Segment, ...]  # one line across a page or a column, from left to right


def bounding_area(areas: Iterable[Area]) -> Area:
    """Return the smallest area around at least one area."""
    kept = list(areas)
    return Area(
        min(area.x0 for area in kept),
        min(area.y0 for area in kept),
        max(area.x1 for area in kept),
        max(area.y1 for area in kept),
    )


def overlap_x(a: Area, b: Area) -> float:
    """Return the horizontal overlap of two areas; a negative value is the gap between them."""
    return min(a.x1, b.x1) - max(a.x0, b.x0)


def overlap_y(a: Area, b: Area) -> float:
    """Return the vertical overlap of two areas; a negative value is the gap between them."""
    return min(a.y1, b.y1) - max(a.y0, b.y0)


@dataclass(frozen=True, slots=True)
class Plane:
    """Mapping between page and plane: `aspect` is the page's height by its width, `skew_degrees` its lines' slope."""

    aspect: float
    skew_degrees: float = 0.0

    def corners(self, box: BoundingBox) -> tuple[float, float, float, float]:
        """Return a box's corners on the plane, shifted to correct the slope of the lines.

        The box keeps its size: for a small angle the shift is sufficient.
        """
        slope = tan(radians(self.skew_degrees))
        fall = (box.x0 + box.x1) / 2 * slope
        slide = (box.y0 + box.y1) / 2 * self.aspect * slope
        return box.x0 + slide, box.y0 * self.aspect - fall, box.x1 + slide, box.y1 * self.aspect - fall

    def area(self, box: BoundingBox) -> Area:
        """Map a box to the plane."""
        return Area(*self.corners(box))

    def box(self, area: Area) -> BoundingBox:
        """Map an area back to a box on the page."""
        slope = tan(radians(self.skew_degrees))
        slide = (area.center_x - area.center_y * slope) / (1 + slope * slope) - area.center_x
        fall = (area.center_x + slide) * slope
        return BoundingBox.clipped(
            area.x0 + slide, (area.y0 + fall) / self.aspect, area.x1 + slide, (area.y1 + fall) / self.aspect
        )
