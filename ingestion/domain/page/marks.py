"""What stands on a page beside its words, as measured: lines, pictures, small squares, coloured ink, strokes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ingestion.domain.page.rotation import turned_box
from refinery.core.types import BoundingBox


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
    set in a bold face; `bullets` dots and dashes before a line that were not read as words; `lean` how far lines
    fall to the right, in degrees.
    """

    rulings: tuple[BoundingBox, ...] = ()
    pictures: tuple[BoundingBox, ...] = ()
    boxes: tuple[BoxMark, ...] = ()
    stamps: tuple[BoundingBox, ...] = ()
    strokes: tuple[BoundingBox, ...] = ()
    bold: frozenset[BoundingBox] = frozenset()
    bullets: tuple[BoundingBox, ...] = ()
    lean: float = 0.0


NO_MARKS = PageMarks()

_PICTURES, _STAMPS, _STROKES = 60, 20, 60  # the largest
_BOXES, _BULLETS, _RULINGS = 400, 200, 6000  # more than any form has are a pattern or a drawing, and tell nothing


def bounded(marks: PageMarks) -> PageMarks:
    """Give no more marks than a page can mean, so that what is made of them takes bounded work."""
    return replace(
        marks,
        rulings=marks.rulings if len(marks.rulings) <= _RULINGS else (),
        pictures=_largest(marks.pictures, _PICTURES),
        boxes=marks.boxes if len(marks.boxes) <= _BOXES else (),
        bullets=marks.bullets if len(marks.bullets) <= _BULLETS else (),
        stamps=_largest(marks.stamps, _STAMPS),
        strokes=_largest(marks.strokes, _STROKES),
    )


def turned_marks(marks: PageMarks, quarters: int) -> PageMarks:
    """Give where marks lie once their page is turned clockwise."""

    def turned(boxes: Iterable[BoundingBox]) -> Iterator[BoundingBox]:
        return (turned_box(box, quarters) for box in boxes)

    return replace(
        marks,
        rulings=tuple(turned(marks.rulings)),
        pictures=tuple(turned(marks.pictures)),
        boxes=tuple(BoxMark(turned_box(mark.bbox, quarters), mark.checked) for mark in marks.boxes),
        stamps=tuple(turned(marks.stamps)),
        strokes=tuple(turned(marks.strokes)),
        bold=frozenset(turned(marks.bold)),
        bullets=tuple(turned(marks.bullets)),
    )


def _largest(boxes: tuple[BoundingBox, ...], most: int) -> tuple[BoundingBox, ...]:
    if len(boxes) <= most:
        return boxes
    return tuple(sorted(boxes, key=lambda box: -box.width * box.height)[:most])
