"""Readings of a picture by both engines, prepared for them as the program does."""

from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
import numpy.typing as npt

from ingestion.adapters.ocr.ppocr.engine import PpOcrEngine
from ingestion.adapters.ocr.second_engine import TesseractSecondEngine
from ingestion.adapters.vision.preprocessing import crop_to, rescale, small_print_scale, text_frame, to_full_image
from ingestion.adapters.vision.raster import measure, straighten
from ingestion.domain.ocr.agreement import OcrWord
from refinery.core.types import BoundingBox

Image = npt.NDArray[np.uint8]

_MIN_SKEW_DEGREES = 0.3


@dataclass(frozen=True, slots=True)
class EngineReadings:
    """Words of PP-OCRv6 by line, of Tesseract on the page, and of Tesseract on each line separately.

    Boxes are those of the straightened picture.
    """

    ppocr_lines: tuple[tuple[OcrWord, ...], ...]
    tesseract_words: tuple[OcrWord, ...]
    tesseract_line_words: tuple[OcrWord, ...]

    @property
    def ppocr_words(self) -> tuple[OcrWord, ...]:
        """Return PP-OCRv6's words."""
        return tuple(word for line in self.ppocr_lines for word in line)


def read_with_both_engines(
    image: Image, ppocr: PpOcrEngine, tesseract: TesseractSecondEngine, language: str = "eng"
) -> EngineReadings:
    """Read an upright picture with both engines."""
    skew = measure(image, 200).skew_degrees
    level = straighten(image, skew) if abs(skew) > _MIN_SKEW_DEGREES else image
    part, frame = crop_to(level, text_frame(level))
    found = ppocr.detect_lines(part)
    larger = small_print_scale(found.x_height)
    if larger > 1:
        part = rescale(part, larger)
        found = ppocr.detect_lines(part)
    lines = found.lines()
    boxes = [reduce(BoundingBox.union, (word.bbox for word in line)) for line in lines if line]
    page_words = tesseract.read_page(part, language, found.x_height).words() or ()
    line_words = (tesseract.read_lines(part, boxes, language).words() or ()) if boxes else ()
    return EngineReadings(
        tuple(_to_page(line, frame) for line in lines), _to_page(page_words, frame), _to_page(line_words, frame)
    )


def _to_page(words: tuple[OcrWord, ...], frame: BoundingBox) -> tuple[OcrWord, ...]:
    return tuple(replace(word, bbox=to_full_image(word.bbox, frame)) for word in words)
