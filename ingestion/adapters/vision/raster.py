"""Raster images of pages: measured, deskewed, encoded for the viewer."""

import io
from dataclasses import dataclass
from math import ceil

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow

from ingestion.domain.page.elements import ImageMeasures

Image = npt.NDArray[np.uint8]
Points = npt.NDArray[np.intp]

DISPLAY_LONG_SIDE = 1754  # A4 at 150 dpi
_TALL_WIDTH, _TALL_HEIGHT = 585, 12_000  # pages over three times as high as wide are shown at least this wide
_SHEET_DPI, _SHEET_SIDE_TO = 75, 5000  # of sheets larger than paper: small print is just legible
_LOSSLESS_TO = 10_000_000  # pixels
THUMBNAIL_WIDTH = 200
_LITTLE_SMALLER = 0.7
_MEASURED_SIDE = 2400
_SKEW_SIDE = 900
_SKEW_TO = 15.0
_SKEW_GAIN = 1.02  # a skew angle has to explain the page better than none, by this factor
_SIDEWAYS_RATIO = 1.3  # times as sharp: only vertical lines of text explain it
_POINTS = 40_000
_TABLE_TO = 100  # median grey level of an image that shows mostly the surface under the page
_GROUND_TO = 150  # grey levels: letters on a dark background are lighter, everything around them darker
_LITTLE_INK = 0.005  # of a page's pixels
_SPECKS = 0.0002  # of a page's pixels: dust
_HALF = 128  # of two levels, black and white, Otsu's threshold is the lower one, and no pixel is below it
_EVEN = 40  # grey levels: the spread of an even background
_PRINT_TO = 0.3  # of a page: more is not print
_AROUND, _DARKER = 31, 20  # pixels around a point, and grey levels
_GREY_SPREAD = 12  # planes of a grey page differ by no more, compression included


@dataclass(frozen=True, slots=True)
class DisplayImage:
    """Page as the viewer shows it, encoded, with its thumbnail (always JPEG)."""

    width: int
    height: int
    image: bytes
    image_type: str
    thumbnail: bytes


def encode_for_display(image: Image, *, lossless: bool, inches: float = 0.0) -> DisplayImage:
    """Encode an RGB image: lossless WebP keeps born-digital print sharp, JPEG suits a scan; grey stays grey.

    `inches` is the longer side of the page, if known: large sheets are displayed larger.
    """
    side = max(_display_side(*image.shape[:2]), min(round(inches * _SHEET_DPI), _SHEET_SIDE_TO))
    shown = shrink(to_grey(image) if is_grey(image) else image, side, quickly=True)
    buffer = io.BytesIO()
    picture = Pillow.fromarray(shown)
    lossless = lossless and shown.shape[0] * shown.shape[1] <= _LOSSLESS_TO
    if lossless:
        picture.save(buffer, "WEBP", lossless=True, method=1, quality=20)  # faster than 0, and a fifth of its size
    else:
        picture.save(buffer, "JPEG", quality=80)
    height, width = shown.shape[:2]
    small = picture.resize(thumbnail_size(width, height), Pillow.Resampling.BOX)
    thumbnail = io.BytesIO()
    small.save(thumbnail, "JPEG", quality=75)
    return DisplayImage(
        width, height, buffer.getvalue(), "image/webp" if lossless else "image/jpeg", thumbnail.getvalue()
    )


def _display_side(height: int, width: int) -> int:
    """Return the longer side at which a page is displayed: a long receipt must not become too narrow to read."""
    return max(DISPLAY_LONG_SIDE, min(_TALL_WIDTH * height // width, _TALL_HEIGHT))


def thumbnail_size(width: int, height: int) -> tuple[int, int]:
    """Return width and height of a thumbnail: 200 pixels wide, less for a very tall strip."""
    scale = min(THUMBNAIL_WIDTH / width, DISPLAY_LONG_SIDE / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def to_grey(image: Image) -> Image:
    """Return the brightness of an RGB image."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def shrink(image: Image, long_side: int, *, quickly: bool = False) -> Image:
    """Return the image with its longer side at most `long_side` pixels.

    `quickly` interpolates four pixels if the image is only a little larger: for viewing, not for measuring.
    """
    scale = long_side / max(image.shape[:2])
    if scale >= 1:
        return image
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    interpolation = cv2.INTER_LINEAR if quickly and scale >= _LITTLE_SMALLER else cv2.INTER_AREA
    return np.asarray(cv2.resize(image, size, interpolation=interpolation), dtype=np.uint8)


def shrink_by_factor(image: Image, long_side: int) -> Image:
    """Return the image at a whole fraction of its size, its longer side at most `long_side`: faster than `shrink`."""
    factor = -(-max(image.shape[:2]) // long_side)
    if factor == 1 or min(image.shape[:2]) < factor:
        return image
    high, wide = image.shape[0] // factor, image.shape[1] // factor
    whole = image[: high * factor, : wide * factor]
    return np.asarray(cv2.resize(whole, (wide, high), interpolation=cv2.INTER_AREA), dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class GreyHistogram:
    """Cumulative histogram of 256 grey levels: percentiles without sorting millions of pixels."""

    upto: npt.NDArray[np.int64]

    @classmethod
    def of(cls, grey: Image) -> "GreyHistogram":
        """Count the pixels of a grey image."""
        counts = cv2.calcHist([np.ascontiguousarray(grey)], [0], None, [256], [0, 256])
        return cls(np.cumsum(counts.ravel().astype(np.int64)))

    def at(self, share: float) -> float:
        """Return the level below which that share of the pixels is, as `numpy.percentile` does."""
        place = share * float(self.upto[-1] - 1)
        low, high = (int(np.searchsorted(self.upto, index, side="right")) for index in (int(place), ceil(place)))
        return low + (high - low) * (place - int(place))


def is_grey(image: Image) -> bool:
    """Return whether an image has no significant colour."""
    small = shrink_by_factor(image, 600)
    planes = cv2.split(small)
    spread = cv2.max(cv2.max(planes[0], planes[1]), planes[2]) - cv2.min(cv2.min(planes[0], planes[1]), planes[2])
    return GreyHistogram.of(np.asarray(spread, dtype=np.uint8)).at(0.995) <= _GREY_SPREAD


def dark_on_light(image: Image) -> Image:
    """Return an RGB image with dark letters on light paper: light letters on a dark background are inverted.

    A page on a dark table has more light in it, and one in bad light has ink that is darker still.
    """
    levels = GreyHistogram.of(to_grey(shrink_by_factor(image, _SKEW_SIDE)))
    middle = levels.at(0.5)
    dark = middle < _TABLE_TO and levels.at(0.85) < _GROUND_TO and middle - levels.at(0.001) < _EVEN
    lit = levels.at(0.999) > max(_GROUND_TO, middle + 2 * _EVEN)
    return np.asarray(cv2.bitwise_not(image), dtype=np.uint8) if dark and lit else image


def measure(image: Image, dpi: float, *, with_skew: bool = True) -> ImageMeasures:
    """Measure an RGB image of a page; `dpi` is its source's resolution. The skew is measured only if `with_skew`."""
    grey = to_grey(shrink(image, _MEASURED_SIDE))
    levels = GreyHistogram.of(grey)
    dark = _dark(grey, levels)
    ink = _share(dark)
    _, spread = cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_16S))
    return ImageMeasures(
        dpi=dpi,
        sharpness=float(spread[0, 0]) ** 2,
        contrast=_contrast(GreyHistogram.of(grey[::2, ::2]), ink),
        skew_degrees=skew(grey) if with_skew else 0.0,
        ink=ink,
        ink_at_edge=_at_edge(dark),
    )


def _contrast(levels: GreyHistogram, ink: float) -> float:
    """Return the contrast between ink and paper; the ink of sparse pages is below the 5th percentile."""
    little = _LITTLE_INK if ink >= _LITTLE_INK else max(ink / 2, _SPECKS)
    low, high, darkest = (levels.at(share) for share in (0.05, 0.95, little))
    return max(high - low, high - darkest) / 255


def _dark(grey: Image, levels: GreyHistogram) -> npt.NDArray[np.bool_]:
    threshold, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.asarray(grey < min(threshold or _HALF, levels.at(0.5) - 25), dtype=np.bool_)


def _at_edge(dark: npt.NDArray[np.bool_]) -> float:
    height, width = dark.shape
    rim = max(1, round(min(height, width) * 0.01))
    inner = dark[rim : height - rim, rim : width - rim]
    return float(np.count_nonzero(dark) - np.count_nonzero(inner)) / (dark.size - inner.size)


def _share(pixels: npt.NDArray[np.bool_]) -> float:
    """Return the share of true pixels; numpy's mean would convert each of millions to a float."""
    return float(np.count_nonzero(pixels)) / pixels.size


def skew(grey: Image) -> float:
    """Return the rotation of the text in degrees, clockwise positive, found by the sharpest row profile.

    On a page that is rotated by 90 degrees the lines are vertical: its columns are sharper than its rows.
    """
    small = shrink(grey, _SKEW_SIDE)
    ink = _ink(small).astype(np.uint8)
    if not 0.001 < float(ink.mean()) < 0.5:
        return 0.0
    rows, columns = np.nonzero(ink)
    step = len(rows) // _POINTS + 1
    across, down = (rows[::step], columns[::step]), (columns[::step], -rows[::step])
    level, sharpness = _sharpest(*across)
    upright, sharper = _sharpest(*down)
    best, points = (upright, down) if sharper > _SIDEWAYS_RATIO * sharpness else (level, across)
    if abs(best) > _SKEW_TO or _profile(*points, best, 2) < _SKEW_GAIN * _profile(*points, 0.0, 2):
        return 0.0
    return round(best, 2) + 0.0


def _ink(grey: Image) -> npt.NDArray[np.bool_]:
    """Return the pixels darker than the paper; on a dark table, than their surroundings."""
    levels = GreyHistogram.of(grey)
    dark = _dark(grey, levels)
    if levels.at(0.5) >= _TABLE_TO and _share(dark) <= _PRINT_TO:
        return dark
    around = np.asarray(cv2.blur(grey, (_AROUND, _AROUND)), dtype=np.uint8)
    return np.asarray(cv2.subtract(around, grey) > _DARKER, dtype=np.bool_)


def _sharpest(rows: Points, columns: Points) -> tuple[float, float]:
    """Return the angle at which rows are sharpest, and their sharpness, independent of the page's height."""
    best = 0.0
    for reach, spacing, bin_height in ((_SKEW_TO, 0.5, 3), (0.5, 0.1, 2), (0.1, 0.05, 1)):
        angles = best + np.arange(-reach, reach + spacing / 2, spacing)
        best = max(map(float, angles), key=lambda angle: _profile(rows, columns, angle, bin_height))
    height = int(rows.max() - rows.min()) + 1
    return best, height * _profile(rows, columns, best, 2)


def _profile(rows: Points, columns: Points, angle: float, bin_height: int) -> float:
    """Return how sharply ink and gaps alternate from line to line if the text is skewed by `angle`."""
    shifted = np.floor((rows - columns * np.tan(np.radians(angle))) / bin_height).astype(np.int64)
    counts = np.bincount(shifted - shifted.min()).astype(np.float64)
    return float(np.square(np.diff(counts)).sum())


def straighten(image: Image, degrees: float) -> Image:
    """Rotate an image back by its skew, about its centre, without growing it; the corners become paper."""
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    paper = tuple(int(level) for level in np.median(image[::8, ::8].reshape(-1, image.shape[2]), axis=0))
    rotated = cv2.warpAffine(
        image, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=paper
    )
    return np.asarray(rotated, dtype=np.uint8)
