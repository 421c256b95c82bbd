"""One page of a file before it is read."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ingestion.domain.page.marks import NO_MARKS, PageMarks, turned_marks
from ingestion.domain.page.rotation import turned_box
from refinery.core.types import BoundingBox

Image = npt.NDArray[np.uint8]

PIXELS_TO = 25_000_000
DPI_TO = 300
OPEN_PIXELS_TO = 200_000_000  # a picture that claims more is refused by its header, before any of it is decoded


@dataclass(frozen=True, slots=True)
class NativeWord:
    """A word of a text layer and its place on the shown page; `bold` says what its font is."""

    text: str
    bbox: BoundingBox
    bold: bool = False


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The text that a page carries itself; `hidden` is the share of its characters that nobody can see.

    `turn` is by how many quarters, clockwise, the page has to be turned for most of them to stand upright.
    """

    words: tuple[NativeWord, ...]
    hidden: float
    off_page: float
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as pixels (RGB, upright as its file says), with its text layer if the file has one.

    `dpi` is the resolution of the source; `scanned` says that one picture fills the page; `made` that the page was
    drawn here, so that its text layer says what is printed; `notes` are codes of Note; `marks` are those that
    the file itself draws.
    """

    number: int
    image: Image
    dpi: float
    layer: TextLayer | None = None
    scanned: bool = True
    marks: PageMarks = NO_MARKS
    made: bool = False
    notes: tuple[str, ...] = ()


def upright(sheet: Sheet) -> Sheet:
    """Give the sheet turned so that the text that it carries stands upright; one without text as it is."""
    layer = sheet.layer
    if layer is None or not layer.turn:
        return sheet
    words = tuple(replace(word, bbox=turned_box(word.bbox, layer.turn)) for word in layer.words)
    return replace(
        sheet,
        image=np.ascontiguousarray(np.rot90(sheet.image, -layer.turn)),
        layer=replace(layer, words=words, turn=0),
        marks=turned_marks(sheet.marks, layer.turn),
    )


class SheetSource(Protocol):
    """An open file. Sheets raise ReadingError subclasses; the file stays usable after one did."""

    @property
    def total(self) -> int:
        """Count the pages."""
        ...

    def turn(self, number: int, quarters: int) -> None:
        """Have a page shown turned clockwise from here on; one that there is not is passed over."""
        ...

    def sheet(self, number: int) -> Sheet:
        """Render a page; numbers count from 1."""
        ...


def numbers(source: SheetSource, first: int, most: int) -> Iterator[int]:
    """Give the numbers of the pages to read."""
    yield from range(first, min(source.total, most) + 1)
