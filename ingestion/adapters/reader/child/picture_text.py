"""Text of pictures on a page that also has a text layer: a pasted receipt, a scan with a printed stamp."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ingestion.adapters.formats.page_source import Image, SourcePage
from ingestion.adapters.ocr.engines import NoEngineAvailable, OcrPipeline, OcrSettings
from ingestion.adapters.reader.child.ocr_layout import recognise_layout
from ingestion.adapters.vision import raster
from ingestion.adapters.vision.preprocessing import crop_to, to_full_image
from ingestion.adapters.vision.print_marks import has_print
from ingestion.adapters.vision.scan_marks import scan_marks
from ingestion.domain.layout.analysis import mean_word_confidence
from ingestion.domain.page.elements import Word
from ingestion.domain.page.notes import Note
from refinery.core.types import BoundingBox

_PICTURES_READ = 4  # the largest ones of a page
_WORDS_FROM = 3
_CONFIDENCE_FROM = 0.5
_SHARPER = 1.1  # times the resolution of the page


@dataclass(frozen=True, slots=True)
class PictureText:
    """Words and rules in a page's pictures, the expected share of right words, and the pictures that were read."""

    words: tuple[Word, ...] = ()
    confidence: float = 1.0
    read: frozenset[BoundingBox] = frozenset()
    rulings: tuple[BoundingBox, ...] = ()
    notes: tuple[str, ...] = ()


def read_pictures(page: SourcePage, native: Sequence[Word], engines: OcrPipeline, settings: OcrSettings) -> PictureText:
    """Read the pictures of a page that have print on them beside the words of its text layer."""
    largest = sorted(page.pictures, key=lambda box: -box.width * box.height)
    parts = [(box, *_without_words(page.image, box, native)) for box in largest]
    printed = [(box, part, frame) for box, part, frame in parts if has_print(raster.to_grey(part))]
    read: dict[BoundingBox, _PictureReading] = {}
    notes = {Note.PICTURE_UNREAD.value} if len(printed) > _PICTURES_READ else set()
    for box, part, frame in printed[:_PICTURES_READ]:
        try:
            reading = _read(*_sharpest(page, box, native, (part, frame)), engines, settings)
        except NoEngineAvailable:
            notes.add(Note.PICTURE_UNREAD.value)
        else:
            if reading.is_text:
                read[box] = reading
    return _joined(read, tuple(notes))


@dataclass(frozen=True, slots=True)
class _PictureReading:
    """Words of one picture, on the page, with their expected share of right ones."""

    words: tuple[Word, ...]
    confidence: float
    rulings: tuple[BoundingBox, ...]

    @property
    def is_text(self) -> bool:
        """Return whether the picture has text on it: a photograph has a few strokes that are read as letters."""
        return len(self.words) >= _WORDS_FROM and mean_word_confidence(self.words) >= _CONFIDENCE_FROM


def _joined(read: Mapping[BoundingBox, _PictureReading], notes: tuple[str, ...]) -> PictureText:
    words = tuple(word for reading in read.values() for word in reading.words)
    right = sum(len(reading.words) * reading.confidence for reading in read.values())
    rulings = tuple(ruling for reading in read.values() for ruling in reading.rulings)
    return PictureText(words, right / len(words) if words else 1.0, frozenset(read), rulings, notes)


def is_inside(box: BoundingBox, area: BoundingBox) -> bool:
    """Return whether a box's centre is in an area."""
    across, down = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return area.x0 <= across <= area.x1 and area.y0 <= down <= area.y1


def _without_words(image: Image, box: BoundingBox, native: Sequence[Word]) -> tuple[Image, BoundingBox]:
    """Cut a picture out, as dark print on light paper, with the words of the text layer erased from it."""
    part, frame = crop_to(image, box)
    return _erased(part, frame, native), frame


def _erased(part: Image, frame: BoundingBox, native: Sequence[Word]) -> Image:
    clean = np.array(raster.dark_on_light(part))
    height, width = clean.shape[:2]
    paper = tuple(int(level) for level in np.median(clean[::4, ::4].reshape(-1, 3), axis=0))
    for word in native:
        left, right = ((side - frame.x0) / frame.width * width for side in (word.bbox.x0, word.bbox.x1))
        top, bottom = ((side - frame.y0) / frame.height * height for side in (word.bbox.y0, word.bbox.y1))
        if right > 0 and left < width and bottom > 0 and top < height:
            cv2.rectangle(clean, (int(left) - 1, int(top) - 1), (int(right) + 1, int(bottom) + 1), paper, cv2.FILLED)
    return clean


def _sharpest(
    page: SourcePage, box: BoundingBox, native: Sequence[Word], rendered: tuple[Image, BoundingBox]
) -> tuple[Image, BoundingBox]:
    """Return a picture in its own resolution if that is higher than the page's."""
    if page.close_up is None or not page.inches or page.picture_dpi < _SHARPER * _resolution(page):
        return rendered
    return _erased(page.close_up(box, page.picture_dpi), box, native), box


def _resolution(page: SourcePage) -> float:
    """Return the resolution of the page as rendered, in dpi."""
    return float(max(page.image.shape[:2]) / page.inches)


def _read(part: Image, frame: BoundingBox, engines: OcrPipeline, settings: OcrSettings) -> _PictureReading:
    reading = recognise_layout(part, raster.skew(raster.to_grey(part)), engines, settings)
    words = tuple(replace(word, bbox=to_full_image(word.bbox, frame)) for word in reading.layout.words)
    rulings = scan_marks(part, reading.layout.words, 0.0).rulings
    return _PictureReading(words, reading.confidence, tuple(to_full_image(box, frame) for box in rulings))
