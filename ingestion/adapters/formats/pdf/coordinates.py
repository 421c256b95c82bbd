"""Mapping of PDF coordinates to the displayed page: rotated, in shares of its sides.

It is used for every word; PyMuPDF would recompute page and matrix each time.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pymupdf

from refinery.core.types import BoundingBox

Corners = tuple[float, float, float, float]

_ROTATIONS: dict[int, Callable[[float, float], tuple[float, ...]]] = {
    0: lambda width, height: (1.0, 0.0, 0.0, 1.0, 0.0, 0.0),
    90: lambda width, height: (0.0, 1.0, -1.0, 0.0, height, 0.0),
    180: lambda width, height: (-1.0, 0.0, 0.0, -1.0, width, height),
    270: lambda width, height: (0.0, -1.0, 1.0, 0.0, 0.0, width),
}
"""Matrices by rotation, for the unrotated size. PyMuPDF's own ignores the unit of a page (ISO 32000-1, 14.11.2)."""


def unrotated_size(page: "pymupdf.Page") -> tuple[float, float]:
    """Return width and height of a page before its rotation, in points."""
    wide, high = float(page.rect.width), float(page.rect.height)
    return (high, wide) if page.rotation % 180 else (wide, high)


@dataclass(frozen=True, slots=True)
class PdfPageTransform:
    """Size of a page as displayed, and the matrix that rotates its points to it, in quarter turns."""

    width: float
    height: float
    matrix: tuple[float, ...]

    @classmethod
    def of(cls, page: "pymupdf.Page") -> "PdfPageTransform":
        """Create the transform of a page."""
        width, height = unrotated_size(page)
        return cls(float(page.rect.width), float(page.rect.height), _ROTATIONS[page.rotation](width, height))

    def to_display(self, corners: Corners) -> Corners:
        """Return the corners as displayed, in points."""
        a, b, c, d, e, f = self.matrix
        x0, y0, x1, y1 = corners
        left, right = sorted((a * x0 + c * y0 + e, a * x1 + c * y1 + e))
        top, bottom = sorted((b * x0 + d * y0 + f, b * x1 + d * y1 + f))
        return left, top, right, bottom

    def quarter_turns(self, direction: tuple[float, float]) -> int:
        """Return by how many quarters, clockwise, the page must be rotated for such a line to run to the right."""
        a, b, c, d, *_ = self.matrix
        across, down = a * direction[0] + c * direction[1], b * direction[0] + d * direction[1]
        if abs(across) >= abs(down):
            return 0 if across >= 0 else 2
        return 3 if down > 0 else 1

    def display_box(self, corners: Corners, tolerance: float = 0.0) -> BoundingBox | None:
        """Return the box, None if its centre is off the page by more than `tolerance` points."""
        x0, y0, x1, y1 = self.to_display(corners)
        across, down = (x0 + x1) / 2, (y0 + y1) / 2
        if not (-tolerance <= across <= self.width + tolerance and -tolerance <= down <= self.height + tolerance):
            return None
        return BoundingBox.clipped(x0 / self.width, y0 / self.height, x1 / self.width, y1 / self.height)
