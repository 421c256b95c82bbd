"""Reading of one page: trusted text layer or OCR, layout, measures and display image."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ingestion.adapters.formats.page_source import Image, SourcePage, rotate_page_upright
from ingestion.adapters.ocr.engines import OcrPipeline, OcrSettings
from ingestion.adapters.reader.child.ocr_layout import aspect_of, recognise_layout
from ingestion.adapters.reader.child.picture_text import PictureText, is_inside, read_pictures
from ingestion.adapters.reader.child.text_layers import NO_TEXT, TrustedText, trusted_text
from ingestion.adapters.vision import raster
from ingestion.adapters.vision.barcodes import find_codes
from ingestion.adapters.vision.scan_marks import find_stamps
from ingestion.domain.layout.analysis import PageLayout, analyze_layout, map_layout, mean_word_confidence
from ingestion.domain.page.deskew import Placement
from ingestion.domain.page.elements import PageReading, Word, WordSource

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
    trusted = trusted_text(upright_page, engines.ppocr)
    picture = page.image if trusted else raster.dark_on_light(page.image)
    measures = raster.measure(picture, page.dpi, with_skew=trusted is None)
    native = trusted is not None or (measures.ink < _BLANK_INK and not page.scanned)
    content = (
        _native_content(page, upright_page, trusted or NO_TEXT, engines, settings)
        if native
        else _ocr_content(picture, measures.skew_degrees, engines, settings)
    )
    shown = raster.encode_for_display(page.image, lossless=native, inches=page.inches)
    reading = PageReading(
        number=page.number,
        width=shown.width,
        height=shown.height,
        source=content.source,
        confidence=content.confidence,
        words=content.layout.words,
        blocks=content.layout.blocks,
        measures=measures,
        codes=find_codes(page.image, crisp=native and not page.scanned),
        notes=(*page.notes, *content.notes),
    )
    return FinishedPage(reading, shown)


@dataclass(frozen=True, slots=True)
class _PageContent:
    """Words of a page in their layout; `source` is that of most of them."""

    layout: PageLayout
    source: WordSource
    confidence: float
    notes: tuple[str, ...] = ()


def _ocr_content(image: Image, skew_degrees: float, engines: OcrPipeline, settings: OcrSettings) -> _PageContent:
    found = recognise_layout(image, skew_degrees, engines, settings)
    words = found.layout.words
    return _PageContent(found.layout, words[0].source if words else WordSource.RAPIDOCR, found.confidence)


def _native_content(
    page: SourcePage, upright: SourcePage, trusted: TrustedText, engines: OcrPipeline, settings: OcrSettings
) -> _PageContent:
    """Return the words of a text layer, and those in the pictures beside it."""
    pictures = read_pictures(upright, trusted.words, engines, settings)
    layout = _page_layout(upright, (*trusted.words, *pictures.words), pictures)
    if upright is not page and page.layer:
        height, width = page.image.shape[:2]
        layout = map_layout(layout, Placement(width, height, 90 * page.layer.rotation).to_page)
    notes = (*trusted.notes, *pictures.notes)
    native, read = len(trusted.words), len(pictures.words)
    if not read:
        return _PageContent(layout, WordSource.NATIVE, mean_word_confidence(layout.words), notes)
    confidence = (native * mean_word_confidence(trusted.words) + read * pictures.confidence) / (native + read)
    return _PageContent(layout, WordSource.NATIVE if native >= read else pictures.words[0].source, confidence, notes)


def _page_layout(page: SourcePage, words: Sequence[Word], pictures: PictureText) -> PageLayout:
    """Analyse the layout; a picture whose print was read is no figure, and its rules count."""
    others = tuple(box for box in page.marks.pictures if not any(is_inside(box, read) for read in pictures.read))
    stamps = (*page.marks.stamps, *find_stamps(page.image))
    rulings = (*page.marks.rulings, *pictures.rulings)
    marks = replace(page.marks, stamps=stamps, pictures=others, rulings=rulings)
    return analyze_layout(words, aspect=aspect_of(page.image), marks=marks)


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
