"""Images by Pillow: each frame of a TIFF is a page, checked by its header before a pixel of it is decoded."""

from pathlib import Path

import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from ingestion.adapters.formats.image.pixels import is_white_zero, pixel_stretch, to_rgb
from ingestion.adapters.formats.image.webp import webp_size
from ingestion.adapters.formats.page_source import MAX_DPI, MAX_OPEN_PIXELS, MAX_PIXELS, SourcePage
from ingestion.domain.errors import CorruptFile, EmptyFile, TooLarge

_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    OverflowError,
    RuntimeError,
)
_PAPER_INCHES = 11.69  # an image without a resolution counts as a page of A4
_PLAUSIBLE_DPI = (30.0, 1200.0)
_SCREEN_DPI = (72.0, 96.0)  # default values of any image
_WEBP, _HEIF = "WEBP", "HEIF"
_PAGED = frozenset({"TIFF"})
"""Formats whose frames are pages. In others they are an animation, a burst of the same scene, or what a phone stores
with its photograph: its brightness, its depth, a smaller copy.
"""

Pillow.MAX_IMAGE_PIXELS = None  # the limits below replace it, and apply before decoding


class PictureSource:
    """Open image file."""

    def __init__(self, path: Path, *pillow_formats: str) -> None:
        """Open it as one of these formats and read its headers; raises CorruptFile, EmptyFile or TooLarge."""
        if path.stat().st_size == 0:
            raise EmptyFile("The file is empty.")
        try:
            if _WEBP in pillow_formats:
                _check_size(*webp_size(path))
            self._picture = _open(path, pillow_formats)
            _check_size(*self._picture.size)
            paged = self._picture.format in _PAGED
            self._page_count = int(getattr(self._picture, "n_frames", 1)) if paged else 1
        except (UnidentifiedImageError, *_BROKEN) as broken:
            raise CorruptFile("This picture is damaged beyond repair.") from broken
        self._rotations: dict[int, int] = {}

    def rotate(self, number: int, quarters: int) -> None:
        """Rotate the display of a frame."""
        self._rotations[number] = quarters

    @property
    def page_count(self) -> int:
        """Number of frames."""
        return self._page_count

    def source_page(self, number: int) -> SourcePage:
        """Decode a frame, upright by its EXIF orientation; raises CorruptFile or TooLarge."""
        try:
            self._seek(number)
            _check_size(*self._picture.size)
            dpi = self._resolution()
            upright = ImageOps.exif_transpose(self._resized())
            pixels = np.asarray(to_rgb(upright, white_zero=is_white_zero(self._picture)), dtype=np.uint8)
        except _BROKEN as broken:
            raise CorruptFile("This page is damaged.") from broken
        quarters = self._rotations.get(number, 0)
        return SourcePage(number, np.ascontiguousarray(np.rot90(pixels, -quarters)) if quarters else pixels, dpi)

    def _seek(self, number: int) -> None:
        """Select a frame; of a still image the one that it declares as primary."""
        if self._page_count > 1:
            self._picture.seek(number - 1)

    def _resized(self) -> Pillow.Image:
        """Return the frame with square pixels, not too many of them."""
        picture: Pillow.Image = self._picture
        across, down = pixel_stretch(picture)
        width, height = picture.width * across, picture.height * down
        scale = min((MAX_PIXELS / (width * height)) ** 0.5, 1.0)
        if scale == across == down == 1:
            return picture
        size = (max(int(width * scale), 1), max(int(height * scale), 1))
        if self._picture.format == "JPEG":
            self._picture.draft("RGB", size)
        plain = picture if picture.mode in ("L", "RGB") else to_rgb(picture, white_zero=is_white_zero(picture))
        smooth = Pillow.Resampling.BOX if scale < 1 else Pillow.Resampling.BICUBIC
        resized = plain.resize(size, smooth)
        resized.getexif().update(picture.getexif())
        return resized

    def _resolution(self) -> float:
        try:
            stated = float(max(self._picture.info.get("dpi", (0, 0))))
        except (TypeError, ValueError, ZeroDivisionError):
            stated = 0.0
        low, high = _PLAUSIBLE_DPI
        if low < stated < high and stated not in _SCREEN_DPI:
            return stated
        return float(min(max(self._picture.size) / _PAPER_INCHES, MAX_DPI * 2))


def _check_size(width: int, height: int) -> None:
    if not width or not height:
        raise CorruptFile("This picture has no area.")
    if width * height > MAX_OPEN_PIXELS:
        raise TooLarge(f"This picture has {width} x {height} pixels, more than can be read.")


def _open(path: Path, pillow_formats: tuple[str, ...]) -> Pillow.Image:
    """Read only the headers; phone image formats need a separate library, which is loaded only for them."""
    if _HEIF in pillow_formats:
        from pi_heif import register_heif_opener

        register_heif_opener(thumbnails=False, decode_threads=1)
    return Pillow.open(path, formats=pillow_formats)
