"""Deskewing: mapping from the straightened image that was read back to the page as uploaded."""

from dataclasses import dataclass
from math import cos, radians, sin

from refinery.core.types import BoundingBox


@dataclass(frozen=True, slots=True)
class Placement:
    """How a straightened image was made from a page of `width` x `height` pixels.

    First the page was rotated clockwise by `rotation_degrees` (0, 90, 180, 270), then by `tilt_degrees`
    clockwise about its centre, without growing.
    """

    width: float
    height: float
    rotation_degrees: int = 0
    tilt_degrees: float = 0.0

    @property
    def is_identity(self) -> bool:
        """Return whether image and page are the same."""
        return not self.rotation_degrees and not self.tilt_degrees

    def to_page(self, box: BoundingBox) -> BoundingBox:
        """Return the box on the page around a box on the straightened image, cut at the page's edge."""
        if self.is_identity:
            return box
        corners = [self._point(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return BoundingBox.clipped(min(xs), min(ys), max(xs), max(ys))

    def _point(self, x: float, y: float) -> tuple[float, float]:
        width, height = (self.height, self.width) if self.rotation_degrees % 180 else (self.width, self.height)
        across, down = (x - 0.5) * width, (y - 0.5) * height
        angle = radians(self.tilt_degrees)
        across, down = across * cos(angle) + down * sin(angle), down * cos(angle) - across * sin(angle)
        return _unrotated(across / width + 0.5, down / height + 0.5, self.rotation_degrees)


def _unrotated(x: float, y: float, rotation_degrees: int) -> tuple[float, float]:
    if rotation_degrees == 90:
        return y, 1 - x
    if rotation_degrees == 180:
        return 1 - x, 1 - y
    if rotation_degrees == 270:
        return 1 - y, x
    return x, y
