"""Verification of a page's text layer against its image."""

from collections.abc import Iterable, Iterator

import cv2
import numpy as np
import numpy.typing as npt

from ingestion.adapters.formats.page_source import NativeWord, SourcePage
from ingestion.adapters.ocr.engines import LineDetectingEngine
from ingestion.adapters.ocr.ppocr.weights import ModelMissing
from ingestion.domain.page.elements import Word, WordSource
from ingestion.domain.page.similarity import similarity
from ingestion.domain.page.text_layer import (
    TRUSTED_WORD_CONFIDENCE,
    TextLayerFacts,
    distrust_reason,
    mean_likeness,
    sample_words,
)
from refinery.core.types import BoundingBox

Image = npt.NDArray[np.uint8]

_INK_SPREAD = 24  # grey levels between a printed word and its paper
_SAMPLE_WORDS = 8
_MARGIN = 0.25  # of the word's height, around it


def trusted_words(page: SourcePage, engine: LineDetectingEngine) -> tuple[Word, ...] | None:
    """Return the printed words of a page's text layer, None if the layer is not trusted."""
    if page.layer is None:
        return None
    grey = np.asarray(cv2.cvtColor(page.image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    printed = [word for word in page.layer.words if _printed(grey, word.bbox)]
    count = len(page.layer.words)
    facts = TextLayerFacts(
        texts=[word.text for word in printed],
        hidden=page.layer.hidden,
        off_page=page.layer.off_page,
        without_ink=1 - len(printed) / count if count else 0.0,
        likeness=None,
        scanned=page.scanned,
    )
    if not _is_generated(page) and (distrust_reason(facts) or _differs_from_print(page, printed, engine)):
        return None
    return tuple(Word(word.text, word.bbox, TRUSTED_WORD_CONFIDENCE, WordSource.NATIVE, 0) for word in printed)


def _is_generated(page: SourcePage) -> bool:
    """Return whether the page was rendered here from its text layer; a picture on it may contain more text."""
    return page.generated and not page.scanned


def _printed(grey: Image, box: BoundingBox) -> bool:
    part = _cut(grey, box, 0.0)
    return part.size > 0 and int(part.max()) - int(part.min()) >= _INK_SPREAD


def _differs_from_print(page: SourcePage, printed: list[NativeWord], engine: LineDetectingEngine) -> bool:
    """Compare a sample of words with OCR: return whether the print differs from the layer."""
    texts = [word.text for word in printed]
    chosen = sample_words(texts, _SAMPLE_WORDS)
    try:
        likeness = mean_likeness(_likenesses(page, [printed[index] for index in chosen], engine), len(chosen))
    except ModelMissing:
        return False
    return distrust_reason(TextLayerFacts(texts, 0.0, 0.0, 0.0, likeness, scanned=False)) is not None


def _likenesses(page: SourcePage, words: Iterable[NativeWord], engine: LineDetectingEngine) -> Iterator[float]:
    for word in words:
        part = _cut(page.image, word.bbox, _MARGIN)
        if part.shape[0] <= part.shape[1]:  # else vertical: not suitable for a line reader
            seen = "".join(character.text for character in engine.read_line(part))
            yield similarity(_folded(word.text), _folded(seen))


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _cut(image: Image, box: BoundingBox, margin: float) -> Image:
    height, width = image.shape[:2]
    extra = margin * box.height * height
    x0, x1 = int(max(box.x0 * width - extra, 0)), int(min(box.x1 * width + extra, width)) + 1
    y0, y1 = int(max(box.y0 * height - extra / 2, 0)), int(min(box.y1 * height + extra / 2, height)) + 1
    return image[y0:y1, x0:x1]
