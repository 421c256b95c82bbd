"""Reading of an image by OCR, with the layout of its words."""

from dataclasses import dataclass

import numpy as np

from ingestion.adapters.formats.page_source import Image
from ingestion.adapters.ocr.engines import OcrPipeline, OcrSettings
from ingestion.adapters.reader.child.zone_scales import read_zone_again
from ingestion.adapters.vision import raster
from ingestion.adapters.vision.scan_marks import scan_marks
from ingestion.domain.layout.analysis import PageLayout, analyze_layout, map_layout
from ingestion.domain.page.deskew import Placement

_SKEW_FROM = 0.3
_DOUBTED_SKEW_FROM = 5.0  # degrees: more than most scans have, so that few pages pay for the confirmation
_SKEW_TOLERANCE = 2.0


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
        rotated = np.ascontiguousarray(np.rot90(image, -reading.rotation // 90))
        skew_degrees = _confirmed_skew(rotated, raster.skew(raster.to_grey(rotated)), engines, settings)
        upright, placement = _deskewed(rotated, reading.rotation, skew_degrees)
        reading = engines.read(upright, settings, detect_rotation=False)
    reading = read_zone_again(upright, reading, engines, settings)
    left = 0.0 if placement.tilt_degrees else skew_degrees
    layout = analyze_layout(reading.words, aspect=aspect_of(upright), marks=scan_marks(upright, reading.words, left))
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


def aspect_of(image: Image) -> float:
    """Return an image's height divided by its width."""
    return float(image.shape[0] / image.shape[1])
