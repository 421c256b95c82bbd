"""Pictures by Pillow: each frame of a TIFF a page, judged by its header before a pixel of it is decoded."""

from pathlib import Path

import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from ingestion.adapters.formats.image.webp import webp_size
from ingestion.adapters.formats.page_source import DPI_TO, OPEN_PIXELS_TO, PIXELS_TO, Sheet
from ingestion.domain.errors import CorruptFile, EmptyFile, TooLarge
from ingestion.domain.formats.images import BMP, GIF, HEIC, JPEG, PNG, STILLS, TIFF, WEBP

_FORMATS = {
    PNG: ["PNG"], JPEG: ["JPEG"], TIFF: ["TIFF"], WEBP: ["WEBP"], BMP: ["BMP", "DIB"], GIF: ["GIF"],
    HEIC: ["HEIF"],
}  # fmt: skip
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
_PAPER_INCHES = 11.69  # without a resolution of its own a picture is taken for a page of A4
_DPI_BELIEVED = (30.0, 1200.0)
_SCREENS = (72.0, 96.0)  # said of any picture

Pillow.MAX_IMAGE_PIXELS = None  # the limits below are ours, and come before decoding


class PictureSource:
    """An open picture."""

    def __init__(self, path: Path, media_type: str) -> None:
        """Open it and read its headers; raises CorruptFile, EmptyFile or TooLarge."""
        if path.stat().st_size == 0:
            raise EmptyFile("The file is empty.")
        try:
            if media_type == WEBP:
                _check_size(*webp_size(path))
            self._picture = _open(path, media_type)
            _check_size(*self._picture.size)
            self._total = 1 if media_type in STILLS else int(getattr(self._picture, "n_frames", 1))
        except (UnidentifiedImageError, *_BROKEN) as broken:
            raise CorruptFile("This picture is damaged beyond repair.") from broken
        self._turns: dict[int, int] = {}

    def turn(self, number: int, quarters: int) -> None:
        """Have a frame shown turned."""
        self._turns[number] = quarters

    @property
    def total(self) -> int:
        """Count the frames."""
        return self._total

    def sheet(self, number: int) -> Sheet:
        """Decode a frame, upright by its EXIF orientation; raises CorruptFile or TooLarge."""
        try:
            self._turn_to(number)
            _check_size(*self._picture.size)
            dpi = self._resolution()
            upright = ImageOps.exif_transpose(self._reduced())
            pixels = np.asarray(_on_paper(upright), dtype=np.uint8)
        except _BROKEN as broken:
            raise CorruptFile("This page is damaged.") from broken
        quarters = self._turns.get(number, 0)
        return Sheet(number, np.ascontiguousarray(np.rot90(pixels, -quarters)) if quarters else pixels, dpi)

    def _turn_to(self, number: int) -> None:
        """Go to a frame; of a still the one that it opens with, which it names itself."""
        if self._total > 1:
            self._picture.seek(number - 1)

    def _reduced(self) -> Pillow.Image:
        picture: Pillow.Image = self._picture
        width, height = picture.size
        scale = (PIXELS_TO / (width * height)) ** 0.5
        if scale >= 1:
            return picture
        size = (int(width * scale), int(height * scale))
        if self._picture.format == "JPEG":
            self._picture.draft("RGB", size)
        plain = picture if picture.mode in ("L", "RGB") else _on_paper(picture)
        reduced = plain.resize(size, Pillow.Resampling.BOX)
        reduced.getexif().update(picture.getexif())
        return reduced

    def _resolution(self) -> float:
        try:
            stated = float(self._picture.info.get("dpi", (0, 0))[0])
        except (TypeError, ValueError, ZeroDivisionError):
            stated = 0.0
        low, high = _DPI_BELIEVED
        if low < stated < high and stated not in _SCREENS:
            return stated
        return float(min(max(self._picture.size) / _PAPER_INCHES, DPI_TO * 2))


def _check_size(width: int, height: int) -> None:
    if not width or not height:
        raise CorruptFile("This picture has no area.")
    if width * height > OPEN_PIXELS_TO:
        raise TooLarge(f"This picture has {width} x {height} pixels, more than can be read.")


def _open(path: Path, media_type: str) -> Pillow.Image:
    """Read the headers alone; telephones' pictures need a library of their own, which only then is loaded."""
    if media_type == HEIC:
        from pillow_heif import register_heif_opener

        register_heif_opener(thumbnails=False, decode_threads=1)
    return Pillow.open(path, formats=_FORMATS[media_type])


def _on_paper(picture: Pillow.Image) -> Pillow.Image:
    """Give RGB; what is transparent becomes white paper, what has 16 bits is brought to 8."""
    if picture.mode in ("I;16", "I;16B", "I;16L", "I;16N", "I", "F"):
        levels = np.asarray(picture, dtype=np.float32)
        top = max(float(levels.max()), 1.0)
        return Pillow.fromarray(np.clip(levels * (255 / top), 0, 255).astype(np.uint8)).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        paper = Pillow.new("RGBA", clear.size, "white")
        return Pillow.alpha_composite(paper, clear).convert("RGB")
    return picture.convert("RGB")
