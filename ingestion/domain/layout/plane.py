"""The page as a plane with one unit, its width, down as across: so that distances can be compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import radians, tan
from typing import Self

from refinery.core.types import BoundingBox


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on the plane."""

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
    def across(self) -> float:
        """The middle, across."""
        return (self.x0 + self.x1) / 2

    @property
    def down(self) -> float:
        """The middle, down."""
        return (self.y0 + self.y1) / 2

    def holds(self, other: "Area", margin: float = 0.0) -> bool:
        """Say whether the other's middle lies inside, or at most `margin` beside."""
        return (
            self.x0 - margin <= other.across <= self.x1 + margin
            and self.y0 - margin <= other.down <= self.y1 + margin
        )

    def meets(self, other: "Area", margin: float = 0.0) -> bool:
        """Say whether the two overlap, or come as near as `margin`."""
        return (
            self.x0 - margin <= other.x1
            and other.x0 - margin <= self.x1
            and self.y0 - margin <= other.y1
            and other.y0 - margin <= self.y1
        )


@dataclass(frozen=True, slots=True)
class Token(Area):
    """A word on the plane; `index` is its place among the words given, `led` says that a bullet precedes it."""

    index: int
    text: str
    bold: bool = False
    sure: float = 1.0
    led: bool = False


@dataclass(frozen=True, slots=True)
class Segment(Area):
    """Neighbouring words of one line, with no wide blank between them, from left to right."""

    tokens: tuple[Token, ...]

    @classmethod
    def of(cls, tokens: Iterable[Token]) -> Self:
        """Make a segment of at least one word."""
        kept = tuple(tokens)
        area = around(kept)
        return cls(area.x0, area.y0, area.x1, area.y1, kept)

    @property
    def text(self) -> str:
        """Its words."""
        return " ".join(token.text for token in self.tokens)


Row = tuple[Segment, ...]  # one line across a page or a column, from left to right


def around(areas: Iterable[Area]) -> Area:
    """Give the smallest area around at least one."""
    kept = list(areas)
    return Area(
        min(area.x0 for area in kept),
        min(area.y0 for area in kept),
        max(area.x1 for area in kept),
        max(area.y1 for area in kept),
    )


def overlap_across(a: Area, b: Area) -> float:
    """Give the length that two areas share across; below 0 it is the gap between them."""
    return min(a.x1, b.x1) - max(a.x0, b.x0)


def overlap_down(a: Area, b: Area) -> float:
    """Give the length that two areas share down; below 0 it is the gap between them."""
    return min(a.y1, b.y1) - max(a.y0, b.y0)


@dataclass(frozen=True, slots=True)
class Plane:
    """How boxes lie on the plane: `aspect` is the page's height by its width, `lean` the fall of its lines."""

    aspect: float
    lean: float = 0.0

    def corners(self, box: BoundingBox) -> tuple[float, float, float, float]:
        """Give a box's corners on the plane; where lines lean it is moved to where it would stand otherwise.

        The box keeps its size: of a small turn, the shift is nearly all.
        """
        slope = tan(radians(self.lean))
        fall = (box.x0 + box.x1) / 2 * slope
        slide = (box.y0 + box.y1) / 2 * self.aspect * slope
        return box.x0 + slide, box.y0 * self.aspect - fall, box.x1 + slide, box.y1 * self.aspect - fall

    def area(self, box: BoundingBox) -> Area:
        """Lay a box on the plane."""
        return Area(*self.corners(box))

    def box(self, area: Area) -> BoundingBox:
        """Give the box on the page again."""
        slope = tan(radians(self.lean))
        slide = (area.across - area.down * slope) / (1 + slope * slope) - area.across
        fall = (area.across + slide) * slope
        return BoundingBox.clipped(
            area.x0 + slide, (area.y0 + fall) / self.aspect, area.x1 + slide, (area.y1 + fall) / self.aspect
        )
