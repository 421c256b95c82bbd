"""Pages as they are shown: two sizes, grey where the page is grey, without loss where it was born digital."""

import io
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from ingestion.adapters.vision.raster import (
    SHOWN_LONG_SIDE,
    THUMBNAIL_WIDTH,
    Image,
    Levels,
    is_grey,
    measure,
    reduced,
    show,
    shrink,
    thumbnail_size,
    to_grey,
)


def sheet(width: int = 2480, height: int = 3508, colour: tuple[int, int, int] = (20, 20, 20)) -> Image:
    """Give a scanned A4 at 300 dpi: paper that is not quite even, with something printed on it."""
    grain = np.random.default_rng(7).integers(236, 252, (height, width, 1), dtype=np.uint8)
    page = np.repeat(grain, 3, axis=2)
    page[height // 4 : height // 3, width // 8 : width // 2] = colour
    return page


def opened(content: bytes) -> Pillow.Image:
    """Decode."""
    picture = Pillow.open(io.BytesIO(content))
    picture.load()
    return picture


def test_a_grey_scan_is_a_grey_jpeg() -> None:
    """A third of the bytes of a coloured one, at the size of A4 at 150 dpi."""
    shown = show(sheet(), lossless=False)
    picture = opened(shown.image)
    assert (shown.image_type, picture.format, picture.mode) == ("image/jpeg", "JPEG", "L")
    assert picture.size == (shown.width, shown.height) == (1240, SHOWN_LONG_SIDE)


def test_a_scan_in_colour_keeps_it() -> None:
    """Stamps and signatures are judged by it."""
    picture = opened(show(sheet(colour=(200, 30, 40)), lossless=False).image)
    red, green, _ = picture.getpixel((300, 500))  # type: ignore[misc]  # RGB, or this fails
    assert red > 150 > 100 > green


def test_what_was_born_digital_is_shown_without_loss() -> None:
    """Pixel for pixel what was rendered, as WebP."""
    page = sheet(1240, 1754, colour=(10, 40, 200))
    shown = show(page, lossless=True)
    picture = opened(shown.image)
    assert (shown.image_type, picture.format) == ("image/webp", "WEBP")
    assert np.array_equal(np.asarray(picture.convert("RGB")), shrink(page, SHOWN_LONG_SIDE))


def test_a_small_picture_is_not_enlarged() -> None:
    """Nothing would be seen better."""
    shown = show(sheet(600, 800), lossless=False)
    assert (shown.width, shown.height) == (600, 800)


@pytest.mark.parametrize("lossless", [True, False])
def test_the_thumbnail_is_a_small_jpeg_of_the_same_page(lossless: bool) -> None:
    """200 pixels wide, whatever the picture is, with the same grey."""
    thumbnail = opened(show(sheet(), lossless=lossless).thumbnail)
    assert (thumbnail.format, thumbnail.mode, thumbnail.size) == ("JPEG", "L", (THUMBNAIL_WIDTH, 283))


@pytest.mark.parametrize(("width", "height"), [(1, 20_000), (40, 20_000), (20_000, 1), (1, 1)])
def test_strips_have_thumbnails_too(width: int, height: int) -> None:
    """None is higher than the page is shown, and each can be decoded."""
    shown = show(np.full((height, width, 3), 255, np.uint8), lossless=False)
    thumbnail = opened(shown.thumbnail)
    assert thumbnail.size == thumbnail_size(shown.width, shown.height)
    assert max(thumbnail.size) <= SHOWN_LONG_SIDE


@pytest.mark.parametrize("share", [0.0, 0.005, 0.05, 0.5, 0.95, 0.995, 1.0])
@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (400, 301)])
def test_a_level_is_the_percentile_that_numpy_gives(share: float, shape: tuple[int, int]) -> None:
    """Between two pixels as well."""
    grey = np.random.default_rng(5).integers(0, 256, shape, dtype=np.uint8)
    assert Levels.of(grey).at(share) == pytest.approx(float(np.percentile(grey, 100 * share)))


@pytest.mark.parametrize(("side", "expected"), [(100, (75, 100)), (99, (37, 50)), (30, (18, 25))])
def test_a_picture_is_reduced_to_a_whole_fraction(side: int, expected: tuple[int, int]) -> None:
    """No longer than asked for, every pixel the mean of those that it stands for."""
    page = np.random.default_rng(6).integers(0, 256, (75, 100, 3), dtype=np.uint8)
    small = reduced(page, side)
    assert small.shape[:2] == expected
    factor = 100 // expected[1]
    assert small[3, 4] == pytest.approx(
        page[3 * factor : 4 * factor, 4 * factor : 5 * factor].mean(axis=(0, 1)), abs=0.6
    )


def test_a_page_with_one_coloured_stamp_is_not_grey() -> None:
    """A hundredth of it is enough."""
    page = sheet()
    assert is_grey(page)
    page[100:500, 100:500] = (200, 30, 40)
    assert not is_grey(page)


def test_lines_are_looked_for_only_where_asked() -> None:
    """All other measures are the same."""
    page = sheet(600, 800)
    leaning, level = measure(page, 150), measure(page, 150, leaning=False)
    assert level == replace(leaning, skew_degrees=0.0)
    assert leaning.sharpness == pytest.approx(float(cv2.Laplacian(to_grey(page), cv2.CV_64F).var()))
