"""A page's own text, held against what its picture shows."""

from collections.abc import Iterable, Iterator

import cv2
import numpy as np
import numpy.typing as npt

from ingestion.adapters.formats.page_source import NativeWord, Sheet
from ingestion.adapters.ocr.engines import LineReader
from ingestion.adapters.ocr.ppocr.weights import ModelMissing
from ingestion.domain.ocr.line_words import similarity
from ingestion.domain.page.elements import Word, WordSource
from ingestion.domain.page.text_layer import TRUSTED, LayerFacts, distrust, likeness_of, sample
from refinery.core.types import BoundingBox

Image = npt.NDArray[np.uint8]

_INK_SPREAD = 24  # grey levels between a printed word and its paper
_LOOKS = 8
_MARGIN = 0.25  # of the word's height, around it


def trusted_words(sheet: Sheet, engine: LineReader) -> tuple[Word, ...] | None:
    """Give the words of a page's text layer that are printed, None when the layer is not to be believed."""
    if sheet.layer is None:
        return None
    grey = np.asarray(cv2.cvtColor(sheet.image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    printed = [word for word in sheet.layer.words if _printed(grey, word.bbox)]
    count = len(sheet.layer.words)
    facts = LayerFacts(
        texts=[word.text for word in printed],
        hidden=sheet.layer.hidden,
        off_page=sheet.layer.off_page,
        unprinted=1 - len(printed) / count if count else 0.0,
        likeness=None,
        scanned=sheet.scanned,
    )
    if not _is_ours(sheet) and (distrust(facts) or _unlike(sheet, printed, engine)):
        return None
    return tuple(Word(word.text, word.bbox, TRUSTED, WordSource.NATIVE, 0) for word in printed)


def _is_ours(sheet: Sheet) -> bool:
    """Say whether the page was drawn here, from the text that its layer gives; a picture on it may hold more."""
    return sheet.made and not sheet.scanned


def _printed(grey: Image, box: BoundingBox) -> bool:
    part = _cut(grey, box, 0.0)
    return part.size > 0 and int(part.max()) - int(part.min()) >= _INK_SPREAD


def _unlike(sheet: Sheet, printed: list[NativeWord], engine: LineReader) -> bool:
    """Look at a few words: does the print say what the layer says?"""
    texts = [word.text for word in printed]
    chosen = sample(texts, _LOOKS)
    try:
        likeness = likeness_of(_likenesses(sheet, [printed[index] for index in chosen], engine), len(chosen))
    except ModelMissing:
        return False
    return distrust(LayerFacts(texts, 0.0, 0.0, 0.0, likeness, scanned=False)) is not None


def _likenesses(sheet: Sheet, words: Iterable[NativeWord], engine: LineReader) -> Iterator[float]:
    for word in words:
        part = _cut(sheet.image, word.bbox, _MARGIN)
        if part.shape[0] <= part.shape[1]:  # else set upright: not for a reader of lines
            seen = "".join(character.text for character in engine.line(part))
            yield similarity(_folded(word.text), _folded(seen))


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _cut(image: Image, box: BoundingBox, margin: float) -> Image:
    height, width = image.shape[:2]
    extra = margin * box.height * height
    x0, x1 = int(max(box.x0 * width - extra, 0)), int(min(box.x1 * width + extra, width)) + 1
    y0, y1 = int(max(box.y0 * height - extra / 2, 0)), int(min(box.y1 * height + extra / 2, height)) + 1
    return image[y0:y1, x0:x1]
