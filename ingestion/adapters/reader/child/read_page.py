"""One sheet becomes one page: believed text or OCR, in order, measured, shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ingestion.adapters.formats.page_source import Image, Sheet, upright
from ingestion.adapters.ocr.engines import Engines, Manner
from ingestion.adapters.reader.child.text_layers import trusted_words
from ingestion.adapters.vision.barcodes import codes_on
from ingestion.adapters.vision.raster import ShownPage, as_printed, measure, show, skew, straighten, to_grey
from ingestion.adapters.vision.scan_marks import scan_marks, stamps_on
from ingestion.domain.layout.analysis import Layout, arrange, moved, page_confidence
from ingestion.domain.page.deskew import Placement
from ingestion.domain.page.elements import PageReading, Word, WordSource

_SKEW_FROM = 0.3
_BLANK_INK = 0.0005
_LOST_SIZE = (1240, 1754)


@dataclass(frozen=True, slots=True)
class FinishedPage:
    """A page as read and as shown."""

    reading: PageReading
    shown: ShownPage


def read_sheet(sheet: Sheet, engines: Engines, manner: Manner) -> FinishedPage:
    """Read one sheet."""
    standing = upright(sheet)
    words = trusted_words(standing, engines.ppocr)
    picture = sheet.image if words is not None else as_printed(sheet.image)
    measures = measure(picture, sheet.dpi, leaning=words is None)
    native = words is not None or (measures.ink < _BLANK_INK and not sheet.scanned)
    if native:
        layout = _arranged(standing, words or ())
        if standing is not sheet and sheet.layer:
            height, width = sheet.image.shape[:2]
            layout = moved(layout, Placement(width, height, 90 * sheet.layer.turn).to_page)
        confidence = page_confidence(layout.words)
    else:
        recognised = recognise(picture, measures.skew_degrees, engines, manner)
        layout, confidence = recognised.layout, recognised.confidence
    shown = show(sheet.image, lossless=native)
    reading = PageReading(
        number=sheet.number,
        width=shown.width,
        height=shown.height,
        source=WordSource.NATIVE if native else _source(layout.words),
        confidence=confidence,
        words=layout.words,
        blocks=layout.blocks,
        measures=measures,
        codes=codes_on(sheet.image, crisp=native and not sheet.scanned),
        notes=sheet.notes,
    )
    return FinishedPage(reading, shown)


def _arranged(sheet: Sheet, words: Sequence[Word]) -> Layout:
    marks = replace(sheet.marks, stamps=(*sheet.marks.stamps, *stamps_on(sheet.image)))
    return arrange(words, aspect=_aspect(sheet.image), marks=marks)


@dataclass(frozen=True, slots=True)
class Recognised:
    """What OCR made of a picture; `confidence` is the share of its words that was expectedly read right."""

    layout: Layout
    confidence: float


def recognise(image: Image, lean: float, engines: Engines, manner: Manner) -> Recognised:
    """Read a picture by OCR: set upright for the engines, its boxes laid back onto the picture as it is."""
    upright, placement = _straightened(image, 0, lean)
    reading = engines.read(upright, manner)
    if reading.turn:
        turned = np.ascontiguousarray(np.rot90(image, -reading.turn // 90))
        lean = skew(to_grey(turned))
        upright, placement = _straightened(turned, reading.turn, lean)
        reading = engines.read(upright, manner, turning=False)
    left = 0.0 if placement.tilt else lean
    layout = arrange(reading.words, aspect=_aspect(upright), marks=scan_marks(upright, reading.words, left))
    layout = layout if placement.straight else moved(layout, placement.to_page)
    return Recognised(layout, reading.confidence)


def _straightened(image: Image, quarter: int, lean: float) -> tuple[Image, Placement]:
    height, width = image.shape[:2]
    if quarter % 180:
        width, height = height, width
    tilt = -lean if abs(lean) > _SKEW_FROM else 0.0
    return (straighten(image, lean) if tilt else image), Placement(width, height, quarter, tilt)


def lost_page(number: int, code: str) -> FinishedPage:
    """Give the page that could not be read: an empty sheet to show, and the reason."""
    width, height = _LOST_SIZE
    shown = show(np.full((height, width, 3), 255, np.uint8), lossless=False)
    reading = PageReading(number, shown.width, shown.height, WordSource.NATIVE, 0.0, error=code)
    return FinishedPage(reading, shown)


def unread_page(sheet: Sheet, code: str) -> FinishedPage:
    """Give a page that can be looked at but was not read."""
    shown = show(sheet.image, lossless=False)
    reading = PageReading(sheet.number, shown.width, shown.height, WordSource.NATIVE, 0.0, error=code)
    return FinishedPage(reading, shown)


def _aspect(image: Image) -> float:
    return float(image.shape[0] / image.shape[1])


def _source(words: Sequence[Word]) -> WordSource:
    return words[0].source if words else WordSource.RAPIDOCR
