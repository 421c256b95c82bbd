"""Where a place of a PDF's page lies on the page as it is shown: turned, in shares of its sides.

Asked for every word; PyMuPDF works page and matrix out anew each time.
"""

from dataclasses import dataclass

import pymupdf

from refinery.core.types import BoundingBox

Corners = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """A page's size as it is shown, and the matrix that turns its own points to it, by quarters of a circle."""

    width: float
    height: float
    matrix: tuple[float, ...]

    @classmethod
    def of(cls, page: "pymupdf.Page") -> "ShownPaper":
        """Look at a page."""
        rect, turn = page.rect, page.rotation_matrix
        matrix = tuple(map(float, (turn.a, turn.b, turn.c, turn.d, turn.e, turn.f)))
        return cls(float(rect.width), float(rect.height), matrix)

    def turned(self, corners: Corners) -> Corners:
        """Give the corners as they are shown, in points."""
        a, b, c, d, e, f = self.matrix
        x0, y0, x1, y1 = corners
        left, right = sorted((a * x0 + c * y0 + e, a * x1 + c * y1 + e))
        top, bottom = sorted((b * x0 + d * y0 + f, b * x1 + d * y1 + f))
        return left, top, right, bottom

    def way(self, direction: tuple[float, float]) -> int:
        """Give by how many quarters, clockwise, the page has to be turned for such a line to run to the right."""
        a, b, c, d, *_ = self.matrix
        across, down = a * direction[0] + c * direction[1], b * direction[0] + d * direction[1]
        if abs(across) >= abs(down):
            return 0 if across >= 0 else 2
        return 3 if down > 0 else 1

    def box(self, corners: Corners, beyond: float = 0.0) -> BoundingBox | None:
        """Give the box, None when its middle lies off the page by more than so many points."""
        x0, y0, x1, y1 = self.turned(corners)
        across, down = (x0 + x1) / 2, (y0 + y1) / 2
        if not (-beyond <= across <= self.width + beyond and -beyond <= down <= self.height + beyond):
            return None
        return BoundingBox.clipped(x0 / self.width, y0 / self.height, x1 / self.width, y1 / self.height)
