"""Graphics of a PDF beside its text: rules, pictures, small squares, form fields, pen strokes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pymupdf

from ingestion.adapters.formats.page_source import NativeWord
from ingestion.adapters.formats.pdf.clusters import Rect, cluster_rects
from ingestion.adapters.formats.pdf.coordinates import PdfPageTransform, unrotated_size
from ingestion.domain.page.marks import CheckBoxMark, PageMarks
from refinery.core.types import BoundingBox

_THIN = 3.0  # points: a filled rectangle no thicker is a rule
_SHORT = 6.0  # points: shorter lines are not rules
_SLANT = 0.7  # points
_PATHS_TO = 4000  # more than any form has: a drawing, which is not analysed
_SQUARE = (5.0, 22.0)  # points
_PEN_CURVES = 4
_PEN_STEPS = 16
_PEN = (0.05, 0.5, 0.01, 0.16)  # of the page's width: width from, to, height from, to
_PICTURE = (0.035, 0.025)  # of the page's width: width and height
_PICTURE_TO = 0.75  # of the page: a picture that fills it is the page
_STEP = 8.0  # points: parts of a drawing are no farther apart
_SQUARES_ACROSS = 100  # of the grid, on pages larger than paper
_SQUARES_TO = 400
_BYTES_TO = 2 * 2**20  # of a page's content: a map, whose lines do not structure the page
_CHECK_BOX, _RADIO, _SIGNED = 2, 5, 6  # pymupdf's numbers of form fields
_OFF = ("", "Off", None, False, "No")
_STAMP = 13  # pymupdf's number of a stamp annotation
_ICONS = (0, 17)  # pymupdf's numbers of annotations shown as an icon: a note, an attached file
_BOLD = 16  # pymupdf's flag
_BOLD_NAMES = ("bold", "black", "heavy", "semibold", "demi")

DrawingPath = Mapping[str, Any]


class PdfGraphics:
    """Graphics of one page, in the page's points."""

    def __init__(self, page: pymupdf.Page, pictures: Sequence[Mapping[str, Any]], words: Sequence[NativeWord]) -> None:
        """Read the graphics of a page, with its pictures and words."""
        self._page = page
        self._transform = PdfPageTransform.of(page)
        self._pictures = pictures
        self._words = words
        self._paths: list[DrawingPath] = page.get_cdrawings() if _is_form(page) else []

    def marks(self) -> PageMarks:
        """Return the page's marks, with boxes on the page as displayed."""
        rules, squares, pens, others = self._classify_paths()
        drawn = [rect for rect in others if not any(_inside(rect, box) for box in squares[:_SQUARES_TO])]
        icons = [_rect(note.rect) for note in self._page.annots(types=_ICONS)]
        squares = [square for square in squares if not any(_inside(square, icon) for icon in icons)]
        fields = list(self._page.widgets() or ())
        return PageMarks(
            rulings=tuple(self._display_boxes(rules)),
            pictures=tuple(self._display_boxes((*self._placements(), *self._drawings(drawn)))),
            check_boxes=(*self._boxes(squares, (*others, *pens)), *self._fields(fields)),
            stamps=tuple(self._display_boxes(_rect(note.rect) for note in self._page.annots(types=(_STAMP,)))),
            strokes=tuple(
                self._display_boxes(
                    (*pens, *(_rect(field.rect) for field in fields if field.rect and _is_signed(field)))
                )
            ),
            bold=frozenset(word.bbox for word in self._words if word.bold),
        )

    def _classify_paths(self) -> tuple[list[Rect], list[Rect], list[Rect], list[Rect]]:
        """Divide the paths into rules, small squares, pen strokes, and the rest."""
        rules: list[Rect] = []
        squares: list[Rect] = []
        pens: list[Rect] = []
        others: list[Rect] = []
        for path in self._paths:
            rect = _rect(path["rect"])
            if _is_square(path, rect):
                squares.append(rect)
            elif found := list(_rules(path, rect)):
                rules += found
            elif self._is_pen_stroke(path, rect):
                pens.append(rect)
            elif not _is_field(path):
                others.append(rect)
        return rules, squares, pens, others

    def _is_pen_stroke(self, path: DrawingPath, rect: Rect) -> bool:
        width = self._transform.width
        kinds = [item[0] for item in path["items"]]
        drawn = kinds.count("c") >= _PEN_CURVES or kinds.count("l") >= _PEN_STEPS
        low, high, flat, tall = (share * width for share in _PEN)
        across, down = rect[2] - rect[0], rect[3] - rect[1]
        return drawn and path["type"] == "s" and low <= across <= high and flat <= down <= tall

    def _placements(self) -> Iterator[Rect]:
        page = pymupdf.Rect(0, 0, *unrotated_size(self._page))
        for picture in self._pictures:
            rect = _rect(pymupdf.Rect(picture["bbox"]) & page)
            if self._is_picture(rect):
                yield rect

    def _is_picture(self, rect: Rect) -> bool:
        width, height = self._transform.width, self._transform.height
        across, down = rect[2] - rect[0], rect[3] - rect[1]
        large = across >= _PICTURE[0] * width and down >= _PICTURE[1] * width
        return large and across * down <= _PICTURE_TO * width * height

    def _drawings(self, others: Iterable[Rect]) -> Iterator[Rect]:
        """Join nearby graphics: a chart, an emblem."""
        page = pymupdf.Rect(0, 0, *unrotated_size(self._page))
        free = [rect for rect in others if (rect[2] - rect[0]) * (rect[3] - rect[1]) < 0.5 * page.width * page.height]
        step = max(_STEP, max(page.width, page.height) / _SQUARES_ACROSS)
        inside = [rect for rect in (_within(rect, page.width, page.height) for rect in free) if rect]
        return (rect for rect in cluster_rects(inside, step) if self._is_picture(rect))

    def _boxes(self, squares: Sequence[Rect], marks: Sequence[Rect]) -> Iterator[CheckBoxMark]:
        kept = list(dict.fromkeys(squares))
        for rect in kept if len(kept) <= _SQUARES_TO else ():
            inner = [other for other in kept if other != rect and _inside(other, rect)]
            box = next(iter(self._display_boxes((rect,))), None)
            if box is not None:
                ticked = bool(inner) or any(_inside(mark, rect) for mark in marks) or self._has_letter(box)
                yield CheckBoxMark(box, ticked)

    def _has_letter(self, box: BoundingBox) -> bool:
        return any(
            len(word.text) == 1
            and box.x0 <= (word.bbox.x0 + word.bbox.x1) / 2 <= box.x1
            and box.y0 <= (word.bbox.y0 + word.bbox.y1) / 2 <= box.y1
            for word in self._words
        )

    def _fields(self, fields: Iterable[pymupdf.Widget]) -> Iterator[CheckBoxMark]:
        for field in fields:
            if field.rect is not None and field.field_type in (_CHECK_BOX, _RADIO):
                for box in self._display_boxes((_rect(field.rect),)):
                    yield CheckBoxMark(box, field.field_value not in _OFF)

    def _display_boxes(self, rects: Iterable[Rect]) -> Iterator[BoundingBox]:
        boxes = (self._transform.display_box(rect, tolerance=_THIN) for rect in rects)
        return (box for box in boxes if box is not None)


def _is_form(page: pymupdf.Page) -> bool:
    """Return whether a page draws no more than a form would: otherwise its graphics are not analysed."""
    return len(page.read_contents()) <= _BYTES_TO and len(page.get_bboxlog()) <= _PATHS_TO


def _within(rect: Rect, width: float, height: float) -> Rect | None:
    x0, y0, x1, y1 = max(rect[0], 0.0), max(rect[1], 0.0), min(rect[2], width), min(rect[3], height)
    return (x0, y0, x1, y1) if x0 <= x1 and y0 <= y1 else None


def _rect(corners: Iterable[Any]) -> Rect:
    x0, y0, x1, y1 = (float(corner) for corner in corners)
    return x0, y0, x1, y1


def _is_signed(field: pymupdf.Widget) -> bool:
    return bool(field.field_type == _SIGNED and field.is_signed)


def _is_square(path: DrawingPath, rect: Rect) -> bool:
    across, down = rect[2] - rect[0], rect[3] - rect[1]
    least, most = _SQUARE
    straight = all(item[0] in ("l", "re", "qu") for item in path["items"])
    return (
        straight
        and "s" in path["type"]
        and least <= across <= most
        and least <= down <= most
        and 0.8 <= across / down <= 1.25
        and (len(path["items"]) in (4, 5) or path["items"][0][0] in ("re", "qu"))
    )


def _is_field(path: DrawingPath) -> bool:
    """Return whether a path is only a rectangle: a coloured field, not a part of a drawing."""
    return path["type"] != "s" and all(item[0] in ("re", "qu") or _is_level(item) for item in path["items"])


def _is_level(item: Sequence[Any]) -> bool:
    return item[0] == "l" and bool(min(abs(item[1][0] - item[2][0]), abs(item[1][1] - item[2][1])) <= _SLANT)


def _rules(path: DrawingPath, rect: Rect) -> Iterator[Rect]:
    if "s" not in path["type"]:
        across, down = rect[2] - rect[0], rect[3] - rect[1]
        if min(across, down) <= _THIN and max(across, down) >= _SHORT:
            yield rect
        return
    for item in path["items"]:
        if item[0] == "l":
            yield from _rule(item[1], item[2])
        elif item[0] == "re":
            x0, y0, x1, y1 = item[1]
            for start, end in (((x0, y0), (x1, y0)), ((x0, y1), (x1, y1)), ((x0, y0), (x0, y1)), ((x1, y0), (x1, y1))):
                yield from _rule(start, end)


def _rule(start: Sequence[float], end: Sequence[float]) -> Iterator[Rect]:
    across, down = abs(end[0] - start[0]), abs(end[1] - start[1])
    if min(across, down) <= _SLANT and max(across, down) >= _SHORT:
        yield min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1])


def _inside(inner: Sequence[float], outer: Rect) -> bool:
    across, down = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    small = inner[2] - inner[0] <= 1.8 * (outer[2] - outer[0])
    return small and outer[0] <= across <= outer[2] and outer[1] <= down <= outer[3]


def bold_spans(trace: Iterable[Mapping[str, Any]]) -> dict[int, list[Rect]]:
    """Return the places of bold print, by its height on the page in steps of the grid."""
    found: dict[int, list[Rect]] = {}
    for span in trace:
        if span["flags"] & _BOLD or any(name in span["font"].casefold() for name in _BOLD_NAMES):
            rect = _rect(span["bbox"])
            found.setdefault(int((rect[1] + rect[3]) / 2 / _STEP), []).append(rect)
    return found


def is_bold(box: Rect, spans: Mapping[int, Sequence[Rect]]) -> bool:
    """Return whether a word is in one of those places."""
    across, down = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    level = int(down / _STEP)
    return any(
        rect[0] <= across <= rect[2] and rect[1] <= down <= rect[3]
        for step in (-1, 0, 1)
        for rect in spans.get(level + step, ())
    )
