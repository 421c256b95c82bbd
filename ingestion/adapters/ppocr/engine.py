"""Lines found, read, cut into words: PP-OCRv6 as one engine."""

from functools import cached_property

import cv2
import numpy as np

from ingestion.adapters.ppocr.detection import DetectionSize, Detector, Image, Quad
from ingestion.adapters.ppocr.recognition import Recogniser, cut_line
from ingestion.domain.agreement import OcrWord
from ingestion.domain.layout import Word, WordSource
from ingestion.domain.ports import Raster
from ingestion.domain.words import LineWord, split_line
from refinery.types import BoundingBox

_LINE_MEAN_FROM = 0.5
_INK_SHARE = 0.35


class PpOcrEngine:
    """PP-OCRv6 behind the port of all engines; the models are loaded when first used, or by `warm`."""

    name = "rapidocr"

    def __init__(self, size: DetectionSize | None = None) -> None:
        """Take the size at which lines are looked for."""
        self._size = size

    @cached_property
    def detector(self) -> Detector:
        """Find lines."""
        return Detector(self._size)

    @cached_property
    def recogniser(self) -> Recogniser:
        """Read lines."""
        return Recogniser()

    def warm(self) -> None:
        """Load the models and run each once."""
        self.detector.find(np.full((64, 64, 3), 255, np.uint8))
        self.recogniser.read(np.full((48, 96, 3), 255, np.uint8))

    def recognise(self, image: Raster) -> tuple[Word, ...]:
        """Read an RGB raster; confidences are the model's own, uncalibrated."""
        pixels = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width, 3)
        found = self.read(pixels)
        return tuple(Word(word.text, word.bbox, word.mean, WordSource.RAPIDOCR, 0) for word in found)

    def read(self, image: Image) -> tuple[OcrWord, ...]:
        """Read a picture (RGB); words come line by line, lines in no order."""
        return tuple(word for quad in self.detector.find(image) for word in self.read_line(image, quad))

    def read_line(self, image: Image, quad: Quad) -> tuple[OcrWord, ...]:
        """Read one line of a picture; nothing where the model itself does not believe its reading."""
        line = cut_line(image, quad)
        characters = self.recogniser.read(line)
        words = split_line(characters)
        if not words or sum(word.mean for word in words) / len(words) < _LINE_MEAN_FROM:
            return ()
        stands = _stands(quad)
        spans = _tighten(line, words)
        return tuple(
            OcrWord(word.text, _box(quad, span, image, stands=stands), word.mean, word.least, word.rival)
            for word, span in zip(words, spans, strict=True)
        )


def _stands(quad: Quad) -> bool:
    across = float(np.linalg.norm(quad[0] - quad[1]))
    down = float(np.linalg.norm(quad[0] - quad[3]))
    return down >= 1.5 * across


Span = tuple[float, float, float, float]


def _tighten(line: Image, words: tuple[LineWord, ...]) -> list[Span]:
    """Shrink each word's part of the line to its ink: x0, x1, y0, y1 as shares of the line."""
    grey = cv2.cvtColor(line, cv2.COLOR_RGB2GRAY).astype(np.float32)
    paper = float(np.median(grey))
    away = np.abs(grey - paper)
    inked = away > _INK_SHARE * float(away.max())
    height, width = inked.shape
    spans = []
    for word in words:
        first, last = int(word.start * width), max(int(word.stop * width), int(word.start * width) + 1)
        part = inked[:, first:last]
        columns, rows = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
        if not len(columns):
            spans.append((word.start, word.stop, 0.0, 1.0))
            continue
        spans.append((
            (first + columns[0]) / width, (first + columns[-1] + 1) / width,
            rows[0] / height, (rows[-1] + 1) / height,
        ))  # fmt: skip
    return spans


def _box(quad: Quad, span: Span, image: Image, *, stands: bool) -> BoundingBox:
    """Lay a part of the upright line back onto the picture."""
    x0, x1, y0, y1 = (1 - span[3], 1 - span[2], span[0], span[1]) if stands else span
    corners = np.array([_blend(quad, x, y) for x in (x0, x1) for y in (y0, y1)])
    height, width = image.shape[:2]
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    return BoundingBox.clipped(
        float(left) / width, float(top) / height, float(right) / width, float(bottom) / height
    )


def _blend(quad: Quad, x: float, y: float) -> Quad:
    above = quad[0] + (quad[1] - quad[0]) * x
    below = quad[3] + (quad[2] - quad[3]) * x
    return np.asarray(above + (below - above) * y, dtype=np.float32)
