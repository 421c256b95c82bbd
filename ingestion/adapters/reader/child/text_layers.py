"""Verification of a page's text layer against its image."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ingestion.adapters.formats.page_source import Image as Grey
from ingestion.adapters.formats.page_source import NativeWord, SourcePage
from ingestion.adapters.ocr.engines import LineDetectingEngine
from ingestion.adapters.ocr.ppocr.weights import ModelMissing
from ingestion.adapters.reader.child.font_maps import correct_font_maps
from ingestion.adapters.reader.child.word_images import WordReader, cut_word
from ingestion.domain.ocr.engine_scripts import PPOCR_SCRIPTS
from ingestion.domain.page.elements import Word, WordSource
from ingestion.domain.page.notes import Note
from ingestion.domain.page.scripts import is_in_scripts
from ingestion.domain.page.similarity import similarity
from ingestion.domain.page.text_layer import (
    DOUBTED_WORD_CONFIDENCE,
    TRUSTED_WORD_CONFIDENCE,
    TextLayerFacts,
    contradicts,
    distrust_reason,
    mean_likeness,
    sample_words,
)
from refinery.core.types import BoundingBox

_INK_SPREAD = 24  # grey levels between a printed word and its paper
_SAMPLE_WORDS = 8
_FEW_SAMPLES = 3  # words: fewer prove nothing
_OTHER_SAMPLES = 4


@dataclass(frozen=True, slots=True)
class TrustedText:
    """Printed words of a text layer; `notes` are codes of Note on what was corrected."""

    words: tuple[Word, ...]
    notes: tuple[str, ...] = ()


NO_TEXT = TrustedText(())


def trusted_text(page: SourcePage, engine: LineDetectingEngine) -> TrustedText | None:
    """Return the printed words of a page's text layer, None if the layer is not trusted."""
    if page.layer is None:
        return None
    grey = np.asarray(cv2.cvtColor(page.image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    printed = [word for word in page.layer.words if _printed(grey, word.bbox)]
    if _is_generated(page):
        return TrustedText(_native_words(printed))
    count = len(page.layer.words)
    facts = TextLayerFacts(
        texts=[word.text for word in printed],
        hidden=page.layer.hidden,
        off_page=page.layer.off_page,
        without_ink=1 - len(printed) / count if count else 0.0,
        likeness=None,
        scanned=page.scanned,
        known_script=2 * sum(map(_is_readable, printed)) >= len(printed),
    )
    if distrust_reason(facts):
        return None
    try:
        return _verified(page, printed, facts, WordReader(page, engine))
    except ModelMissing:
        return TrustedText(_native_words(printed))


def _verified(
    page: SourcePage, printed: Sequence[NativeWord], facts: TextLayerFacts, reader: WordReader
) -> TrustedText | None:
    differs = _differs_from_print(printed, facts, reader)
    if differs and not _has_digits(printed):
        return None
    corrected = correct_font_maps(page, printed, reader)
    if differs and not (corrected.only_digits and not _differs_from_print(corrected.words, facts, reader)):
        return None
    notes = (Note.FONT_MAP_CORRECTED.value,) if corrected.changed else ()
    return TrustedText(_native_words(corrected.words, corrected.doubtful), notes)


def _has_digits(words: Iterable[NativeWord]) -> bool:
    """Return whether a wrong map of digits could be all that differs from the print: most words have some."""
    shares = [any(map(str.isdigit, word.text)) for word in words]
    return 2 * sum(shares) > len(shares)


def _is_readable(word: NativeWord) -> bool:
    """Return whether PP-OCR knows the word's script."""
    return is_in_scripts(word.text, PPOCR_SCRIPTS)


def _is_generated(page: SourcePage) -> bool:
    """Return whether the page was rendered here from its text layer; a picture on it may contain more text."""
    return page.generated and not page.scanned


def _printed(grey: Grey, box: BoundingBox) -> bool:
    part = cut_word(grey, box, 0.0)
    return part.size > 0 and int(part.max()) - int(part.min()) >= _INK_SPREAD


def _native_words(words: Iterable[NativeWord], doubtful: Container[int] = ()) -> tuple[Word, ...]:
    return tuple(
        Word(
            word.text,
            word.bbox,
            DOUBTED_WORD_CONFIDENCE if index in doubtful else TRUSTED_WORD_CONFIDENCE,
            WordSource.NATIVE,
            0,
        )
        for index, word in enumerate(words)
    )


def _differs_from_print(printed: Sequence[NativeWord], facts: TextLayerFacts, reader: WordReader) -> bool:
    """Compare a sample of words with OCR: return whether the print differs from the layer."""
    readable = [word for word in printed if _is_readable(word)]
    texts = [word.text for word in readable]
    chosen = sample_words(texts, _SAMPLE_WORDS)
    likeness = mean_likeness(_likenesses([readable[index] for index in chosen], reader), len(chosen))
    if distrust_reason(replace(facts, likeness=likeness)):
        return True
    return len(chosen) < _FEW_SAMPLES and _is_other_script(printed, reader)


def _is_other_script(printed: Sequence[NativeWord], reader: WordReader) -> bool:
    """Return whether words in scripts that the engine does not read are printed in one that it reads well."""
    others = [word for word in printed if not _is_readable(word)]
    chosen = [others[index] for index in sample_words([word.text for word in others], _OTHER_SAMPLES)]
    readings = [(word.text, reader.read(word)) for word in chosen]
    contrary = sum(
        contradicts(text, "".join(each.text for each in seen), min((each.probability for each in seen), default=0.0))
        for text, seen in readings
    )
    return bool(readings) and 2 * contrary > len(readings)


def _likenesses(words: Iterable[NativeWord], reader: WordReader) -> Iterator[float]:
    for word in words:
        if seen := reader.read(word):
            yield similarity(_folded(word.text), _folded("".join(character.text for character in seen)))


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
