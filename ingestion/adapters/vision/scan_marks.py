"""Marks on a scanned page beside its words: rules, pictures, check boxes, stamps, handwritten strokes."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from ingestion.adapters.vision.raster import shrink_by_factor, to_grey
from ingestion.domain.page.elements import Word
from ingestion.domain.page.marks import CheckBoxMark, PageMarks
from refinery.core.types import BoundingBox

Image = npt.NDArray[np.uint8]
Stats = npt.NDArray[np.int32]

_SIDE = 1900
_WINDOW = 31
_DARKER = 14  # grey levels between ink and the paper around it
_RULE = 0.03  # of the page's width
_THICKEST = 9
_READ = 0.35  # words with more confidence are not handwriting, nor are long ones
_LONG = 6  # letters
_STRETCHED = 1.2  # times as wide as high: letters that are not print
_TALL, _SURE = 2.0, 0.8  # times the usual height: a word this tall and uncertain is handwriting
_DOT, _DOT_INK = (0.15, 0.8, 0.5), 0.5  # line heights: width from, to, height to; share of ink
_CORNER = 0.5  # share of ink in each of a square's corners
_CLEAR = (0.04, 0.12)  # share of ink left and right of a square, empty or ticked: letters have neighbours
_ROOM = 0.35  # of a square's side: letters are closer
_DARK = 80  # grey levels below paper: pictures have some ink this dark, a watermark does not
_JOINED = (17, 9)
_PICTURE = (0.05, 0.03, 0.06)  # of the page's width: width and height; share of ink
_HIGHER = 2.2  # line heights
_STROKE = (0.05, 0.5, 0.012, 0.14)  # of the page's width: width from, to, height from, to
_STROKE_INK = 0.5
_PICTURE_TO = 0.6  # of the page
_SQUARE = (0.008, 0.032)  # of the page's width
_SIDE_INKED = 0.9
_SIDE_STRAIGHT = 0.75  # of a side is on one line of pixels
_EMPTY_TO = 0.05
_MOST = 5_000  # parts of a page that are examined: its letters are of that size as well
_CHROMA = 45
_PALE = 200
_LEAST_COLOUR = 0.0004
_STAMP = (0.07, 0.45, 0.025)  # of the page's width: longer side from, to, shorter side from
_HOLLOW_TO = 0.45
_ROUND_OR_SQUARE = 0.7  # of the smallest rotated rectangle around it: an ellipse has 0.785
_WRITTEN = 0.15  # ink inside a stamp's frame, as a share of the frame's
_ONE_INK = 0.5
_HUES = ((0, 18), (18, 85), (85, 165), (165, 180))  # red, green, blue to violet, red again


def scan_marks(image: Image, words: Sequence[Word], skew_degrees: float) -> PageMarks:
    """Find the marks of a scanned page; `words` are those read, `skew_degrees` the skew of its lines."""
    grey = shrink_by_factor(to_grey(image), _SIDE)
    ink = _ink(grey)
    horizontal, vertical = (_drop_letter_strokes(rules, words, ink.shape) for rules in _rules(ink))
    rest = _erase(ink, words, (*horizontal, *vertical))
    usual = float(np.median([word.bbox.height for word in words])) * ink.shape[0] if words else 0.0
    pictures, strokes = _blobs(rest, usual, grey < float(np.median(grey[::4, ::4])) - _DARK)
    shape = ink.shape
    return PageMarks(
        rulings=tuple(_box(stat, shape) for stat in (*horizontal, *vertical)),
        pictures=tuple(_box(stat, shape) for stat in pictures),
        check_boxes=tuple(_squares(ink)),
        stamps=find_stamps(image),
        strokes=tuple(_box(stat, shape) for stat in strokes),
        bullets=tuple(_box(stat, shape) for stat in _bullets(rest, words)),
        skew_degrees=skew_degrees,
    )


def _ink(grey: Image) -> Image:
    dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _WINDOW, _DARKER)
    return np.asarray(dark, dtype=np.uint8)


def _rules(ink: Image) -> tuple[list[Stats], list[Stats]]:
    least = max(20, int(_RULE * ink.shape[1]))
    horizontal = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, least), np.uint8))
    vertical = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((least, 1), np.uint8))
    return (
        [stat for stat in _pieces(horizontal) if stat[4] <= _THICKEST * stat[2] and stat[3] < stat[2] / 3],
        [stat for stat in _pieces(vertical) if stat[4] <= _THICKEST * stat[3] and stat[2] < stat[3] / 3],
    )


def _drop_letter_strokes(rules: Sequence[Stats], words: Sequence[Word], shape: tuple[int, ...]) -> list[Stats]:
    """Leave out lines that are strokes of letters: not much longer than the word that they are in."""
    if not words:
        return list(rules)
    boxes = np.array([word.bbox.as_list() for word in words]) * (shape[1], shape[0], shape[1], shape[0])
    margin = 0.1 * (boxes[:, 3] - boxes[:, 1])
    kept = []
    for rule in rules:
        x, y, wide, high, _ = rule
        inside = (
            (boxes[:, 0] <= x + wide / 2)
            & (boxes[:, 2] >= x + wide / 2)
            & (boxes[:, 1] - margin <= y + high / 2)
            & (boxes[:, 3] + margin >= y + high / 2)
            & (boxes[:, 2] - boxes[:, 0] >= 0.75 * wide)
            & (boxes[:, 3] - boxes[:, 1] >= 0.75 * high)
        )
        if not inside.any():
            kept.append(rule)
    return kept


def _pieces(ink: npt.NDArray[Any]) -> Iterator[Stats]:
    """Return the same as `_components`, faster for an image with few parts."""
    for contour in cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
        x, y, wide, high = cv2.boundingRect(contour)
        pixels = cv2.countNonZero(ink[y : y + high, x : x + wide])
        yield np.array((x, y, wide, high, pixels), dtype=np.int32)


def _components(ink: npt.NDArray[Any]) -> Stats:
    """Return [x, y, width, height, pixels] of each connected part."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_32S)
    return np.asarray(stats[1:], dtype=np.int32)


def _erase(ink: Image, words: Sequence[Word], rules: Iterable[Stats]) -> Image:
    """Erase words and rules."""
    rest = ink.copy()
    height, width = ink.shape
    usual = float(np.median([word.bbox.height for word in words])) if words else 1.0
    for word in words:
        box, extra = word.bbox, int(0.15 * word.bbox.height * height) + 1
        scrawl = box.width * width > _STRETCHED * len(word.text) * box.height * height
        scrawl = scrawl or (box.height > _TALL * usual and word.confidence < _SURE)
        if (word.confidence >= _READ and not scrawl) or len(word.text) >= _LONG:
            x0, y0 = int(box.x0 * width) - extra, int(box.y0 * height) - extra
            rest[max(y0, 0) : int(box.y1 * height) + extra, max(x0, 0) : int(box.x1 * width) + extra] = 0
    for x, y, wide, high, _ in rules:
        rest[max(y - 1, 0) : y + high + 1, max(x - 1, 0) : x + wide + 1] = 0
    return rest


def _blobs(rest: Image, usual: float, dark: npt.NDArray[np.bool_]) -> tuple[list[Stats], list[Stats]]:
    """Return the pictures and the strokes in the remaining ink; ink that is not `dark` is a watermark.

    `usual` is the height of words in pixels: ink that is only a little higher is a word that was not read.
    """
    height, width = rest.shape
    rest = np.where(dark, rest, 0).astype(np.uint8)
    strokes = [
        stat
        for stat, share in _joined(rest)
        if _STROKE[0] * width <= stat[2] <= _STROKE[1] * width
        and _STROKE[2] * width <= stat[3] <= _STROKE[3] * width
        and share < _STROKE_INK
    ]
    solid = np.asarray(cv2.morphologyEx(rest, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), dtype=np.uint8)
    pictures = [
        stat
        for stat, share in _joined(solid)
        if stat[2] >= _PICTURE[0] * width
        and stat[3] >= max(_PICTURE[1] * width, _HIGHER * usual)
        and stat[2] * stat[3] <= _PICTURE_TO * height * width
        and share >= _PICTURE[2]
    ]
    return pictures, strokes


def _bullets(rest: Image, words: Sequence[Word]) -> Iterator[Stats]:
    """Yield dots and dashes just left of a word; OCR often misses bullets."""
    if not words:
        return
    boxes = np.array([word.bbox.as_list() for word in words]) * ((rest.shape[1], rest.shape[0]) * 2)
    usual = float(np.median(boxes[:, 3] - boxes[:, 1]))
    for stat in _pieces(rest):
        x, y, wide, high, pixels = stat
        if not (_DOT[0] * usual <= wide <= _DOT[1] * usual and high <= _DOT[2] * usual):
            continue
        gap, middle = boxes[:, 0] - (x + wide), y + high / 2
        near = (gap > 0.1 * usual) & (gap < 3 * usual) & (boxes[:, 1] <= middle) & (boxes[:, 3] >= middle)
        if pixels >= _DOT_INK * wide * high and near.any():
            yield stat


def _joined(ink: Image) -> Iterator[tuple[Stats, float]]:
    """Join nearby ink; yield each part with its share of ink."""
    near = np.asarray(cv2.dilate(ink, np.ones(_JOINED[::-1], np.uint8)), dtype=np.uint8)
    for stat in _pieces(near):
        x, y, wide, high, _ = stat
        if wide > _JOINED[0] + 8 and high > _JOINED[1] + 4:
            part = ink[y : y + high, x : x + wide]
            yield stat, cv2.countNonZero(part) / float(part.size)


def _box(stat: Iterable[int], shape: tuple[int, ...]) -> BoundingBox:
    x, y, wide, high, *_ = (int(value) for value in stat)
    height, width = shape[:2]
    return BoundingBox.clipped(x / width, y / height, (x + wide) / width, (y + high) / height)


def _squares(ink: Image) -> Iterator[CheckBoxMark]:
    """Find squares drawn with lines, whose inside is empty or crossed."""
    width = ink.shape[1]
    least, most = _SQUARE[0] * width, _SQUARE[1] * width
    stats = _components(ink)
    wide, high, area = stats[:, 2], stats[:, 3], stats[:, 4]
    fitting = (
        (wide >= least)
        & (high >= least)
        & (wide <= 1.5 * most)
        & (high <= 1.5 * most)
        & (area < 0.75 * wide * high)
        & (wide < 1.8 * high)
        & (high < 1.8 * wide)
    )
    for stat in stats[fitting][:_MOST]:
        x, y, across, down, _ = (int(value) for value in stat)
        found = _square_in(ink[y : y + down, x : x + across] > 0, least)
        if found is None:
            continue
        left, top, right, bottom, checked = found
        if not _is_isolated(ink, (x + left, y + top, x + right, y + bottom), _CLEAR[checked]):
            continue
        yield CheckBoxMark(_box((x + left, y + top, right - left, bottom - top), ink.shape), checked)


def _is_isolated(ink: Image, box: tuple[int, int, int, int], share: float) -> bool:
    """Return whether a square has white space on both sides, as no letter has."""
    left, top, right, bottom = box
    room = max(3, round(_ROOM * (right - left)))
    sides = ink[top:bottom, max(left - room, 0) : max(left - 1, 0)], ink[top:bottom, right + 1 : right + room]
    return all(side.size == 0 or float(np.count_nonzero(side)) / side.size <= share for side in sides)


def _square_in(part: npt.NDArray[np.bool_], least: float) -> tuple[int, int, int, int, bool] | None:
    """Find the four sides in a part of the image; a tick may extend beyond them."""
    rows = np.flatnonzero(_runs(part) >= 0.6 * min(part.shape))
    columns = np.flatnonzero(_runs(part.T) >= 0.6 * min(part.shape))
    if len(rows) < 2 or len(columns) < 2:
        return None
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    high, wide = bottom - top, right - left
    if min(high, wide) < least or not 0.75 <= wide / high <= 1.33:
        return None
    square = part[top:bottom, left:right]
    rim = max(2, round(0.16 * min(high, wide)))
    sides = (square[:rim], square[-rim:], square[:, :rim].T, square[:, -rim:].T)
    if any(side.any(0).mean() < _SIDE_INKED or side.mean(1).max() < _SIDE_STRAIGHT for side in sides):
        return None
    corner = max(2, round(0.12 * min(high, wide)))
    ends = (slice(None, corner), slice(-corner, None))
    if any(square[down, across].mean() < _CORNER for down in ends for across in ends):
        return None
    inside = square[rim + 1 : -rim - 1, rim + 1 : -rim - 1]
    if inside.size == 0 or float(inside.mean()) > 0.7:
        return None
    return left, top, right, bottom, bool(float(inside.mean()) > _EMPTY_TO)


def _runs(part: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Count the ink of each row: a side of a square has it in one piece, or nearly."""
    return np.asarray(part.sum(axis=1), dtype=np.int64)


def find_stamps(image: Image) -> tuple[BoundingBox, ...]:
    """Find framed prints in coloured ink: frame and letters of one hue, and little else inside."""
    if float(_coloured(image[::4, ::4])[0].mean()) < _LEAST_COLOUR:
        return ()
    small = shrink_by_factor(image, _SIDE)
    coloured, top = _coloured(small)
    hue = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2HSV)[:, :, 0])
    dark = (top < 110) & ~coloured
    reds = (hue < _HUES[0][1]) | (hue >= _HUES[3][0])
    inks = [coloured & reds, *(coloured & (hue >= low) & (hue < high) for low, high in _HUES[1:3])]
    found = [box for ink in inks for box in _framed(ink.astype(np.uint8), dark)]
    return tuple(found)


def _coloured(image: Image) -> tuple[npt.NDArray[np.bool_], Image]:
    """Return where ink has a colour, and the brightest channel of each pixel."""
    red, green, blue = image[:, :, 0], image[:, :, 1], image[:, :, 2]
    top = np.maximum(np.maximum(red, green), blue)
    low = np.minimum(np.minimum(red, green), blue)
    return (top - low > _CHROMA) & (low < _PALE), top


def _framed(ink: Image, dark: npt.NDArray[np.bool_]) -> Iterator[BoundingBox]:
    width = ink.shape[1]
    closed = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)), dtype=np.uint8)
    contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        x, y, wide, high = cv2.boundingRect(contour)
        long_side, short_side = max(wide, high), min(wide, high)
        if not (_STAMP[0] * width <= long_side <= _STAMP[1] * width) or short_side < _STAMP[2] * width:
            continue
        if cv2.contourArea(contour) < _ROUND_OR_SQUARE * float(np.prod(cv2.minAreaRect(contour)[1])):
            continue
        if _is_stamp(contour, closed, ink, dark):
            yield _box((x, y, wide, high), ink.shape)


def _is_stamp(contour: npt.NDArray[Any], closed: Image, ink: Image, dark: npt.NDArray[np.bool_]) -> bool:
    x, y, wide, high = cv2.boundingRect(contour)
    part = np.zeros((high, wide), np.uint8)
    cv2.drawContours(part, [contour - (x, y)], -1, 1, cv2.FILLED)
    inside = part > 0
    here = (slice(y, y + high), slice(x, x + wide))
    if float(closed[here][inside].mean()) > _HOLLOW_TO + 0.25 or float(ink[here][inside].mean()) > _HOLLOW_TO:
        return False
    core = np.asarray(cv2.erode(part, np.ones((9, 9), np.uint8))) > 0
    rim = inside & ~core
    written, framed = int(ink[here][core].sum()), int(ink[here][rim].sum())
    frame = float(closed[here][rim].mean()) if rim.any() else 0.0
    others = int(dark[here][inside].sum())
    return frame > 0.25 and written >= _WRITTEN * framed and others <= _ONE_INK * (written + framed)
