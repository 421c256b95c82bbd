"""Pages as they are shown: two sizes, grey where the page is grey, without loss where it was born digital."""

import io

import numpy as np
import pytest
from PIL import Image as Pillow

from ingestion.adapters.raster import SHOWN_LONG_SIDE, THUMBNAIL_WIDTH, Image, show, shrink, thumbnail_size


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
