"""Evidence on what the glyphs of a document's fonts look like, against the characters that the fonts claim.

A font's map to Unicode may be wrong for a few characters only, such as its digits: the page shows 450.00 and its text
layer holds 561.11. OCR of some printed words shows it. A glyph is corrected only if several readings agree on what it
is and none agrees with the font.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from unicodedata import normalize

GlyphKey = tuple[str, int, str]  # font, number of the glyph in it, character that the font claims

_PROBABILITY_FROM = 0.8  # of a read character
_CERTAIN = 0.9
_READINGS = 2
_SIMILAR_SHAPES = (
    "0OoQD\u00b0",
    "1lIi|!jtLJ[]",
    "5Ss",
    "2Zz",
    "8B",
    "6bG",
    "9gq",
    "vyY",
    "ce",
    "hb",
    "nr",
    "ft",
    "uv",
    "4A",
)
"""Characters that an engine may confuse: such a difference says nothing about the font."""


@dataclass(frozen=True, slots=True)
class SeenCharacter:
    """Character that an engine read, with its probability."""

    text: str
    probability: float


@dataclass(slots=True)
class GlyphEvidence:
    """Readings of the glyphs of one document."""

    agreeing: set[GlyphKey] = field(default_factory=set)
    readings: dict[GlyphKey, list[SeenCharacter]] = field(default_factory=lambda: defaultdict(list))

    def observe(self, keys: Sequence[GlyphKey], seen: Sequence[SeenCharacter]) -> None:
        """Compare the glyphs of a printed word with its reading, both without signs; a word counts once a glyph."""
        if len(keys) != len(seen):
            return
        different: dict[tuple[GlyphKey, str], SeenCharacter] = {}
        for key, character in zip(keys, seen, strict=True):
            if character.probability >= _PROBABILITY_FROM:
                if _same(key[2], character.text):
                    self.agreeing.add(key)
                elif not _similar(key[2], character.text):
                    different[key, character.text] = character
        for (key, _), character in different.items():
            self.readings[key].append(character)

    def is_known(self, key: GlyphKey) -> bool:
        """Return whether nothing more has to be read about a glyph."""
        return key in self.agreeing or len(self.readings.get(key, ())) > _READINGS

    def doubted(self) -> set[GlyphKey]:
        """Return the glyphs that were only read as other characters than the font claims."""
        return {key for key in self.readings if key not in self.agreeing}

    def corrections(self) -> dict[GlyphKey, str]:
        """Return the true characters of wrongly mapped glyphs.

        Two readings that agree are needed, or a probable one in a font that has such a glyph already.
        """
        doubted = {key: readings for key in self.doubted() if (readings := _agreed(self.readings[key]))}
        proven = {key for key, readings in doubted.items() if len(readings) >= _READINGS}
        wrong = {key[0] for key in proven}
        single = {key for key, readings in doubted.items() if key[0] in wrong and readings[0].probability >= _CERTAIN}
        return {key: doubted[key][0].text for key in proven | single}


def letters_and_digits(characters: Iterable[SeenCharacter]) -> list[SeenCharacter]:
    """Return the characters that count."""
    return [character for character in characters if character.text.isalnum()]


def _agreed(readings: Sequence[SeenCharacter]) -> Sequence[SeenCharacter]:
    return readings if len({reading.text for reading in readings}) == 1 else ()


def _same(claimed: str, seen: str) -> bool:
    return _plain(claimed) == _plain(seen)


def _similar(claimed: str, seen: str) -> bool:
    return any(claimed in shapes and seen in shapes for shapes in _SIMILAR_SHAPES)


def _plain(character: str) -> str:
    """Return a letter without its accent and case, which small print does not show reliably."""
    return normalize("NFKD", character)[:1].casefold()
