"""Value types shared by all of Refinery: standard library only."""

from dataclasses import dataclass
from typing import NewType, Self
from uuid import UUID

TenantId = NewType("TenantId", UUID)
UserId = NewType("UserId", UUID)


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """Rectangle on a page, normalised to 0..1 of its width and height, origin top left.

    Raises ValueError if the corners are out of order or off the page.
    """

    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        """Raise ValueError for a box outside of 0..1 or with unordered corners."""
        if not (0 <= self.x0 <= self.x1 <= 1 and 0 <= self.y0 <= self.y1 <= 1):
            message = f"a bounding box needs 0 <= x0 <= x1 <= 1 and 0 <= y0 <= y1 <= 1, got {self.as_list()}"
            raise ValueError(message)

    @classmethod
    def clipped(cls, x0: float, y0: float, x1: float, y1: float) -> Self:
        """Return a box from corners in any order, clipped at the page's edge: OCR engines overshoot by a pixel."""
        left, right = sorted((min(max(x0, 0.0), 1.0), min(max(x1, 0.0), 1.0)))
        top, bottom = sorted((min(max(y0, 0.0), 1.0), min(max(y1, 0.0), 1.0)))
        return cls(left, top, right, bottom)

    def as_list(self) -> list[float]:
        """Return [x0, y0, x1, y1], the format of the API."""
        return [self.x0, self.y0, self.x1, self.y1]

    def union(self, other: "BoundingBox") -> "BoundingBox":
        """Return the smallest box around both."""
        return BoundingBox(
            min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1)
        )

    @property
    def width(self) -> float:
        """Width, as a fraction of the page's width."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Height, as a fraction of the page's height."""
        return self.y1 - self.y0
