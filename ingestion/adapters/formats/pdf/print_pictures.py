"""Pictures on a PDF page that are large enough to have print on them, such as a pasted receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pymupdf

from ingestion.adapters.formats.pdf.clusters import Rect, cluster_rects
from ingestion.adapters.formats.pdf.coordinates import PdfPageTransform, unrotated_size
from refinery.core.types import BoundingBox

_SIDES = (0.12, 0.03)  # of the page's width: width and height
_AREA = 0.015  # of the page
_TOGETHER = 6.0  # points: strips of one scan are no farther apart
_SQUARES_ACROSS = 100  # of the grid on which pictures are joined
_PICTURES_TO = 200
_POINTS = 72


@dataclass(frozen=True, slots=True)
class PrintPictures:
    """Places of such pictures on the page as displayed, and the highest resolution among them."""

    boxes: tuple[BoundingBox, ...] = ()
    dpi: float = 0.0


NO_PICTURES = PrintPictures()


def find_print_pictures(page: "pymupdf.Page", pictures: Sequence[Mapping[str, Any]]) -> PrintPictures:
    """Return the large pictures of a page; strips of one picture are joined."""
    transform = PdfPageTransform.of(page)
    placed = [(picture, _visible(page, picture)) for picture in pictures[:_PICTURES_TO]]
    visible = [(picture, rect) for picture, rect in placed if rect]
    step = max(_TOGETHER, max(transform.width, transform.height) / _SQUARES_ACROSS)
    joined = cluster_rects([rect for _, rect in visible], step)
    boxes = [box for box in map(transform.display_box, joined) if box and _is_large(box, transform)]
    return (
        PrintPictures(tuple(boxes), max(map(_resolution, (picture for picture, _ in visible))))
        if boxes
        else NO_PICTURES
    )


def _visible(page: "pymupdf.Page", picture: Mapping[str, Any]) -> Rect | None:
    """Return the part of a picture that is on the page, in the coordinates of its content."""
    rect = pymupdf.Rect(picture["bbox"]) & pymupdf.Rect(0, 0, *unrotated_size(page))
    return None if rect.is_empty else (float(rect.x0), float(rect.y0), float(rect.x1), float(rect.y1))


def _is_large(box: BoundingBox, transform: PdfPageTransform) -> bool:
    wide, high = box.width, box.height * transform.height / transform.width
    return wide >= _SIDES[0] and high >= _SIDES[1] and box.width * box.height >= _AREA


def _resolution(picture: Mapping[str, Any]) -> float:
    box = pymupdf.Rect(picture["bbox"])
    return 0.0 if box.is_empty else float(_POINTS * picture["width"] / box.width)
