"""Reading of one page: trusted text layer or OCR, layout, measures and display image."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ingestion.adapters.formats.page_source import Image, SourcePage, rotate_page_upright
from ingestion.adapters.ocr.engines import OcrPipeline, OcrSettings
from ingestion.adapters.reader.child.text_layers import trusted_words
from ingestion.adapters.reader.child.zone_scales import read_zone_again
from ingestion.adapters.vision import raster
from ingestion.adapters.vision.barcodes import find_codes
from ingestion.adapters.vision.scan_marks import find_stamps, scan_marks
from ingestion.domain.layout.analysis import PageLayout, analyze_layout, map_layout, mean_word_confidence
from ingestion.domain.page.deskew import Placement
from ingestion.domain.page.elements import PageReading, Word, WordSource

_SKEW_FROM = 0.3
_DOUBTED_SKEW_FROM = 5.0  # degrees: more than most scans have, so that few pages pay for the confirmation
_SKEW_TOLERANCE = 2.0
_BLANK_INK = 0.0005
_FAILED_PAGE_SIZE = (1240, 1754)


@dataclass(frozen=True, slots=True)
class FinishedPage:
    """Page as read, with its display image."""

    reading: PageReading
    display: raster.DisplayImage


def read_source_page(page: SourcePage, engines: OcrPipeline, settings: OcrSettings) -> FinishedPage:
    """Read one page of a source."""
    upright_page = rotate_page_upright(page)
    words = trusted_words(upright_page, engines.ppocr)
    picture = page.image if words is not None else raster.dark_on_light(page.image)
    measures = raster.measure(picture, page.dpi, with_skew=words is None)
    native = words is not None or (measures.ink < _BLANK_INK and not page.scanned)
    if native:
        layout = _page_layout(upright_page, words or ())
        if upright_page is not page and page.layer:
            height, width = page.image.shape[:2]
            layout = map_layout(layout, Placement(width, height, 90 * page.layer.rotation).to_page)
        confidence = mean_word_confidence(layout.words)
    else:
        recognised = recognise_layout(picture, measures.skew_degrees, engines, settings)
        layout, confidence = recognised.layout, recognised.confidence
    shown = raster.encode_for_display(page.image, lossless=native)
    reading = PageReading(
        number=page.number,
        width=shown.width,
        height=shown.height,
        source=WordSource.NATIVE if native else _source(layout.words),
        confidence=confidence,
        words=layout.words,
        blocks=layout.blocks,
        measures=measures,
        codes=find_codes(page.image, crisp=native and not page.scanned),
        notes=page.notes,
    )
    return FinishedPage(reading, shown)


def _page_layout(page: SourcePage, words: Sequence[Word]) -> PageLayout:
    marks = replace(page.marks, stamps=(*page.marks.stamps, *find_stamps(page.image)))
    return analyze_layout(words, aspect=_aspect(page.image), marks=marks)


@dataclass(frozen=True, slots=True)
class OcrLayout:
    """Layout of an image read by OCR; `confidence` is the expected share of its words read correctly."""

    layout: PageLayout
    confidence: float


def recognise_layout(image: Image, skew_degrees: float, engines: OcrPipeline, settings: OcrSettings) -> OcrLayout:
    """Read an image by OCR: it is deskewed for the engines, and boxes are mapped back to the original image."""
    skew_degrees = _confirmed_skew(image, skew_degrees, engines, settings)
    upright, placement = _deskewed(image, 0, skew_degrees)
    reading = engines.read(upright, settings)
    if reading.rotation:
        turned = np.ascontiguousarray(np.rot90(image, -reading.rotation // 90))
        skew_degrees = _confirmed_skew(turned, raster.skew(raster.to_grey(turned)), engines, settings)
        upright, placement = _deskewed(turned, reading.rotation, skew_degrees)
        reading = engines.read(upright, settings, detect_rotation=False)
    reading = read_zone_again(upright, reading, engines, settings)
    left = 0.0 if placement.tilt_degrees else skew_degrees
    layout = analyze_layout(reading.words, aspect=_aspect(upright), marks=scan_marks(upright, reading.words, left))
    layout = layout if placement.is_identity else map_layout(layout, placement.to_page)
    return OcrLayout(layout, reading.confidence)


def _confirmed_skew(image: Image, measured: float, engines: OcrPipeline, settings: OcrSettings) -> float:
    """Return the measured skew, or that of the detected lines where a large one has another cause.

    The fine lines of a decorated background can look like tilted text.
    """
    if abs(measured) < _DOUBTED_SKEW_FROM:
        return measured
    detected = engines.line_skew(image, settings)
    return measured if detected is None or abs(detected - measured) < _SKEW_TOLERANCE else detected


def _deskewed(image: Image, quarter: int, skew_degrees: float) -> tuple[Image, Placement]:
    height, width = image.shape[:2]
    if quarter % 180:
        width, height = height, width
    tilt = -skew_degrees if abs(skew_degrees) > _SKEW_FROM else 0.0
    return (raster.straighten(image, skew_degrees) if tilt else image), Placement(width, height, quarter, tilt)


def unreadable_page(number: int, code: str) -> FinishedPage:
    """Return the placeholder of a page that could not be read: an empty image and the reason."""
    width, height = _FAILED_PAGE_SIZE
    shown = raster.encode_for_display(np.full((height, width, 3), 255, np.uint8), lossless=False)
    reading = PageReading(number, shown.width, shown.height, WordSource.NATIVE, 0.0, error=code)
    return FinishedPage(reading, shown)


def unread_page(page: SourcePage, code: str) -> FinishedPage:
    """Return a page that can be displayed but was not read."""
    shown = raster.encode_for_display(page.image, lossless=False)
    reading = PageReading(page.number, shown.width, shown.height, WordSource.NATIVE, 0.0, error=code)
    return FinishedPage(reading, shown)


def _aspect(image: Image) -> float:
    return float(image.shape[0] / image.shape[1])


def _source(words: Sequence[Word]) -> WordSource:
    return words[0].source if words else WordSource.RAPIDOCR
