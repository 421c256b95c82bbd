"""PP-OCRv6 as one engine: lines are found, read and split into words."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import atan2, degrees
from statistics import fmean, median

import cv2
import numpy as np

from ingestion.adapters.ocr.ppocr.detection import DetectionSize, Detector, Image, Quad
from ingestion.adapters.ocr.ppocr.recognition import Recogniser, cut_line
from ingestion.domain.ocr.agreement import OcrWord
from ingestion.domain.ocr.line_words import MAX_WORD_GAP, LineWord, ReadCharacter, split_line
from refinery.core.types import BoundingBox

_LINE_MEAN_FROM = 0.5
_INK_SHARE = 0.35
_VERTICAL_RATIO = 2.2
_LONG = 3.0
_UPTURNED_FILLERS = ">>"  # of the machine-readable zone of a document that is upside down on its page
_PROBES = 3
_THREADS = 2
_CONFIDENT = 0.9
_BETTER = 0.1
_X_HEIGHT = 0.42  # of the height of a detected line, with its ascenders, descenders and a margin

Characters = tuple[ReadCharacter, ...]
Span = tuple[float, float, float, float]


class PpOcrEngine:
    """PP-OCRv6 engine; the models are loaded on first use, or by `warm`."""

    name = "rapidocr"

    def __init__(self, size: DetectionSize | None = None) -> None:
        """Store the size limits of line detection."""
        self._size = size

    @cached_property
    def detector(self) -> Detector:
        """Line detector."""
        return Detector(self._size)

    @cached_property
    def recogniser(self) -> Recogniser:
        """Line recogniser."""
        return Recogniser()

    def warm(self) -> None:
        """Load the models; the detector is compiled for the size of the first page."""
        _ = self.detector
        self.recogniser.read(np.full((48, 96, 3), 255, np.uint8))

    def read(self, image: Image) -> tuple[OcrWord, ...]:
        """Read an upright image (RGB); words come line by line, lines in no order."""
        return tuple(word for line in self.detect_lines(image).lines() for word in line)

    def read_line(self, image: Image) -> Characters:
        """Read an image of one line."""
        return self.recogniser.read(image)

    def detect_lines(self, image: Image) -> "LineDetection":
        """Find the lines of an image without reading them."""
        return LineDetection(image, tuple(self.detector.find(image)), self.recogniser)


@dataclass(slots=True)
class LineDetection:
    """Image with its lines; each line is read on first access, and only once."""

    image: Image
    quads: tuple[Quad, ...]
    recogniser: Recogniser
    _read: dict[int, Characters] = field(default_factory=dict)
    _upside_down: set[int] = field(default_factory=set)

    def lines(self) -> tuple[tuple[OcrWord, ...], ...]:
        """Return the words of all lines, which are read in parallel."""
        with ThreadPoolExecutor(_THREADS) as pool:
            list(pool.map(self._read_either_way, range(len(self.quads))))
        return tuple(self._words_of(index) for index in range(len(self.quads)))

    @property
    def x_height(self) -> float:
        """Return the usual height of small letters in pixels, estimated from the lines' boxes; 0 without lines."""
        downs = [min(_sides(quad)) for quad in self.quads]
        return _X_HEIGHT * median(downs) if downs else 0.0

    @property
    def skew_degrees(self) -> float | None:
        """Return by how many degrees, clockwise, the long lines are tilted; None with too few of them."""
        long = [quad for quad in self.quads if _elongation(quad) > _LONG]
        return median(map(_tilt, long)) if len(long) >= _PROBES else None

    def rotation(self) -> int:
        """Return the clockwise rotation, in degrees, that makes the image upright: 0, 90, 180 or 270.

        Vertical lines indicate a page on its side; a few long lines, read in both directions, separate top from bottom.
        """
        long = [index for index, quad in enumerate(self.quads) if _elongation(quad) > _LONG]
        if len(long) < _PROBES:
            return 0
        vertical = sum(_is_vertical(self.quads[index]) for index in long)
        on_side = 2 * vertical > len(long)
        lines = sorted((i for i in long if _is_vertical(self.quads[i]) == on_side), key=lambda i: -_area(self.quads[i]))
        probes = lines[:_PROBES]
        upright = fmean(_mean_probability(self._characters(index)) for index in probes)
        if upright >= _CONFIDENT:
            return 270 if on_side else 0
        flipped = fmean(_mean_probability(self.recogniser.read(_flipped(self._cut(index)))) for index in probes)
        if flipped > upright + _BETTER:
            return 90 if on_side else 180
        return 270 if on_side else 0

    def _read_either_way(self, index: int) -> None:
        """Read a line; in both directions if it is on its side and not clearly legible, or has upturned fillers."""
        usual, quad = self._characters(index), self.quads[index]
        on_side = _is_vertical(quad) and _mean_probability(usual) < _CONFIDENT
        upturned = _UPTURNED_FILLERS in "".join(character.text for character in usual)
        if not (on_side or upturned) or _elongation(quad) <= _LONG:
            return
        flipped = self.recogniser.read(_flipped(self._cut(index)))
        if _mean_probability(flipped) > _mean_probability(usual) + _BETTER:
            self._read[index] = flipped
            self._upside_down.add(index)

    def _words_of(self, index: int) -> tuple[OcrWord, ...]:
        characters = self._characters(index)
        words = split_line(characters)
        if not words or _mean_probability(characters) < _LINE_MEAN_FROM:
            return ()
        line = self._cut(index)
        spans = _tighten(line, words)
        places = [_opposite(span) for span in spans] if index in self._upside_down else spans
        boxes = [_box(self.quads[index], place, self.image) for place in places]
        found = []
        for at, (word, box) in enumerate(zip(words, boxes, strict=True)):
            left, right = _gaps(spans, at, len(word.text))
            trace = replace(word.trace, left_gap=left, right_gap=right, line_height=float(line.shape[0]))
            found.append(OcrWord(word.text, box, word.mean_confidence, word.min_confidence, word.runner_up, trace))
        return tuple(found)

    def _characters(self, index: int) -> Characters:
        if index not in self._read:
            self._read[index] = self.recogniser.read(self._cut(index))
        return self._read[index]

    def _cut(self, index: int) -> Image:
        quad = self.quads[index]
        line = cut_line(self.image, quad)
        line = np.ascontiguousarray(np.rot90(line)) if _is_vertical(quad) else line
        return _flipped(line) if index in self._upside_down else line


def _gaps(spans: Sequence[Span], at: int, letters: int) -> tuple[float, float]:
    """Return the gaps left and right of a word in widths of its characters, at most MAX_WORD_GAP."""
    x0, x1, _, _ = spans[at]
    width = max(x1 - x0, 1e-6) / max(letters, 1)
    left = (x0 - spans[at - 1][1]) / width if at else MAX_WORD_GAP
    right = (spans[at + 1][0] - x1) / width if at + 1 < len(spans) else MAX_WORD_GAP
    return min(max(left, -0.5), MAX_WORD_GAP), min(max(right, -0.5), MAX_WORD_GAP)


def _flipped(line: Image) -> Image:
    return np.ascontiguousarray(line[::-1, ::-1])


def _opposite(span: Span) -> Span:
    x0, x1, y0, y1 = span
    return 1 - x1, 1 - x0, 1 - y1, 1 - y0


def _mean_probability(characters: Characters) -> float:
    return fmean(character.probability for character in characters) if characters else 0.0


def _elongation(quad: Quad) -> float:
    across, down = _sides(quad)
    return max(across, down) / max(min(across, down), 1.0)


def _area(quad: Quad) -> float:
    across, down = _sides(quad)
    return across * down


def _is_vertical(quad: Quad) -> bool:
    """Return whether a line runs from top to bottom; a single tall character does not."""
    across, down = _sides(quad)
    return down >= _VERTICAL_RATIO * across


def _tilt(quad: Quad) -> float:
    """Return a line's tilt in degrees, clockwise, from the nearer one of level and upright: -45 to 45."""
    across, down = quad[1] - quad[0], quad[3] - quad[0]
    x, y = across if np.linalg.norm(across) > np.linalg.norm(down) else down
    return (degrees(atan2(float(y), float(x))) + 45) % 90 - 45


def _sides(quad: Quad) -> tuple[float, float]:
    return float(np.linalg.norm(quad[0] - quad[1])), float(np.linalg.norm(quad[0] - quad[3]))


def _tighten(line: Image, words: tuple[LineWord, ...]) -> list[Span]:
    """Shrink each word's part of the line to its ink: x0, x1, y0, y1 as shares of the line."""
    grey = cv2.cvtColor(line, cv2.COLOR_RGB2GRAY).astype(np.float32)
    paper = float(np.median(grey))
    away = np.abs(grey - paper)
    is_dark = away > _INK_SHARE * float(away.max())
    height, width = is_dark.shape
    spans = []
    for word in words:
        first, last = int(word.start * width), max(int(word.stop * width), int(word.start * width) + 1)
        part = is_dark[:, first:last]
        columns, rows = np.flatnonzero(part.any(axis=0)), np.flatnonzero(part.any(axis=1))
        if not len(columns):
            spans.append((word.start, word.stop, 0.0, 1.0))
            continue
        spans.append(
            ((first + columns[0]) / width, (first + columns[-1] + 1) / width, rows[0] / height, (rows[-1] + 1) / height)
        )
    return spans


def _box(quad: Quad, span: Span, image: Image) -> BoundingBox:
    """Map a part of the upright line back to the image."""
    x0, x1, y0, y1 = (1 - span[3], 1 - span[2], span[0], span[1]) if _is_vertical(quad) else span
    corners = np.array([_blend(quad, x, y) for x in (x0, x1) for y in (y0, y1)])
    height, width = image.shape[:2]
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    return BoundingBox.clipped(float(left) / width, float(top) / height, float(right) / width, float(bottom) / height)


def _blend(quad: Quad, x: float, y: float) -> Quad:
    above = quad[0] + (quad[1] - quad[0]) * x
    below = quad[3] + (quad[2] - quad[3]) * x
    return np.asarray(above + (below - above) * y, dtype=np.float32)
