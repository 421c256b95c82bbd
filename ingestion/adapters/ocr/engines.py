"""OCR pipeline of one sandbox child: its engines, loaded before the first page, and their joint reading of an image."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ingestion.adapters.ocr.calibration_files import CALIBRATION_FOLDER, PAGE_CONFIDENCE_PATH, WORD_CONFIDENCE_PATH
from ingestion.adapters.ocr.onnx_forest import load_forests
from ingestion.adapters.ocr.ppocr.weights import ModelMissing
from ingestion.adapters.ocr.second_engine import SecondEngine, TesseractSecondEngine
from ingestion.adapters.vision import preprocessing
from ingestion.domain.layout.analysis import mean_word_confidence
from ingestion.domain.ocr.agreement import OcrWord
from ingestion.domain.ocr.engine_scripts import needs_tesseract
from ingestion.domain.ocr.line_words import ReadCharacter
from ingestion.domain.ocr.merging import WordMerger
from ingestion.domain.ocr.page_confidence import unpack_page_confidence
from ingestion.domain.ocr.second_engine import SecondEngineMode, second_engine_scope
from ingestion.domain.ocr.word_confidence import WordConfidenceModel, unpack_lexicon
from ingestion.domain.ocr.word_evidence import PageContext
from ingestion.domain.page.elements import Word
from refinery.core.types import BoundingBox

Image = npt.NDArray[np.uint8]

_POOR_BELOW = 0.7  # engines that disagree this much may recognise more on a cleaned image


class NoEngineAvailable(Exception):
    """None of the requested engines is available."""


@cache
def load_merging() -> WordMerger:
    """Load the fitted confidence models; raises DamagedCalibration if they do not belong together."""
    words, pages = (json.loads(fit.read_text(encoding="utf-8")) for fit in (WORD_CONFIDENCE_PATH, PAGE_CONFIDENCE_PATH))
    forests = load_forests(CALIBRATION_FOLDER, words["forests"])
    return WordMerger(
        WordConfidenceModel(words["version"], forests, unpack_lexicon(words["lexicon"])), unpack_page_confidence(pages)
    )


class DetectedLines(Protocol):
    """Lines of an image, found but not read."""

    @property
    def x_height(self) -> float:
        """Return the height of small letters in pixels, 0 if unknown."""
        ...

    @property
    def skew_degrees(self) -> float | None:
        """Return the tilt of the lines in degrees, clockwise; None with too few lines."""
        ...

    def rotation(self) -> int:
        """Return the clockwise rotation, in degrees, that makes the image upright."""
        ...

    def lines(self) -> tuple[tuple[OcrWord, ...], ...]:
        """Read all lines."""
        ...


class LineDetectingEngine(Protocol):
    """Engine that finds lines first and then reads them. Raises ModelMissing."""

    def warm(self) -> None:
        """Load the models."""
        ...

    def detect_lines(self, image: Image) -> DetectedLines:
        """Find the lines of an RGB image."""
        ...

    def read_line(self, image: Image) -> tuple[ReadCharacter, ...]:
        """Read an image of one line."""
        ...


@dataclass(frozen=True, slots=True)
class OcrSettings:
    """Reading settings: the engines to use, the language of the second engine, and when it runs."""

    engines: Sequence[str]
    language: str
    second_engine: SecondEngineMode

    def uses_second_engine(self, mode: SecondEngineMode) -> bool:
        """Return whether the second engine runs in this mode."""
        return "tesseract" in self.engines and self.second_engine is mode


@dataclass(frozen=True, slots=True)
class OcrResult:
    """Result of reading an image: its words, or the clockwise rotation in degrees that it needs first.

    `confidence` is the expected share of the image's words that was read correctly, 0..1.
    """

    words: tuple[Word, ...]
    confidence: float = 1.0
    rotation: int = 0

    def to_full_image(self, frame: BoundingBox) -> "OcrResult":
        """Map the words from a part of an image to the whole image."""
        return replace(
            self, words=tuple(replace(word, bbox=preprocessing.to_full_image(word.bbox, frame)) for word in self.words)
        )


@dataclass(slots=True)
class OcrPipeline:
    """Pipeline of PP-OCRv6 and the second engine, each used if requested and available."""

    ppocr: LineDetectingEngine
    second_engine: SecondEngine = field(default_factory=TesseractSecondEngine)

    def warm(self) -> None:
        """Load the OCR models and the confidence models; without OCR models only Tesseract reads."""
        load_merging()
        try:
            self.ppocr.warm()
        except ModelMissing:
            return

    def line_skew(self, image: Image, settings: OcrSettings) -> float | None:
        """Return the tilt of an image's lines in degrees, clockwise; None if it has too few, or no detector."""
        found = self._detect_lines(image, settings)
        return found.skew_degrees if found else None

    def read(self, image: Image, settings: OcrSettings, *, detect_rotation: bool = True) -> OcrResult:
        """Read an image; words have calibrated confidences and no order. Raises NoEngineAvailable.

        The white border is cut off. A rotated image is not read: `rotation` of the result says how to make it upright
        (always 0 without `detect_rotation`).
        """
        part, frame = preprocessing.crop_to(image, preprocessing.text_frame(image))
        return self._read(part, settings, detect_rotation=detect_rotation).to_full_image(frame)

    def _read(self, image: Image, settings: OcrSettings, *, detect_rotation: bool) -> OcrResult:
        found = self._detect_lines(image, settings)
        if found is None:
            return self._read_by_second_engine(image, settings)
        rotation = found.rotation() if detect_rotation else 0
        if rotation:
            return OcrResult((), rotation=rotation)
        larger = preprocessing.small_print_scale(found.x_height)
        if larger > 1:
            image = preprocessing.rescale(image, larger)
            found = self._detect_lines(image, settings) or found
        reading = self._read_lines(image, found, settings, whole=larger > 1)
        if settings.second_engine is SecondEngineMode.NEVER or mean_word_confidence(reading.words) >= _POOR_BELOW:
            return reading
        return max((reading, self._read_cleaned(image, settings)), key=_expected_correct)

    def _read_cleaned(self, image: Image, settings: OcrSettings) -> OcrResult:
        """Read an image with evened lighting: where that helps, the engines agree on more words."""
        even = preprocessing.even_lighting(image)
        found = self._detect_lines(even, settings)
        return self._read_lines(even, found, settings, whole=True) if found else OcrResult(())

    def _detect_lines(self, image: Image, settings: OcrSettings) -> DetectedLines | None:
        """Return PP-OCRv6's lines; None if it is not requested, not available or cannot read the script."""
        if "rapidocr" not in settings.engines or self._needs_tesseract(settings):
            return None
        try:
            return self.ppocr.detect_lines(image)
        except ModelMissing:
            return None

    def _needs_tesseract(self, settings: OcrSettings) -> bool:
        return "tesseract" in settings.engines and needs_tesseract(settings.language, self.second_engine.languages)

    def _read_lines(self, image: Image, found: DetectedLines, settings: OcrSettings, *, whole: bool) -> OcrResult:
        """Read the lines and compare engines; `whole` marks a hard page, which the second engine reads completely."""
        if not settings.uses_second_engine(SecondEngineMode.ALWAYS) and not (
            whole and settings.uses_second_engine(SecondEngineMode.DOUBTFUL)
        ):
            return self._verify_doubted(image, found, settings)
        second_run = self.second_engine.read_page(image, settings.language, found.x_height)
        try:
            read = _flatten(found.lines())
        except BaseException:
            second_run.stop()
            raise
        return _merge(read, second_run.words())

    def _verify_doubted(self, image: Image, found: DetectedLines, settings: OcrSettings) -> OcrResult:
        lines = found.lines()
        page = load_merging().context_of(_flatten(lines))
        first_only = [load_merging().single_engine_words(line, "rapidocr", page) for line in lines]
        scope = second_engine_scope([[word.confidence for word in line] for line in first_only])
        if not settings.uses_second_engine(SecondEngineMode.DOUBTFUL) or not (scope.whole_page or scope.lines):
            return _with_confidence(tuple(word for line in first_only for word in line), page)
        if scope.whole_page:
            return _merge(
                _flatten(lines), self.second_engine.read_page(image, settings.language, found.x_height).words()
            )
        boxes = [_bounding_box(lines[index]) for index in scope.lines]
        second_words = self.second_engine.read_lines(image, boxes, settings.language).words()
        verified = set(scope.lines)
        certain = tuple(word for index, line in enumerate(first_only) if index not in verified for word in line)
        doubted = [word for index in scope.lines for word in lines[index]]
        if second_words is None:
            return _with_confidence((*certain, *load_merging().single_engine_words(doubted, "rapidocr", page)), page)
        return _with_confidence((*certain, *load_merging().merge_lines(doubted, second_words, page)), page)

    def _read_by_second_engine(self, image: Image, settings: OcrSettings) -> OcrResult:
        if "tesseract" not in settings.engines or not self.second_engine.available:
            raise NoEngineAvailable
        words = self.second_engine.read_page(image, settings.language).words()
        if words is None:
            raise NoEngineAvailable
        page = load_merging().context_of(words)
        return _with_confidence(load_merging().single_engine_words(words, "tesseract", page), page)


def _merge(read: Sequence[OcrWord], second_words: Sequence[OcrWord] | None) -> OcrResult:
    page = load_merging().context_of(read)
    if second_words is None:
        return _with_confidence(load_merging().single_engine_words(read, "rapidocr", page), page)
    return _with_confidence(load_merging().merge_pages(read, second_words, page), page)


def _with_confidence(words: tuple[Word, ...], page: PageContext) -> OcrResult:
    return OcrResult(words, load_merging().page_confidence_of(words, page))


def _flatten(lines: Sequence[Sequence[OcrWord]]) -> tuple[OcrWord, ...]:
    return tuple(word for line in lines for word in line)


def _bounding_box(line: Sequence[OcrWord]) -> BoundingBox:
    box = line[0].bbox
    for word in line[1:]:
        box = box.union(word.bbox)
    return box


def _expected_correct(reading: OcrResult) -> float:
    """Return the expected number of correct words."""
    return sum(word.confidence for word in reading.words)
