"""What stands on a page beside its words, as measured: lines, pictures, small squares, coloured ink, strokes."""

from dataclasses import dataclass

from refinery.types import BoundingBox


@dataclass(frozen=True, slots=True)
class BoxMark:
    """A small square, ticked or empty."""

    bbox: BoundingBox
    checked: bool


@dataclass(frozen=True, slots=True)
class PageMarks:
    """The marks of a page, however they were found: in a PDF's drawing, or in the picture of a scan.

    `rulings` are straight lines as thin boxes, lying or upright; `pictures` images or ink too large for print;
    `stamps` framed prints in coloured ink; `strokes` handwriting or what may be it; `bold` the boxes of words
    set in a bold face; `lean` how far lines fall to the right, in degrees.
    """

    rulings: tuple[BoundingBox, ...] = ()
    pictures: tuple[BoundingBox, ...] = ()
    boxes: tuple[BoxMark, ...] = ()
    stamps: tuple[BoundingBox, ...] = ()
    strokes: tuple[BoundingBox, ...] = ()
    bold: frozenset[BoundingBox] = frozenset()
    lean: float = 0.0


NO_MARKS = PageMarks()
