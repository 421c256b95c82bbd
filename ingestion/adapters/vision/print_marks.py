"""Quick test whether a picture has lines of print on it, before an engine looks for them."""

import cv2
import numpy as np
import numpy.typing as npt

from ingestion.adapters.vision.raster import shrink

Image = npt.NDArray[np.uint8]

_SIDE = 1600  # pixels
_WINDOW, _DARKER = 31, 18  # pixels around a point, and grey levels between ink and the paper around it
_LETTER = (5, 90)  # pixels of height
_WIDEST = 4.0  # heights: letters that touch
_LETTERS = 10  # of one size on one level, or on several
_INK_TO = 0.35  # of a picture: more is not print


def has_print(grey: Image) -> bool:
    """Return whether a grey picture, dark on light, has enough marks of the size of letters in lines, level or not."""
    small = cv2.GaussianBlur(np.ascontiguousarray(shrink(grey, _SIDE)), (3, 3), 0)  # without the grain of a photograph
    if min(small.shape) <= _LETTER[0]:
        return False
    ink = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _WINDOW, _DARKER)
    if float(np.mean(ink > 0)) > _INK_TO:
        return False
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    wide, high = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    level = stats[1:][(high >= _LETTER[0]) & (high <= _LETTER[1]) & (wide <= _WIDEST * high)]
    upright = stats[1:][(wide >= _LETTER[0]) & (wide <= _LETTER[1]) & (high <= _WIDEST * wide)]
    sideways = upright[:, (cv2.CC_STAT_TOP, cv2.CC_STAT_LEFT, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_WIDTH)]
    return any(_neighbours(letters.astype(np.int32)) >= _LETTERS for letters in (level, sideways))


def _neighbours(letters: npt.NDArray[np.int32]) -> int:
    """Count the marks that another of their size follows on the same level, as letters do."""
    if len(letters) < _LETTERS:
        return 0
    left, top, wide, high = (letters[:, column].astype(np.float64) for column in range(4))
    order = np.lexsort((left, np.round((top + high) / (2 * np.median(high)))))
    left, bottom, wide, high = left[order], (top + high)[order], wide[order], high[order]
    gap = left[1:] - (left + wide)[:-1]
    near = (gap > -high[1:] / 2) & (gap < 1.5 * high[1:])
    level = np.abs(bottom[1:] - bottom[:-1]) < 0.4 * high[1:]
    alike = np.abs(high[1:] - high[:-1]) < 0.6 * np.maximum(high[1:], high[:-1])
    return int(np.sum(near & level & alike))
