"""Correction of fonts that map a few of their glyphs to wrong characters, by OCR of words that contain them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from ingestion.adapters.formats.page_source import NativeWord, PrintedGlyphs, SourcePage
from ingestion.adapters.reader.child.word_images import WordReader, cut_word
from ingestion.adapters.vision.digit_shapes import DIGITS, is_plainly
from ingestion.domain.ocr.engine_scripts import PPOCR_SCRIPTS
from ingestion.domain.page.glyph_evidence import GlyphKey, SeenCharacter, letters_and_digits
from ingestion.domain.page.scripts import is_in_scripts
from refinery.core.types import BoundingBox

_DIGITS, _LETTERS, _FREE, _NOTHING = "digits", "letters", "free", ""
_BUDGET = {_DIGITS: 10, _LETTERS: 2, _FREE: 100, _NOTHING: 0}  # words of a page to be read for a reason
_CANDIDATES = 400  # words
_CONFIRMING = 3  # words that contain a doubted glyph
_NEW_LETTERS = 5  # in a word that is read for its letters
_LENGTHS = range(1, 25)  # characters


@dataclass(frozen=True, slots=True)
class CorrectedText:
    """Words with wrong characters replaced; `doubtful` are positions of words with glyphs that remain unknown."""

    words: Sequence[NativeWord]
    changed: bool = False
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
    return CorrectedText(fixed, fixed != list(words), doubtful)


@dataclass(slots=True)
class _FontCheck:
    """Comparison of a page's glyphs with its print."""

    glyphs: PrintedGlyphs
    reader: WordReader
    observed: set[BoundingBox] = field(default_factory=set)

    def cover(self, words: Sequence[NativeWord]) -> None:
        """Compare words until each digit of each font was seen once in the document, and most letters."""
        evidence = self.glyphs.evidence
        places = self.glyphs.places()
        missing = {key for key in places if is_in_scripts(key[2], PPOCR_SCRIPTS) and not evidence.is_known(key)}
        evidence.agreeing |= {key for key in missing if key[2] in DIGITS and self._has_shape(key, places[key])}
        missing -= evidence.agreeing
        budget = dict(_BUDGET)
        for word in sorted(_readable(words), key=self._preference)[:_CANDIDATES] if missing else ():
            unseen = missing & set(self.glyphs.of_word(word.text, word.bbox))
            reason = _FREE if unseen and self.reader.was_read(word) else _worth(unseen)
            if budget[reason]:
                self._observe(word)
                missing -= unseen
                budget[reason] -= 1

    def _has_shape(self, key: GlyphKey, place: BoundingBox) -> bool:
        return is_plainly(key[2], cut_word(self.reader.page.image, place, 0.0))

    def confirm(self, words: Sequence[NativeWord]) -> None:
        """Read more words with the glyphs that were read as other characters."""
        evidence = self.glyphs.evidence
        for doubted in evidence.doubted():
            for word in islice(self._containing(words, doubted), _CONFIRMING):
                if not evidence.is_known(doubted):
                    self._observe(word)

    def _preference(self, word: NativeWord) -> tuple[bool, int]:
        """Prefer words that were read already, then those with many digits."""
        return not self.reader.was_read(word), -sum(map(str.isdigit, word.text))

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


def _worth(unseen: Collection[GlyphKey]) -> str:
    """Return for what a word should be read: its digits, its letters, or nothing."""
    if any(key[2].isdigit() for key in unseen):
        return _DIGITS
    return _LETTERS if len(unseen) >= _NEW_LETTERS else _NOTHING


def _replaced(word: NativeWord, used: Sequence[GlyphKey], wrong: Mapping[GlyphKey, str]) -> NativeWord:
    if not any(key in wrong for key in used):
        return word
    true = iter([wrong.get(key, key[2]) for key in used])
    return replace(word, text="".join(next(true) if character.isalnum() else character for character in word.text))
