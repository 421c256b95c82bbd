"""Second reading of a page whose machine-readable zone was hardly recognised, at a smaller scale.

Fine lines of a decorated background cut fillers and characters at full resolution; at a smaller scale they vanish.
"""

from collections.abc import Sequence
from dataclasses import replace

from ingestion.adapters.formats.page_source import Image
from ingestion.adapters.ocr.engines import OcrPipeline, OcrResult, OcrSettings
from ingestion.adapters.vision.preprocessing import rescale
from ingestion.domain.extraction.mrz_fields import find_document_zone
from ingestion.domain.layout.analysis import analyze_layout
from ingestion.domain.layout.text_rows import bbox_of, build_document_rows
from ingestion.domain.page.elements import PageReading, Word, WordSource
from refinery.core.types import BoundingBox

_SCALES = (0.7, 0.5)
_FILLERS = "<<<"
_PROVING_CHECKS = 2


def read_zone_again(image: Image, reading: OcrResult, engines: OcrPipeline, settings: OcrSettings) -> OcrResult:
    """Return the reading with the words of its zone read at the first scale at which all check digits agree.

    A page without fillers, or with a zone that is right, is not read again.
    """
    if not any(_FILLERS in word.text for word in reading.words) or _proven_zone(image, reading.words):
        return reading
    for scale in _SCALES:
        again = engines.read(rescale(image, scale), settings, detect_rotation=False)
        box = _proven_zone(image, again.words)
        if box:
            others = [word for word in reading.words if not _is_inside(word, box)]
            return replace(reading, words=(*others, *(word for word in again.words if _is_inside(word, box))))
    return reading


def _proven_zone(image: Image, words: Sequence[Word]) -> BoundingBox | None:
    """Return the place of the zone among the words if its check digits agree; None otherwise."""
    height, width = image.shape[:2]
    ordered = analyze_layout(words, aspect=height / width).words
    page = PageReading(1, width, height, WordSource.RAPIDOCR, 1.0, ordered)
    found = find_document_zone(build_document_rows([page]))
    if found is None or found[0].failed_checks or found[0].right_checks < _PROVING_CHECKS:
        return None
    return bbox_of(found[1])


def _is_inside(word: Word, box: BoundingBox) -> bool:
    x, y = (word.bbox.x0 + word.bbox.x1) / 2, (word.bbox.y0 + word.bbox.y1) / 2
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1
