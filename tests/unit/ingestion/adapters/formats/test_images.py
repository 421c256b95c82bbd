"""Images of every kind become pages: upright, on white paper, in visible colours."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from ingestion.adapters.formats.image.webp import webp_size
from ingestion.adapters.formats.open_file import open_source
from ingestion.adapters.reader.page_reader import SandboxedPageReader
from ingestion.domain.errors import CorruptFile, TooLarge
from ingestion.domain.formats.entries.pictures import BMP, GIF, HEIC, JPEG, PNG, TIFF, WEBP
from ingestion.domain.formats.intake import detect_media_type
from ingestion.domain.ports import ReadingOptions
from tests.support import page_files

register_heif_opener()
KINDS = {WEBP: "WEBP", BMP: "BMP", GIF: "GIF", HEIC: "HEIF", PNG: "PNG", TIFF: "TIFF", JPEG: "JPEG"}


def encoded(picture: Image.Image, media_type: str, path: Path, **options: object) -> Path:
    picture.save(path, KINDS[media_type], **options)
    return path


@pytest.mark.parametrize("media_type", [WEBP, BMP, GIF, HEIC])
def test_image_type_is_detected_and_image_is_read(reader: SandboxedPageReader, tmp_path: Path, media_type: str) -> None:
    path = encoded(page_files.text_image(), media_type, tmp_path / "scan.bin")
    assert detect_media_type(path.read_bytes()[:4096], b"", "scan.bin", "") == media_type
    (page,) = reader.read(path, tmp_path, ReadingOptions(media_type))
    assert page.reading.text.splitlines() == list(page_files.LINES)
    assert all(0.03 < word.bbox.x0 < word.bbox.x1 < 0.9 for word in page.reading.words)


@pytest.mark.parametrize("media_type", [GIF, WEBP, PNG])
def test_animation_first_frame_is_the_page(tmp_path: Path, media_type: str) -> None:
    first, rest = Image.new("RGB", (60, 40), "red"), Image.new("RGB", (60, 40), "blue")
    path = encoded(first, media_type, tmp_path / "a", save_all=True, append_images=[rest] * 3)
    source = open_source(path, media_type)
    assert source.page_count == 1
    assert source.source_page(1).image[20, 30].argmax() == 0


def test_light_print_on_dark_ground_is_read(reader: SandboxedPageReader, tmp_path: Path) -> None:
    path = encoded(ImageOps.invert(page_files.text_image()), PNG, tmp_path / "a")
    (page,) = reader.read(path, tmp_path, ReadingOptions(PNG))
    assert page.reading.text.splitlines() == list(page_files.LINES)
    assert page.reading.measures
    assert page.reading.measures.contrast > 0.9
    assert Image.open(page.image).convert("L").getpixel((3, 3)) < 20  # type: ignore[operator]  # shown as it is


def test_secondary_phone_image_is_not_a_page(tmp_path: Path) -> None:
    first, behind = Image.new("RGB", (60, 40), "red"), Image.new("L", (30, 20), "white")
    first.save(tmp_path / "a", "MPO", save_all=True, append_images=[behind])
    source = open_source(tmp_path / "a", JPEG)
    assert source.page_count == 1
    assert source.source_page(1).image[20, 30].argmax() == 0


@pytest.mark.parametrize("media_type", [WEBP, TIFF, PNG])
def test_image_exif_orientation_is_applied(tmp_path: Path, media_type: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = encoded(page_files.text_image(), media_type, tmp_path / "a", exif=exif)
    assert open_source(path, media_type).source_page(1).image.shape[:2] == (520, 160)


def test_transparency_becomes_white(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (50, 30), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), (10, 10, 20, 20))
    for media_type in (WEBP, PNG, GIF):
        image = open_source(encoded(clear, media_type, tmp_path / "a"), media_type).source_page(1).image
        assert image[2, 2].tolist() == [255, 255, 255]
        assert image[15, 15].max() < 40


def test_cmyk_and_deep_grey_keep_their_look(tmp_path: Path) -> None:
    inks = Image.new("CMYK", (40, 40), (0, 255, 255, 0))
    red = open_source(encoded(inks, JPEG, tmp_path / "a.jpg", quality=95), JPEG).source_page(1).image[20, 20]
    assert red[0] > 180
    assert red[1:].max() < 80
    ramp = np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.uint16)
    deep = open_source(encoded(Image.fromarray(ramp), PNG, tmp_path / "b.png"), PNG).source_page(1).image
    assert deep[0, 0].max() == 0
    assert deep[-1, -1].min() == 255
    assert 120 < deep[32, 0, 0] < 136


def image_with_false_size(media_type: str, width: int, height: int) -> bytes:
    """Return a small image whose header declares a huge one."""
    buffer = BytesIO()
    Image.new("RGB", (16, 16)).save(buffer, KINDS[media_type], **({"lossless": True} if media_type == WEBP else {}))
    content = bytearray(buffer.getvalue())
    if media_type == WEBP:
        sides = (width - 1) | (height - 1) << 14
        content[21:25] = sides.to_bytes(4, "little")
    elif media_type == BMP:
        content[18:26] = width.to_bytes(4, "little") + height.to_bytes(4, "little")
    else:
        content[6:10] = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    return bytes(content)


@pytest.mark.parametrize(("media_type", "side"), [(WEBP, 16_000), (BMP, 100_000), (GIF, 60_000)])
def test_image_with_excessive_claimed_size_is_refused(tmp_path: Path, media_type: str, side: int) -> None:
    path = tmp_path / "a"
    path.write_bytes(image_with_false_size(media_type, side, side))
    with pytest.raises(TooLarge):
        open_source(path, media_type)


@pytest.mark.parametrize("media_type", [WEBP, BMP, GIF, HEIC])
def test_truncated_image_is_corrupt(tmp_path: Path, media_type: str) -> None:
    whole = encoded(page_files.text_image(), media_type, tmp_path / "a").read_bytes()
    (tmp_path / "b").write_bytes(whole[: len(whole) // 3])
    with pytest.raises(CorruptFile):
        open_source(tmp_path / "b", media_type).source_page(1)


@pytest.mark.parametrize("lossless", [True, False])
def test_webp_size_is_read_from_header(tmp_path: Path, *, lossless: bool) -> None:
    path = encoded(Image.new("RGB", (123, 45)), WEBP, tmp_path / "a", lossless=lossless)
    assert webp_size(path) == (123, 45)
    path = encoded(Image.new("RGBA", (321, 54)), WEBP, tmp_path / "b", save_all=True, append_images=[])
    assert webp_size(path) == (321, 54)


def test_text_resembling_image_signature_is_not_image() -> None:
    assert detect_media_type(b"BM is short for many things.", b"", "note.pdf", "") is None
    assert detect_media_type(b"RIFF\x10\x00\x00\x00WAVEfmt ", b"", "a.webp", "") is None
