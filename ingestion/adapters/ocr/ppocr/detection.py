"""Detection of text lines: a probability map of the page, cut into slanted rectangles."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, inf

import cv2
import numpy as np
import numpy.typing as npt

from ingestion.adapters.ocr.ppocr.inference import load_model
from ingestion.adapters.ocr.ppocr.weights import DETECTION

Image = npt.NDArray[np.uint8]
Quad = npt.NDArray[np.float32]  # 4 x 2: top left, top right, bottom right, bottom left

_STRIDE = 32
_THRESHOLD = 0.3
_BOX_SCORE_FROM = 0.5
_GROWTH = 1.6  # the map holds the core of each line; this restores its ascenders and descenders
_SIDE_FROM = 3
_MAX_LINES = 3000
_TALL_RATIO = 5.0  # times as high as wide: shrunk to the detector's size its print would vanish
_TILE_HEIGHT = 2.2  # widths: height of one tile of a tall page
_OVERLAP = 0.2  # widths
_MAX_TILES = 16


@dataclass(frozen=True, slots=True)
class DetectionSize:
    """Limits of the detector's input size, in pixels: small print needs more, speed needs less."""

    short_side_from: int = 736
    long_side_to: int = 1600


class Detector:
    """Detector of the lines on a page."""

    def __init__(self, size: DetectionSize | None = None) -> None:
        """Load the model."""
        self._model = load_model(DETECTION)
        self._size = size or DetectionSize()

    def find(self, image: Image) -> list[Quad]:
        """Return each line's corners in pixels of `image` (RGB), unordered; a very tall page is processed in tiles."""
        height, width = image.shape[:2]
        if height <= max(_TALL_RATIO * width, self._size.long_side_to):
            return self._detect(image)
        found: list[Quad] = []
        for top, bottom, own in _tiles(height, width):
            seen = [quad + np.array([0, top], dtype=np.float32) for quad in self._detect(image[top:bottom])]
            found += [quad for quad in seen if own[0] <= float(quad[:, 1].mean()) < own[1]]
        return found

    def _detect(self, image: Image) -> list[Quad]:
        height, width = image.shape[:2]
        small = cv2.resize(image, self._target(width, height))
        tensor = ((small.astype(np.float32) / 127.5) - 1.0).transpose(2, 0, 1)[np.newaxis, ::-1]
        answer = self._model.run(np.ascontiguousarray(tensor))
        scale = np.array([width / small.shape[1], height / small.shape[0]], dtype=np.float32)
        return [quad * scale for quad in _quads(answer[0, 0])]

    def _target(self, width: int, height: int) -> tuple[int, int]:
        scale = max(1.0, self._size.short_side_from / min(width, height))
        scale = min(scale, self._size.long_side_to / max(width, height))
        return _round_to_stride(width * scale), _round_to_stride(height * scale)


def _tiles(height: int, width: int) -> Iterator[tuple[int, int, tuple[float, float]]]:
    """Split a tall page into overlapping tiles; yield each tile's top and bottom, and the range of lines it keeps."""
    overlap = round(_OVERLAP * width)
    count = min(ceil(height / (_TILE_HEIGHT * width - overlap)), _MAX_TILES)
    step = ceil(height / count)
    for number in range(count):
        start, stop = number * step, min((number + 1) * step, height)
        top, bottom = max(start - overlap, 0), min(stop + overlap, height)
        yield top, bottom, (start if number else -inf, stop if number < count - 1 else inf)


def _round_to_stride(side: float) -> int:
    return max(_STRIDE, round(side / _STRIDE) * _STRIDE)


def _quads(probabilities: npt.NDArray[np.float32]) -> list[Quad]:
    mask = cv2.dilate((probabilities > _THRESHOLD).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in contours[:_MAX_LINES]:
        (center, (across, down), angle) = cv2.minAreaRect(contour)
        if min(across, down) < _SIDE_FROM:
            continue
        corners = np.asarray(cv2.boxPoints((center, (across, down), angle)), dtype=np.float32)
        if _mean_inside(probabilities, corners) < _BOX_SCORE_FROM:
            continue
        margin = across * down * _GROWTH / (2 * (across + down))
        grown = cv2.boxPoints((center, (across + 2 * margin, down + 2 * margin), angle))
        found.append(_ordered(np.asarray(grown, dtype=np.float32)))
    return found


def _mean_inside(probabilities: npt.NDArray[np.float32], corners: npt.NDArray[np.float32]) -> float:
    height, width = probabilities.shape
    left, top = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, [width - 1, height - 1])
    right, bottom = np.clip(np.ceil(corners.max(axis=0)).astype(int), 0, [width - 1, height - 1])
    inside = np.zeros((bottom - top + 1, right - left + 1), dtype=np.uint8)
    cv2.fillPoly(inside, [(corners - [left, top]).astype(np.int32)], 1)
    return float(cv2.mean(probabilities[top : bottom + 1, left : right + 1], inside)[0])


def _ordered(corners: npt.NDArray[np.float32]) -> Quad:
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left = by_x[:2][np.argsort(by_x[:2, 1], kind="stable")]
    right = by_x[2:][np.argsort(by_x[2:, 1], kind="stable")]
    return np.array([left[0], right[0], right[1], left[1]], dtype=np.float32)
