"""Line images cut out of a page for an engine that reads one line at a time."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow

from ingestion.domain.ports import LineEngine, Raster
from refinery.core.types import BoundingBox

_ROOM = 0.2  # of a line's height, left around it
_FORMATS = ("JPEG", "WEBP", "PNG")


class CroppedLineReader:
    """Implementation of ports.LineReader for images that our own reader has rendered."""

    def __init__(self, engine: LineEngine) -> None:
        """Store the engine."""
        self._engine = engine

    def read_lines(self, picture: Path, boxes: Sequence[BoundingBox]) -> tuple[tuple[str, float], ...]:
        """Return each line's text and the engine's confidence."""
        with Pillow.open(picture, formats=_FORMATS) as opened:
            pixels = np.asarray(opened.convert("RGB"), dtype=np.uint8)
        return self._engine.read_lines([_cut(pixels, box) for box in boxes])


def _cut(pixels: npt.NDArray[np.uint8], box: BoundingBox) -> Raster:
    height, width = pixels.shape[:2]
    room = _ROOM * box.height * height
    left, right = max(int(box.x0 * width - room), 0), min(int(box.x1 * width + room) + 1, width)
    top, bottom = max(int(box.y0 * height - room), 0), min(int(box.y1 * height + room) + 1, height)
    part = np.ascontiguousarray(pixels[top:bottom, left:right])
    return Raster(right - left, bottom - top, part.tobytes())
