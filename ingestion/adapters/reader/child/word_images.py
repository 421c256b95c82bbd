"""Images of single words of a page, read by OCR to compare them with a text layer."""

from dataclasses import dataclass, field

from ingestion.adapters.formats.page_source import Image, NativeWord, SourcePage
from ingestion.adapters.ocr.engines import LineDetectingEngine
from ingestion.domain.ocr.line_words import ReadCharacter
from refinery.core.types import BoundingBox

_MARGIN = 0.25  # of the word's height, around it
_SHORT = 2  # characters: such words may be higher than wide
_CLOSE_DPI = 200
_LEGIBLE = 12  # pixels of a word's height: smaller ones are rendered again, larger


@dataclass(slots=True)
class WordReader:
    """Reader of a page's words; each is read once."""

    page: SourcePage
    engine: LineDetectingEngine
    _read: dict[BoundingBox, tuple[ReadCharacter, ...]] = field(default_factory=dict)

    def read(self, word: NativeWord) -> tuple[ReadCharacter, ...]:
        """Read a word in its box; empty for vertical ones, which a line reader cannot read. Raises ModelMissing."""
        if word.bbox not in self._read:
            part = self._image(word.bbox)
            level = len(word.text) <= _SHORT or part.shape[0] <= part.shape[1]
            self._read[word.bbox] = self.engine.read_line(part) if level and part.size else ()
        return self._read[word.bbox]

    def was_read(self, word: NativeWord) -> bool:
        """Return whether a word was read before."""
        return word.bbox in self._read

    def _image(self, box: BoundingBox) -> Image:
        high, wide = self.page.image.shape[:2]
        if box.height * high >= _LEGIBLE or self.page.close_up is None:
            return cut_word(self.page.image, box, _MARGIN)
        extra = _MARGIN * box.height
        across = extra * high / wide
        around = BoundingBox.clipped(box.x0 - across, box.y0 - extra / 2, box.x1 + across, box.y1 + extra / 2)
        return self.page.close_up(around, _CLOSE_DPI)


def cut_word(image: Image, box: BoundingBox, margin: float) -> Image:
    """Cut a box out of an image, with a margin that is a share of its height."""
    height, width = image.shape[:2]
    extra = margin * box.height * height
    x0, x1 = int(max(box.x0 * width - extra, 0)), int(min(box.x1 * width + extra, width)) + 1
    y0, y1 = int(max(box.y0 * height - extra / 2, 0)), int(min(box.y1 * height + extra / 2, height)) + 1
    return image[y0:y1, x0:x1]
