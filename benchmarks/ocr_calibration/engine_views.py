"""A picture as both engines see it, made ready for them as the program makes it ready."""

from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
import numpy.typing as npt

from ingestion.adapters.ocr.ppocr.engine import PpOcrEngine
from ingestion.adapters.ocr.second_engine import TesseractWitness
from ingestion.adapters.vision.preprocessing import cut, resized, small_print, text_frame, within
from ingestion.adapters.vision.raster import measure, straighten
from ingestion.domain.ocr.agreement import OcrWord
from refinery.core.types import BoundingBox

Image = npt.NDArray[np.uint8]

_LEAN_FROM = 0.3


@dataclass(frozen=True, slots=True)
class Seen:
    """PP-OCRv6's words line by line, Tesseract's of the page, and Tesseract's when shown each line by itself.

    Boxes are those of the straightened picture.
    """

    lines: tuple[tuple[OcrWord, ...], ...]
    heard: tuple[OcrWord, ...]
    shown: tuple[OcrWord, ...]

    @property
    def read(self) -> tuple[OcrWord, ...]:
        """Give PP-OCRv6's words."""
        return tuple(word for line in self.lines for word in line)


def both_readings(image: Image, ppocr: PpOcrEngine, witness: TesseractWitness, language: str = "eng") -> Seen:
    """Read an upright picture with both."""
    lean = measure(image, 200).skew_degrees
    level = straighten(image, lean) if abs(lean) > _LEAN_FROM else image
    part, frame = cut(level, text_frame(level))
    found = ppocr.scan(part)
    larger = small_print(found.x_height)
    if larger > 1:
        part = resized(part, larger)
        found = ppocr.scan(part)
    lines = found.lines()
    boxes = [reduce(BoundingBox.union, (word.bbox for word in line)) for line in lines if line]
    heard = witness.page(part, language, found.x_height).words() or ()
    shown = (witness.lines(part, boxes, language).words() or ()) if boxes else ()
    return Seen(tuple(_placed(line, frame) for line in lines), _placed(heard, frame), _placed(shown, frame))


def _placed(words: tuple[OcrWord, ...], frame: BoundingBox) -> tuple[OcrWord, ...]:
    return tuple(replace(word, bbox=within(word.bbox, frame)) for word in words)
