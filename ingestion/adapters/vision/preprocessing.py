"""A picture made ready for the engines: its white border cut off, its print at a size and contrast they know."""

import cv2
import numpy as np
import numpy.typing as npt

from ingestion.adapters.vision.raster import shrink, to_grey
from refinery.core.types import BoundingBox

Image = npt.NDArray[np.uint8]

_LOOKED_AT = 900  # pixels of the longer side
_EDGE_FROM = 14  # grey levels between neighbours: print, however faint, on paper of any tone
_SPECK = 6  # pixels, of the picture looked at
_MARGIN = 0.02  # of the longer side, left around the print
_WORTH = 0.85  # cut only what leaves less than this share of the picture

X_HEIGHT = 20.0  # pixels: the size of print that the engines read best
_X_HEIGHT_FROM = 14.0  # below it, enlarging pays
_LARGEST = 3.0
_SMALL_PRINT = 9.0  # pixels that small letters are high: lines of such print are found better when enlarged
_READABLE = 11.0
_TWICE = 2.0
_LONG_SIDE_TO = 3600


def text_frame(image: Image) -> BoundingBox:
    """Give the part of an RGB picture that holds print; all of it when cutting the rest off is not worth it."""
    small = shrink(to_grey(image), _LOOKED_AT)
    height, width = small.shape
    edges = cv2.morphologyEx(small, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    inked = (edges > _EDGE_FROM).astype(np.uint8)
    joined = cv2.morphologyEx(inked, cv2.MORPH_CLOSE, np.ones((3, 9), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    kept = [
        stats[index]
        for index in range(1, count)
        if min(stats[index][2], stats[index][3]) >= _SPECK and not _is_rim(stats[index], width, height)
    ]
    if not kept:
        return BoundingBox(0, 0, 1, 1)
    margin = _MARGIN * max(width, height)
    left, top = float(min(s[0] for s in kept) - margin), float(min(s[1] for s in kept) - margin)
    right = float(max(s[0] + s[2] for s in kept) + margin)
    bottom = float(max(s[1] + s[3] for s in kept) + margin)
    frame = BoundingBox.clipped(left / width, top / height, right / width, bottom / height)
    return frame if frame.width * frame.height < _WORTH else BoundingBox(0, 0, 1, 1)


def _is_rim(stats: npt.NDArray[np.int32], width: int, height: int) -> bool:
    """Say whether this is the thin dark edge that a scanner leaves along a side of the glass."""
    left, top, across, down = (int(value) for value in stats[:4])
    thin = 0.02 * max(width, height)
    upright = down > 0.5 * height and across <= thin and (left <= thin or left + across >= width - thin)
    level = across > 0.5 * width and down <= thin and (top <= thin or top + down >= height - thin)
    return upright or level


def cut(image: Image, frame: BoundingBox) -> tuple[Image, BoundingBox]:
    """Cut the frame out; gives it with its exact place, whole pixels."""
    height, width = image.shape[:2]
    left, top = int(frame.x0 * width), int(frame.y0 * height)
    right, bottom = max(round(frame.x1 * width), left + 1), max(round(frame.y1 * height), top + 1)
    exact = BoundingBox.clipped(left / width, top / height, right / width, bottom / height)
    return image[top:bottom, left:right], exact


def within(box: BoundingBox, frame: BoundingBox) -> BoundingBox:
    """Give the place on the whole picture of a box on its part."""
    return BoundingBox.clipped(
        frame.x0 + box.x0 * frame.width,
        frame.y0 + box.y0 * frame.height,
        frame.x0 + box.x1 * frame.width,
        frame.y0 + box.y1 * frame.height,
    )


def small_print(x_height: float) -> float:
    """Say how much to enlarge a picture before its lines are looked for once more; 1 where it is large."""
    return min(_READABLE / x_height, _TWICE) if 0 < x_height < _SMALL_PRINT else 1.0


def enlargement(x_height: float, long_side: int) -> float:
    """Say how much to enlarge a picture whose small letters are `x_height` pixels high; 1 leaves it."""
    if not 0 < x_height < _X_HEIGHT_FROM:
        return 1.0
    return max(1.0, min(X_HEIGHT / x_height, _LARGEST, _LONG_SIDE_TO / long_side))


def resized(image: Image, scale: float) -> Image:
    """Give the picture `scale` times as large."""
    if scale == 1:
        return image
    kind = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=kind), dtype=np.uint8)


def cleaned(image: Image) -> Image:
    """Even out a picture's light, spread its contrast and take its grain away; RGB in, grey as RGB out."""
    grey = to_grey(image)
    side = max(31, round(max(grey.shape) / 30) | 1)
    paper = cv2.medianBlur(cv2.dilate(grey, np.ones((7, 7), np.uint8)), min(side, 255))
    even = cv2.divide(grey, np.maximum(paper, 1), scale=255)
    calm = cv2.bilateralFilter(even, 5, 35, 3)
    low, high = (float(level) for level in np.percentile(calm[::2, ::2], (1, 90)))
    spread = np.clip((calm.astype(np.float32) - low) * (255 / max(high - low, 1)), 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(spread, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
