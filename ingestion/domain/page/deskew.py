"""Pages that lie askew: from the straightened picture that was read back to the page as it was handed in."""

from dataclasses import dataclass
from math import cos, radians, sin

from refinery.core.types import BoundingBox

QUARTERS = (0, 90, 180, 270)


@dataclass(frozen=True, slots=True)
class Placement:
    """How a straightened picture came from a page of `width` x `height` pixels.

    First the page was turned clockwise by `quarter` degrees (0, 90, 180, 270), then by `tilt` degrees
    clockwise about its middle, without growing.
    """

    width: float
    height: float
    quarter: int = 0
    tilt: float = 0.0

    @property
    def straight(self) -> bool:
        """Say whether picture and page are the same."""
        return not self.quarter and not self.tilt

    def to_page(self, box: BoundingBox) -> BoundingBox:
        """Give the box on the page around a box on the straightened picture, cut at the page's edge."""
        if self.straight:
            return box
        corners = [self._point(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return BoundingBox.clipped(min(xs), min(ys), max(xs), max(ys))

    def _point(self, x: float, y: float) -> tuple[float, float]:
        width, height = (self.height, self.width) if self.quarter % 180 else (self.width, self.height)
        across, down = (x - 0.5) * width, (y - 0.5) * height
        angle = radians(self.tilt)
        across, down = across * cos(angle) + down * sin(angle), down * cos(angle) - across * sin(angle)
        return _unturned(across / width + 0.5, down / height + 0.5, self.quarter)


def _unturned(x: float, y: float, quarter: int) -> tuple[float, float]:
    if quarter == 90:
        return y, 1 - x
    if quarter == 180:
        return 1 - x, 1 - y
    if quarter == 270:
        return 1 - y, x
    return x, y
