"""Page images: two sizes, grey for grey pages, lossless for digital pages."""

import io
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from ingestion.adapters.vision.raster import (
    DISPLAY_LONG_SIDE,
    THUMBNAIL_WIDTH,
    GreyHistogram,
    Image,
    encode_for_display,
    is_grey,
    measure,
    shrink,
    shrink_by_factor,
    thumbnail_size,
    to_grey,
)


def scanned_page(width: int = 2480, height: int = 3508, colour: tuple[int, int, int] = (20, 20, 20)) -> Image:
    """Return a scanned A4 page at 300 dpi: slightly uneven paper with some print."""
    grain = np.random.default_rng(7).integers(236, 252, (height, width, 1), dtype=np.uint8)
    page = np.repeat(grain, 3, axis=2)
    page[height // 4 : height // 3, width // 8 : width // 2] = colour
    return page


def decoded(content: bytes) -> Pillow.Image:
    """Decode an image."""
    picture = Pillow.open(io.BytesIO(content))
    picture.load()
    return picture


def test_page_image_of_grey_scan_is_grey_jpeg() -> None:
    """A third of the bytes of a colour image, at the size of A4 at 150 dpi."""
    shown = encode_for_display(scanned_page(), lossless=False)
    picture = decoded(shown.image)
    assert (shown.image_type, picture.format, picture.mode) == ("image/jpeg", "JPEG", "L")
    assert picture.size == (shown.width, shown.height) == (1240, DISPLAY_LONG_SIDE)


def test_page_image_of_colour_scan_keeps_colour() -> None:
    """People judge stamps and signatures by their colour."""
    picture = decoded(encode_for_display(scanned_page(colour=(200, 30, 40)), lossless=False).image)
    red, green, _ = picture.getpixel((300, 500))  # type: ignore[misc]  # RGB, or this fails
    assert red > 150 > 100 > green


def test_page_image_of_digital_page_is_lossless_webp() -> None:
    """The WebP pixels equal the rendered ones."""
    page = scanned_page(1240, 1754, colour=(10, 40, 200))
    shown = encode_for_display(page, lossless=True)
    picture = decoded(shown.image)
    assert (shown.image_type, picture.format) == ("image/webp", "WEBP")
    assert np.array_equal(np.asarray(picture.convert("RGB")), shrink(page, DISPLAY_LONG_SIDE))


def test_page_image_small_page_is_not_enlarged() -> None:
    """Enlarging would show no more detail."""
    shown = encode_for_display(scanned_page(600, 800), lossless=False)
    assert (shown.width, shown.height) == (600, 800)


@pytest.mark.parametrize("lossless", [True, False])
def test_thumbnail_is_small_jpeg_of_same_page(lossless: bool) -> None:
    """200 pixels wide for any page image, with the same grey values."""
    thumbnail = decoded(encode_for_display(scanned_page(), lossless=lossless).thumbnail)
    assert (thumbnail.format, thumbnail.mode, thumbnail.size) == ("JPEG", "L", (THUMBNAIL_WIDTH, 283))


@pytest.mark.parametrize(("width", "height"), [(1, 20_000), (40, 20_000), (20_000, 1), (1, 1)])
def test_thumbnail_of_long_strip_is_bounded(width: int, height: int) -> None:
    """No thumbnail is higher than the page image, and each can be decoded."""
    shown = encode_for_display(np.full((height, width, 3), 255, np.uint8), lossless=False)
    thumbnail = decoded(shown.thumbnail)
    assert thumbnail.size == thumbnail_size(shown.width, shown.height)
    assert max(thumbnail.size) <= DISPLAY_LONG_SIDE


@pytest.mark.parametrize("share", [0.0, 0.005, 0.05, 0.5, 0.95, 0.995, 1.0])
@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (400, 301)])
def test_levels_equal_numpy_percentiles(share: float, shape: tuple[int, int]) -> None:
    """Also for percentiles between two pixels."""
    grey = np.random.default_rng(5).integers(0, 256, shape, dtype=np.uint8)
    assert GreyHistogram.of(grey).at(share) == pytest.approx(float(np.percentile(grey, 100 * share)))


@pytest.mark.parametrize(("side", "expected"), [(100, (75, 100)), (99, (37, 50)), (30, (18, 25))])
def test_reduced_image_has_mean_of_pixels(side: int, expected: tuple[int, int]) -> None:
    """No larger than requested, each pixel the mean of the ones it replaces."""
    page = np.random.default_rng(6).integers(0, 256, (75, 100, 3), dtype=np.uint8)
    small = shrink_by_factor(page, side)
    assert small.shape[:2] == expected
    factor = 100 // expected[1]
    assert small[3, 4] == pytest.approx(
        page[3 * factor : 4 * factor, 4 * factor : 5 * factor].mean(axis=(0, 1)), abs=0.6
    )


def test_is_grey_page_with_coloured_stamp_is_not_grey() -> None:
    """A hundredth of the area is enough."""
    page = scanned_page()
    assert is_grey(page)
    page[100:500, 100:500] = (200, 30, 40)
    assert not is_grey(page)


def test_measure_skew_is_skipped_on_request() -> None:
    """All other measures are the same."""
    page = scanned_page(600, 800)
    leaning, level = measure(page, 150), measure(page, 150, with_skew=False)
    assert level == replace(leaning, skew_degrees=0.0)
    assert leaning.sharpness == pytest.approx(float(cv2.Laplacian(to_grey(page), cv2.CV_64F).var()))
