"""Correction of fonts that map a few of their glyphs to wrong characters, by OCR of words that contain them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from ingestion.adapters.formats.page_source import NativeWord, PrintedGlyphs, SourcePage
from ingestion.adapters.reader.child.word_images import WordReader, cut_word
from ingestion.adapters.vision.digit_shapes import DIGITS, is_plainly
from ingestion.domain.ocr.engine_scripts import PPOCR_SCRIPTS
from ingestion.domain.page.glyph_evidence import GlyphKey, SeenCharacter, letters_and_digits
from ingestion.domain.page.scripts import is_in_scripts
from refinery.core.types import BoundingBox

_WORDS_READ = 10  # of a page, for digits whose shapes are not plain
_CANDIDATES = 400  # words
_CONFIRMING = 3  # words that contain a doubted glyph
_LENGTHS = range(1, 25)  # characters


@dataclass(frozen=True, slots=True)
class CorrectedText:
    """Words with wrong characters replaced; `doubtful` are positions of words with glyphs that remain unknown.

    `only_digits` says that no letter was wrong.
    """

    words: Sequence[NativeWord]
    changed: bool = False
    only_digits: bool = False
    doubtful: frozenset[int] = frozenset()


def correct_font_maps(page: SourcePage, words: Sequence[NativeWord], reader: WordReader) -> CorrectedText:
    """Compare the glyphs of words with what OCR reads; replace those that their font maps wrongly."""
    glyphs = page.layer.glyphs if page.layer else None
    if glyphs is None:
        return CorrectedText(words)
    check = _FontCheck(glyphs, reader)
    check.cover(words)
    check.confirm(words)
    wrong = glyphs.evidence.corrections()
    if not wrong:
        return CorrectedText(words)
    keys = [glyphs.of_word(word.text, word.bbox) for word in words]
    fixed = [_replaced(word, used, wrong) for word, used in zip(words, keys, strict=True)]
    fonts = {font for font, _, _ in wrong}
    sound = glyphs.evidence.agreeing | wrong.keys()
    doubtful = frozenset(n for n, used in enumerate(keys) if any(key[0] in fonts and key not in sound for key in used))
    only_digits = all(claimed.isdigit() and seen.isdigit() for (_, _, claimed), seen in wrong.items())
    return CorrectedText(fixed, fixed != list(words), only_digits, doubtful)


@dataclass(slots=True)
class _FontCheck:
    """Comparison of a page's glyphs with its print."""

    glyphs: PrintedGlyphs
    reader: WordReader
    observed: set[BoundingBox] = field(default_factory=set)

    def cover(self, words: Sequence[NativeWord]) -> None:
        """Compare the words read before, and more until each digit of each font was seen once in the document."""
        evidence = self.glyphs.evidence
        for word in words:
            if self.reader.was_read(word):
                self._observe(word)
        places = {key: place for key, place in self.glyphs.places(DIGITS).items() if not evidence.is_known(key)}
        evidence.agreeing |= {key for key, place in places.items() if self._has_shape(key, place)}
        missing, left = places.keys() - evidence.agreeing, _WORDS_READ
        for word in sorted(_readable(words), key=_digits, reverse=True)[:_CANDIDATES] if missing else ():
            unseen = missing & set(self.glyphs.of_word(word.text, word.bbox))
            if unseen and left:
                self._observe(word)
                missing -= unseen
                left -= 1

    def _has_shape(self, key: GlyphKey, place: BoundingBox) -> bool:
        return is_plainly(key[2], cut_word(self.reader.page.image, place, 0.0))

    def confirm(self, words: Sequence[NativeWord]) -> None:
        """Read more words with the glyphs that were read as other characters."""
        evidence = self.glyphs.evidence
        for doubted in evidence.doubted():
            for word in islice(self._containing(words, doubted), _CONFIRMING):
                if not evidence.is_known(doubted):
                    self._observe(word)

    def _containing(self, words: Iterable[NativeWord], key: GlyphKey) -> Iterator[NativeWord]:
        """Yield words with a glyph that were not compared yet."""
        for word in _readable(words):
            likely = key[2] in word.text and word.bbox not in self.observed
            if likely and key in self.glyphs.of_word(word.text, word.bbox):
                yield word

    def _observe(self, word: NativeWord) -> None:
        self.observed.add(word.bbox)
        seen = [SeenCharacter(each.text, each.probability) for each in self.reader.read(word)]
        self.glyphs.evidence.observe(self.glyphs.of_word(word.text, word.bbox), letters_and_digits(seen))


def _readable(words: Iterable[NativeWord]) -> Iterator[NativeWord]:
    return (word for word in words if len(word.text) in _LENGTHS and is_in_scripts(word.text, PPOCR_SCRIPTS))


def _digits(word: NativeWord) -> int:
    return sum(map(str.isdigit, word.text))


def _replaced(word: NativeWord, used: Sequence[GlyphKey], wrong: Mapping[GlyphKey, str]) -> NativeWord:
    if not any(key in wrong for key in used):
        return word
    true = iter([wrong.get(key, key[2]) for key in used])
    return replace(word, text="".join(next(true) if character.isalnum() else character for character in word.text))
