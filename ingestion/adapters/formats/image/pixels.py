"""Pixels of images: of any depth and colour space to RGB, and the shape of a single one.

Pillow inverts TIFF images whose zero is white up to 8 bits a pixel; those of 16 bits it opens as negatives if they are
little-endian, and not at all if they are big-endian.
"""

import numpy as np
from PIL import Image as Pillow
from PIL import TiffImagePlugin

_PHOTOMETRIC, _WHITE_IS_ZERO = 262, 0  # TIFF 6.0, section 4
_ORIENTATION, _SIDEWAYS = 274, (5, 6, 7, 8)
_BIG_ENDIAN = b"MM"
_DEEP = frozenset({"I;16", "I;16B", "I;16L", "I;16N", "I", "F"})
_STRETCH = (1.1, 4.0)  # how many times as long as wide a pixel may be: less is not visible, more is an error
_PLAUSIBLE_DPI = (30.0, 1200.0)

TiffImagePlugin.OPEN_INFO.setdefault((_BIG_ENDIAN, _WHITE_IS_ZERO, (1,), 1, (16,), ()), ("I;16B", "I;16B"))


def pixel_stretch(picture: Pillow.Image) -> tuple[float, float]:
    """Return by how much width and height have to grow for square pixels, as of a fax of 204 x 98 dpi."""
    try:
        across, down = (float(side) for side in picture.info.get("dpi") or picture.info.get("resolution") or (1, 1))
        ratio = max(across, down) / min(across, down)
    except (TypeError, ValueError, ZeroDivisionError):
        return 1.0, 1.0
    low, high = _PLAUSIBLE_DPI
    stated = "dpi" not in picture.info or (low < across < high and low < down < high)
    if not stated or not _STRETCH[0] <= ratio <= _STRETCH[1]:
        return 1.0, 1.0
    return (1.0, ratio) if (across > down) != _is_sideways(picture) else (ratio, 1.0)


def _is_sideways(picture: Pillow.Image) -> bool:
    """Return whether Pillow rotates a TIFF by a quarter when it loads it: its resolutions are those before that."""
    return getattr(picture, "tag_v2", {}).get(_ORIENTATION, 1) in _SIDEWAYS


def is_white_zero(picture: Pillow.Image) -> bool:
    """Return whether zero is white in an opened image; copies of it do not know that."""
    return bool(getattr(picture, "tag_v2", {}).get(_PHOTOMETRIC) == _WHITE_IS_ZERO)


def to_rgb(picture: Pillow.Image, *, white_zero: bool = False) -> Pillow.Image:
    """Convert to RGB; transparent areas become white paper, more than 8 bits, of which zero may be white, become 8."""
    if picture.mode in _DEEP:
        return _shallow(picture, white_zero=white_zero).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        paper = Pillow.new("RGBA", clear.size, "white")
        return Pillow.alpha_composite(paper, clear).convert("RGB")
    return picture.convert("RGB")


def _shallow(picture: Pillow.Image, *, white_zero: bool) -> Pillow.Image:
    levels = np.asarray(picture, dtype=np.float32)
    light = np.clip(levels * (255 / max(float(levels.max()), 1.0)), 0, 255).astype(np.uint8)
    return Pillow.fromarray(255 - light if white_zero else light)
