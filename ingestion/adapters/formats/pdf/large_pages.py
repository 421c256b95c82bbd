"""Pages larger than paper: a small part with print is shown instead of the whole page, words are rendered larger."""

from collections.abc import Iterator
from functools import reduce

import pymupdf

from ingestion.adapters.formats.pdf.clusters import Rect
from ingestion.adapters.formats.pdf.coordinates import unrotated_size

POINTS = 72
LARGE_FROM = 1700.0  # points of the longer side: A2, the largest sheet whose print is legible as it is displayed
_PRINT_TO = 0.5  # of the page: cutting off less is not worth it
_BACKGROUND = 0.9  # of the page: a filled area is its background
_MARGIN = 0.04  # of the longer side of the print
_MARGIN_FROM = 36.0  # points
_OPERATIONS_TO = 20_000


def cut_to_print(page: "pymupdf.Page") -> bool:
    """Set the crop box of a large page to the part that has print; return whether it was changed."""
    width, height = unrotated_size(page)
    if max(width, height) <= LARGE_FROM or not _has_whole_media(page, width, height):
        return False
    places = list(_print_places(page, width, height))
    if not places or len(places) > _OPERATIONS_TO:
        return False
    x0, y0, x1, y1 = _with_margin(reduce(_union, places), width, height)
    if (x1 - x0) * (y1 - y0) > _PRINT_TO * width * height:
        return False
    media, unit = page.mediabox, width / page.mediabox.width
    sides = (media.x0 + x0 / unit, media.y1 - y1 / unit, media.x0 + x1 / unit, media.y1 - y0 / unit)
    page.parent.xref_set_key(page.xref, "CropBox", "[" + " ".join(f"{side:.4f}" for side in sides) + "]")
    return True


def user_unit(page: "pymupdf.Page") -> float:
    """Return the page's unit in points: 1, except on pages that declare a larger one."""
    kind, value = page.parent.xref_get_key(page.xref, "UserUnit")
    return max(float(value), 1.0) if kind in ("int", "float", "real") else 1.0


def render_part(page: "pymupdf.Page", sides: Rect, dpi: float) -> "pymupdf.Pixmap":
    """Render a part of a page, given in shares of the page as displayed."""
    wide, high = page.rect.width, page.rect.height
    clip = pymupdf.Rect(sides[0] * wide, sides[1] * high, sides[2] * wide, sides[3] * high) & page.rect
    scale = dpi / POINTS
    return page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), clip=clip, colorspace=pymupdf.csRGB, alpha=False)


def _has_whole_media(page: "pymupdf.Page", width: float, height: float) -> bool:
    """Return whether the page shows its whole medium, so that a crop box can be set by the medium's sides."""
    media, kind = page.mediabox, page.parent.xref_get_key(page.xref, "CropBox")[0]
    return kind == "null" and bool(abs(media.width * height - media.height * width) < 0.001 * media.width * height)


def _print_places(page: "pymupdf.Page", width: float, height: float) -> Iterator[Rect]:
    for kind, (x0, y0, x1, y1) in page.get_bboxlog():
        left, top, right, bottom = max(x0, 0.0), max(y0, 0.0), min(x1, width), min(y1, height)
        filled = kind in ("fill-path", "clip-path", "fill-shade") and (
            (right - left) * (bottom - top) > _BACKGROUND * width * height
        )
        if left <= right and top <= bottom and not filled:
            yield left, top, right, bottom


def _union(a: Rect, b: Rect) -> Rect:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _with_margin(rect: Rect, width: float, height: float) -> Rect:
    margin = max(_MARGIN * max(rect[2] - rect[0], rect[3] - rect[1]), _MARGIN_FROM)
    return (
        max(rect[0] - margin, 0.0),
        max(rect[1] - margin, 0.0),
        min(rect[2] + margin, width),
        min(rect[3] + margin, height),
    )
