"""Index of the glyphs on a PDF page: which glyphs of which fonts print a word."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pymupdf

from ingestion.adapters.formats.pdf.coordinates import PdfPageTransform
from ingestion.domain.page.glyph_evidence import GlyphEvidence, GlyphKey
from ingestion.domain.page.rotation import rotate_box
from refinery.core.types import BoundingBox

_LEVELS = 400  # of a page's height
_GLYPHS_TO = 20_000  # on a page with more nothing is looked up

_PlacedGlyph = tuple[float, float, GlyphKey]


@dataclass(frozen=True, slots=True)
class GlyphIndex:
    """Letters and digits of a page in fonts whose map to Unicode may be wrong, and the document's evidence."""

    trace: Sequence[Mapping[str, Any]]
    transform: PdfPageTransform
    fonts: frozenset[str]
    evidence: GlyphEvidence
    quarters: int = 0
    _levels: dict[int, list[_PlacedGlyph]] = field(default_factory=dict)

    def places(self, characters: str) -> dict[GlyphKey, BoundingBox]:
        """Return the glyphs for these characters that the page uses, each with one of its places."""
        found = {key: corners for key, corners in self._placed() if key[2] in characters}
        boxes = ((key, self.transform.display_box(corners)) for key, corners in found.items())
        return {key: rotate_box(box, self.quarters) for key, box in boxes if box}

    def rotated(self, quarters: int) -> "GlyphIndex":
        """Return the index for boxes on the page rotated clockwise."""
        return replace(self, quarters=self.quarters + quarters)

    def of_word(self, text: str, shown: BoundingBox) -> tuple[GlyphKey, ...]:
        """Return the glyphs of a word's letters and digits; empty if they cannot be assigned one by one."""
        box = rotate_box(shown, -self.quarters % 4)
        found = [glyph for glyph in self._near(box) if glyph[0] >= box.x0 and box.y0 <= glyph[1] <= box.y1]
        keys = tuple(key for _, _, key in sorted(found, key=self._place_in_line))
        claimed = "".join(key[2] for key in keys)
        return keys if claimed == "".join(filter(str.isalnum, text)) else ()

    def _place_in_line(self, glyph: _PlacedGlyph) -> float:
        across, down, _ = glyph
        return (across, -down, -across, down)[self.quarters % 4]

    def _near(self, box: BoundingBox) -> Iterator[_PlacedGlyph]:
        if not self._levels:
            self._build()
        for level in range(int(box.y0 * _LEVELS), int(box.y1 * _LEVELS) + 1):
            glyphs = self._levels.get(level, [])
            for glyph in glyphs[bisect_left(glyphs, (box.x0,)) :]:
                if glyph[0] > box.x1:
                    break
                yield glyph

    def _build(self) -> None:
        for key, corners in self._placed():
            x0, y0, x1, y1 = self.transform.to_display(corners)
            across, down = (x0 + x1) / 2 / self.transform.width, (y0 + y1) / 2 / self.transform.height
            self._levels.setdefault(int(down * _LEVELS), []).append((across, down, key))
        for glyphs in self._levels.values():
            glyphs.sort()

    def _placed(self) -> Iterator[tuple[GlyphKey, tuple[float, float, float, float]]]:
        left = _GLYPHS_TO
        for span in self.trace:
            if span["font"] not in self.fonts:
                continue
            left -= len(span["chars"])
            if left < 0:
                return
            for code, number, _, box in span["chars"]:
                character = chr(code)
                if character.isalnum():
                    yield (span["font"], number, character), box


def mapped_fonts(page: "pymupdf.Page") -> frozenset[str]:
    """Return the fonts whose text may differ from their print: embedded ones, and those with a map to Unicode."""
    names = set()
    for xref, extension, _, name, *_ in page.get_fonts(full=True):
        if extension != "n/a" or page.parent.xref_get_key(xref, "ToUnicode")[0] != "null":
            names.add(name.partition("+")[2] or name)
    return frozenset(names)
