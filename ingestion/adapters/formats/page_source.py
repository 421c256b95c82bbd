"""Page sources: the pages of a file before they are read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ingestion.domain.page.glyph_evidence import GlyphEvidence, GlyphKey
from ingestion.domain.page.marks import NO_MARKS, PageMarks, rotate_marks
from ingestion.domain.page.rotation import rotate_box
from refinery.core.types import BoundingBox

Image = npt.NDArray[np.uint8]
CloseUp = Callable[[BoundingBox, float], Image]

MAX_PIXELS = 25_000_000
MAX_DPI = 300
MAX_OPEN_PIXELS = 200_000_000  # an image with more pixels is refused by its header, before any of it is decoded


@dataclass(frozen=True, slots=True)
class NativeWord:
    """Word of a text layer and its place on the displayed page; `bold` describes its font."""

    text: str
    bbox: BoundingBox
    bold: bool = False


class PrintedGlyphs(Protocol):
    """Glyphs of a page in fonts whose map to characters may be wrong, and what is known of them in the document."""

    @property
    def evidence(self) -> GlyphEvidence:
        """Readings of the document's glyphs."""
        ...

    def places(self, characters: str) -> dict[GlyphKey, BoundingBox]:
        """Return the glyphs for these characters that the page uses, each with one of its places."""
        ...

    def of_word(self, text: str, box: BoundingBox) -> tuple[GlyphKey, ...]:
        """Return the glyphs of a word's letters and digits; empty if they cannot be assigned one by one."""
        ...

    def rotated(self, quarters: int) -> "PrintedGlyphs":
        """Return the same for the page rotated clockwise."""
        ...


@dataclass(frozen=True, slots=True)
class TextLayer:
    """Text layer of a page; `hidden` is the share of its invisible characters.

    `rotation` is the clockwise rotation, in quarters, after which most of the characters are upright. `glyphs` finds
    the glyphs that print a word, where its font may map them to wrong characters.
    """

    words: tuple[NativeWord, ...]
    hidden: float
    off_page: float
    rotation: int = 0
    glyphs: PrintedGlyphs | None = None


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Page as pixels (RGB, upright as its file says), with its text layer if the file has one.

    `dpi` is the resolution of the source; `scanned` if one picture fills the page; `generated` if the page was
    rendered here, so that its text layer equals the print; `notes` are codes of Note; `marks` are the graphics of
    the file itself; `close_up` renders a part of a page in another resolution, `picture_dpi` is the pictures';
    `pictures` are images on a page of text that are large enough to have print on them; `inches` is the
    page's longer side, 0 if unknown.
    """

    number: int
    image: Image
    dpi: float
    layer: TextLayer | None = None
    scanned: bool = True
    marks: PageMarks = NO_MARKS
    generated: bool = False
    notes: tuple[str, ...] = ()
    close_up: CloseUp | None = None
    pictures: tuple[BoundingBox, ...] = ()
    picture_dpi: float = 0.0
    inches: float = 0.0


def rotate_page_upright(page: SourcePage) -> SourcePage:
    """Return the page rotated so that its text layer is upright; unchanged without text."""
    layer = page.layer
    if layer is None or not layer.rotation:
        return page
    words = tuple(replace(word, bbox=rotate_box(word.bbox, layer.rotation)) for word in layer.words)
    return replace(
        page,
        image=np.ascontiguousarray(np.rot90(page.image, -layer.rotation)),
        layer=replace(layer, words=words, rotation=0, glyphs=layer.glyphs and layer.glyphs.rotated(layer.rotation)),
        marks=rotate_marks(page.marks, layer.rotation),
        close_up=None,
        pictures=tuple(rotate_box(box, layer.rotation) for box in page.pictures),
    )


class PageSource(Protocol):
    """Open file. Its pages raise ReadingError subclasses, after which the file remains usable."""

    @property
    def page_count(self) -> int:
        """Number of pages."""
        ...

    def rotate(self, number: int, quarters: int) -> None:
        """Rotate the display of a page clockwise from here on; a missing page is ignored."""
        ...

    def source_page(self, number: int) -> SourcePage:
        """Render a page; numbers count from 1."""
        ...


def pages_to_read(source: PageSource, first: int, max_pages: int) -> Iterator[int]:
    """Yield the numbers of the pages to read."""
    yield from range(first, min(source.page_count, max_pages) + 1)
