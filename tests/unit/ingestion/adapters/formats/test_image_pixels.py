"""Images of unusual pixels: not square, of 16 bits, with zero as white, in the colours of print."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingestion.adapters.formats.open_file import open_source
from ingestion.adapters.formats.page_source import MAX_PIXELS
from ingestion.domain.formats.entries.pictures import JPEG, PNG, TIFF
from tests.support import page_files


@pytest.mark.parametrize(
    ("dpi", "shape"),
    [
        ((204, 98), (208, 100)),
        ((98, 204), (100, 208)),
        ((204, 196), (100, 100)),
        ((200, 200), (100, 100)),
        ((300, 1), (100, 100)),
        ((1, 0), (100, 100)),
    ],
)
def test_picture_with_resolution_has_square_pixels(
    tmp_path: Path, dpi: tuple[int, int], shape: tuple[int, int]
) -> None:
    Image.new("1", (100, 100), 1).save(tmp_path / "a.tif", compression="group4", dpi=dpi)
    assert open_source(tmp_path / "a.tif", TIFF).source_page(1).image.shape[:2] == shape


def test_fax_keeps_orientation_and_print(tmp_path: Path) -> None:
    flat = Image.new("1", (100, 50), 1)
    flat.paste(0, (10, 10, 40, 15))
    flat.save(tmp_path / "a.tif", compression="group4", dpi=(204, 98), tiffinfo={274: 6})
    page = open_source(tmp_path / "a.tif", TIFF).source_page(1)
    assert page.image.shape[:2] == (100, 104)  # as wide as the fax is high
    assert page.dpi == 204
    rows, columns = np.nonzero(page.image[..., 0] < 128)
    assert (rows.max() - rows.min() + 1, columns.max() - columns.min() + 1) == (30, pytest.approx(10, abs=1))


def test_large_fax_stays_within_bounds(tmp_path: Path) -> None:
    Image.new("1", (6000, 6000), 1).save(tmp_path / "a.tif", compression="group4", dpi=(204, 98))
    height, width = open_source(tmp_path / "a.tif", TIFF).source_page(1).image.shape[:2]
    assert height * width <= MAX_PIXELS
    assert height / width == pytest.approx(204 / 98, rel=0.01)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("photometric", [0, 1])
def test_deep_tiff_shows_dark_print_on_light_paper(tmp_path: Path, order: str, photometric: int) -> None:
    levels = np.full((40, 60), 60_000, np.uint16)
    levels[10:20, 10:30] = 500
    stored = levels if photometric else np.uint16(65_535) - levels
    path = page_files.tiff_of_16_bits(tmp_path / "a.tif", stored, order=order, photometric=photometric)
    image = open_source(path, TIFF).source_page(1).image
    assert image[0, 0].min() > 200
    assert image[15, 15].max() < 20


@pytest.mark.parametrize("mode", ["1", "L"])
def test_shallow_tiff_with_zero_as_white_is_no_negative(tmp_path: Path, mode: str) -> None:
    picture = Image.new(mode, (60, 40), 0)
    picture.paste(255, (10, 10, 30, 20))
    picture.save(tmp_path / "a.tif", tiffinfo={262: 0})
    with Image.open(tmp_path / "a.tif") as stored:
        assert stored.tag_v2[262] == 0  # type: ignore[attr-defined]
    image = open_source(tmp_path / "a.tif", TIFF).source_page(1).image
    assert (int(image[0, 0, 0]), int(image[15, 15, 0])) == (0, 255)


@pytest.mark.parametrize(("kind", "media_type"), [("TIFF", TIFF), ("JPEG", JPEG)])
def test_print_colours_become_screen_colours(tmp_path: Path, kind: str, media_type: str) -> None:
    picture = Image.new("CMYK", (64, 48), (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (8, 8, 32, 24))
    picture.paste((0, 255, 255, 0), (40, 8, 64, 24))
    picture.save(tmp_path / "a", kind)
    image = open_source(tmp_path / "a", media_type).source_page(1).image.astype(int)
    assert image[0, 0].min() > 240
    assert image[16, 16].max() < 16
    assert (image[16, 52] > 200).tolist() == [True, False, False]


def test_png_with_two_resolutions_has_square_pixels(tmp_path: Path) -> None:
    Image.new("L", (100, 100), 255).save(tmp_path / "a.png", dpi=(200, 100))
    assert open_source(tmp_path / "a.png", PNG).source_page(1).image.shape[:2] == (200, 100)
