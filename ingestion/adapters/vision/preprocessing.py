"""Preprocessing of images for OCR: white borders are cut off, size and contrast of the print are normalised."""

import cv2
import numpy as np
import numpy.typing as npt

from ingestion.adapters.vision.raster import shrink, to_grey
from refinery.core.types import BoundingBox

Image = npt.NDArray[np.uint8]

_PREVIEW_SIDE = 900  # pixels of the longer side
_EDGE_FROM = 14  # grey levels between neighbours: print, even if faint, on paper of any tone
_SPECK = 6  # pixels, of the preview
_MARGIN = 0.02  # of the longer side, left around the print
_CROP_BELOW = 0.85  # cut only what leaves less than this share of the picture

X_HEIGHT = 20.0  # pixels: the size of print that the engines read best
_X_HEIGHT_FROM = 14.0  # below it, enlarging pays
_LARGEST = 3.0
_SMALL_PRINT = 9.0  # pixels of small letters' height: lines of such print are found better when enlarged
_READABLE = 11.0
_TWICE = 2.0
_LONG_SIDE_TO = 3600


def text_frame(image: Image) -> BoundingBox:
    """Return the part of an RGB image that contains print; all of it if cropping is not worth it."""
    small = shrink(to_grey(image), _PREVIEW_SIDE)
    height, width = small.shape
    edges = cv2.morphologyEx(small, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    has_edge = (edges > _EDGE_FROM).astype(np.uint8)
    joined = cv2.morphologyEx(has_edge, cv2.MORPH_CLOSE, np.ones((3, 9), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    kept = [
        stats[index]
        for index in range(1, count)
        if min(stats[index][2], stats[index][3]) >= _SPECK and not _is_scanner_edge(stats[index], width, height)
    ]
    if not kept:
        return BoundingBox(0, 0, 1, 1)
    margin = _MARGIN * max(width, height)
    left, top = float(min(s[0] for s in kept) - margin), float(min(s[1] for s in kept) - margin)
    right = float(max(s[0] + s[2] for s in kept) + margin)
    bottom = float(max(s[1] + s[3] for s in kept) + margin)
    frame = BoundingBox.clipped(left / width, top / height, right / width, bottom / height)
    return frame if frame.width * frame.height < _CROP_BELOW else BoundingBox(0, 0, 1, 1)


def _is_scanner_edge(stats: npt.NDArray[np.int32], width: int, height: int) -> bool:
    """Return whether this is the thin dark edge that a scanner leaves along a side of the glass."""
    left, top, across, down = (int(value) for value in stats[:4])
    thin = 0.02 * max(width, height)
    upright = down > 0.5 * height and across <= thin and (left <= thin or left + across >= width - thin)
    level = across > 0.5 * width and down <= thin and (top <= thin or top + down >= height - thin)
    return upright or level


def crop_to(image: Image, frame: BoundingBox) -> tuple[Image, BoundingBox]:
    """Cut the frame out; return it with its exact position, in whole pixels."""
    height, width = image.shape[:2]
    left, top = int(frame.x0 * width), int(frame.y0 * height)
    right, bottom = max(round(frame.x1 * width), left + 1), max(round(frame.y1 * height), top + 1)
    exact = BoundingBox.clipped(left / width, top / height, right / width, bottom / height)
    return image[top:bottom, left:right], exact


def to_full_image(box: BoundingBox, frame: BoundingBox) -> BoundingBox:
    """Map a box from a part of an image to the whole image."""
    return BoundingBox.clipped(
        frame.x0 + box.x0 * frame.width,
        frame.y0 + box.y0 * frame.height,
        frame.x0 + box.x1 * frame.width,
        frame.y0 + box.y1 * frame.height,
    )


def small_print_scale(x_height: float) -> float:
    """Return the scale for a second line detection on small print; 1 if the print is large enough."""
    return min(_READABLE / x_height, _TWICE) if 0 < x_height < _SMALL_PRINT else 1.0


def enlargement(x_height: float, long_side: int) -> float:
    """Return the scale for an image whose small letters are `x_height` pixels high; 1 leaves it unchanged."""
    if not 0 < x_height < _X_HEIGHT_FROM:
        return 1.0
    return max(1.0, min(X_HEIGHT / x_height, _LARGEST, _LONG_SIDE_TO / long_side))


def rescale(image: Image, scale: float) -> Image:
    """Return the image scaled by `scale`."""
    if scale == 1:
        return image
    kind = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=kind), dtype=np.uint8)


def even_lighting(image: Image) -> Image:
    """Even out an image's lighting, stretch its contrast and reduce its noise; RGB in, grey as RGB out."""
    grey = to_grey(image)
    side = max(31, round(max(grey.shape) / 30) | 1)
    paper = cv2.medianBlur(cv2.dilate(grey, np.ones((7, 7), np.uint8)), min(side, 255))
    even = cv2.divide(grey, np.maximum(paper, 1), scale=255)
    smooth = cv2.bilateralFilter(even, 5, 35, 3)
    low, high = (float(level) for level in np.percentile(smooth[::2, ::2], (1, 90)))
    spread = np.clip((smooth.astype(np.float32) - low) * (255 / max(high - low, 1)), 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(spread, cv2.COLOR_GRAY2RGB), dtype=np.uint8)
