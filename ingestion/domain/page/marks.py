"""Marks on a page beside its words, as measured: lines, pictures, small squares, coloured ink, strokes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ingestion.domain.page.rotation import rotate_box
from refinery.core.types import BoundingBox


@dataclass(frozen=True, slots=True)
class CheckBoxMark:
    """Small square, checked or empty."""

    bbox: BoundingBox
    checked: bool


@dataclass(frozen=True, slots=True)
class PageMarks:
    """Marks of a page, found in a PDF's graphics or in the image of a scan.

    `rulings` are straight lines as thin boxes, horizontal or vertical; `pictures` images or ink too large for print;
    `stamps` framed prints in coloured ink; `strokes` handwriting or similar ink; `bold` the boxes of words in a bold
    face; `bullets` dots and dashes before a line that were not read as words; `skew_degrees` how far lines fall to
    the right.
    """

    rulings: tuple[BoundingBox, ...] = ()
    pictures: tuple[BoundingBox, ...] = ()
    check_boxes: tuple[CheckBoxMark, ...] = ()
    stamps: tuple[BoundingBox, ...] = ()
    strokes: tuple[BoundingBox, ...] = ()
    bold: frozenset[BoundingBox] = frozenset()
    bullets: tuple[BoundingBox, ...] = ()
    skew_degrees: float = 0.0


NO_MARKS = PageMarks()

_PICTURES, _STAMPS, _STROKES = 60, 20, 60  # the largest
_BOXES, _BULLETS, _RULINGS = 400, 200, 6000  # more than any form has are a pattern or a drawing


def limit_marks(marks: PageMarks) -> PageMarks:
    """Limit the number of marks to what a page can plausibly have, so that the work on them is bounded."""
    return replace(
        marks,
        rulings=marks.rulings if len(marks.rulings) <= _RULINGS else (),
        pictures=_largest(marks.pictures, _PICTURES),
        check_boxes=marks.check_boxes if len(marks.check_boxes) <= _BOXES else (),
        bullets=marks.bullets if len(marks.bullets) <= _BULLETS else (),
        stamps=_largest(marks.stamps, _STAMPS),
        strokes=_largest(marks.strokes, _STROKES),
    )


def rotate_marks(marks: PageMarks, quarters: int) -> PageMarks:
    """Return the marks of a page after its clockwise rotation."""

    def rotated(boxes: Iterable[BoundingBox]) -> Iterator[BoundingBox]:
        return (rotate_box(box, quarters) for box in boxes)

    return replace(
        marks,
        rulings=tuple(rotated(marks.rulings)),
        pictures=tuple(rotated(marks.pictures)),
        check_boxes=tuple(CheckBoxMark(rotate_box(mark.bbox, quarters), mark.checked) for mark in marks.check_boxes),
        stamps=tuple(rotated(marks.stamps)),
        strokes=tuple(rotated(marks.strokes)),
        bold=frozenset(rotated(marks.bold)),
        bullets=tuple(rotated(marks.bullets)),
    )


def _largest(boxes: tuple[BoundingBox, ...], most: int) -> tuple[BoundingBox, ...]:
    if len(boxes) <= most:
        return boxes
    return tuple(sorted(boxes, key=lambda box: -box.width * box.height)[:most])
