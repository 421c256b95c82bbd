"""Shapes of digits: a quick test whether a printed glyph is the digit that its font claims, without an engine.

Almost all fonts draw digits alike: a glyph is compared with those of the standard fonts. Where the shape does not
plainly confirm the digit, an engine has to read it.
"""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt
import pymupdf

from ingestion.adapters.vision.raster import to_grey

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

DIGITS = "0123456789"
_FONTS = ("helv", "hebo", "heit", "hebi", "tiro", "tibo", "tiit", "tibi", "cour", "cobo", "coit", "cobi")
_SIZE, _STEP, _DPI = 24, 40, 100  # points; dots per inch
_SHAPE = (16, 20)  # pixels
_CONTRAST = 40  # grey levels
_HEIGHT_FROM = 8  # pixels
_INKED = 0.4
_ASPECT_WEIGHT = 0.3
_MARGIN = 0.03  # of similarity, to the next digit


@dataclass(frozen=True, slots=True)
class _Shapes:
    """Shapes of the digits in all standard fonts: pixels, aspect ratios, and which digit each is."""

    pixels: Floats
    aspects: Floats
    digits: npt.NDArray[np.intp]

    def similarities(self, pixels: Floats, aspect: float) -> list[float]:
        """Return the similarity with each digit, in its most similar font."""
        scores = self.pixels @ pixels - _ASPECT_WEIGHT * np.abs(np.log(self.aspects / aspect))
        return [float(scores[self.digits == digit].max()) for digit in range(len(DIGITS))]


def is_plainly(digit: str, glyph: Image) -> bool:
    """Return whether an image of one glyph (RGB, dark on light) is more similar to this digit than to all others."""
    shape = _shape_of(to_grey(glyph)) if glyph.size else None
    if shape is None:
        return False
    scores = digit_shapes().similarities(*shape)
    claimed = scores.pop(DIGITS.index(digit))
    return claimed > max(scores) + _MARGIN


@cache
def digit_shapes() -> _Shapes:
    """Draw the digits of the standard fonts, once."""
    shapes = [shape for row in range(len(_FONTS)) for shape in map(_shape_of, _drawn_row(row)) if shape is not None]
    pixels, aspects = zip(*shapes, strict=True)
    return _Shapes(
        np.array(pixels, np.float32), np.array(aspects, np.float32), np.tile(np.arange(len(DIGITS)), len(_FONTS))
    )


def _drawn_row(font: int) -> list[Image]:
    with pymupdf.open() as document:
        page = document.new_page(width=_STEP * len(DIGITS), height=_STEP)
        for place, digit in enumerate(DIGITS):
            page.insert_text((_STEP * place + 8, _STEP - 10), digit, fontname=_FONTS[font], fontsize=_SIZE)
        drawn = page.get_pixmap(dpi=_DPI, colorspace=pymupdf.csGRAY, alpha=False)
        grey = np.frombuffer(drawn.samples, np.uint8).reshape(drawn.height, drawn.width)
    edges = [round(place * drawn.width / len(DIGITS)) for place in range(len(DIGITS) + 1)]
    return [grey[:, edges[place] : edges[place + 1]] for place in range(len(DIGITS))]


def _shape_of(grey: Image) -> tuple[Floats, float] | None:
    """Return the inked part of an image in a standard size, and its width divided by its height."""
    ink = float(grey.max()) - grey.astype(np.float32)
    if ink.max() < _CONTRAST:
        return None
    ink /= ink.max()
    rows, columns = np.flatnonzero((ink > _INKED).any(axis=1)), np.flatnonzero((ink > _INKED).any(axis=0))
    part = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if part.shape[0] < _HEIGHT_FROM:
        return None
    pixels = cv2.resize(part, _SHAPE, interpolation=cv2.INTER_AREA).ravel()
    pixels -= pixels.mean()
    return np.asarray(pixels / (np.linalg.norm(pixels) + 1e-6), np.float32), part.shape[1] / part.shape[0]
