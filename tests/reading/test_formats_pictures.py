"""Pictures of every kind come out as pages: upright, on white paper, in colours that a reader sees."""

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
from ingestion.domain.formats.images import BMP, GIF, HEIC, JPEG, PNG, TIFF, WEBP
from ingestion.domain.formats.intake import type_of
from ingestion.domain.ports import ReadingOptions
from tests.reading import papers

register_heif_opener()
KINDS = {WEBP: "WEBP", BMP: "BMP", GIF: "GIF", HEIC: "HEIF", PNG: "PNG", TIFF: "TIFF", JPEG: "JPEG"}


def saved(picture: Image.Image, media_type: str, path: Path, **options: object) -> Path:
    picture.save(path, KINDS[media_type], **options)
    return path


@pytest.mark.parametrize("media_type", [WEBP, BMP, GIF, HEIC])
def test_each_kind_is_told_by_its_bytes_and_read(
    reader: SandboxedPageReader, tmp_path: Path, media_type: str
) -> None:
    path = saved(papers.picture(), media_type, tmp_path / "scan.bin")
    assert type_of(path.read_bytes()[:4096], b"", "scan.bin", "") == media_type
    (page,) = reader.read(path, tmp_path, ReadingOptions(media_type))
    assert page.reading.text.splitlines() == list(papers.LINES)
    assert all(0.03 < word.bbox.x0 < word.bbox.x1 < 0.9 for word in page.reading.words)


@pytest.mark.parametrize("media_type", [GIF, WEBP, PNG])
def test_of_an_animation_the_first_picture_is_the_page(tmp_path: Path, media_type: str) -> None:
    first, rest = Image.new("RGB", (60, 40), "red"), Image.new("RGB", (60, 40), "blue")
    path = saved(first, media_type, tmp_path / "a", save_all=True, append_images=[rest] * 3)
    source = open_source(path, media_type)
    assert source.total == 1
    assert source.sheet(1).image[20, 30].argmax() == 0


def test_light_letters_on_a_dark_ground_are_read_as_print(reader: SandboxedPageReader, tmp_path: Path) -> None:
    path = saved(ImageOps.invert(papers.picture()), PNG, tmp_path / "a")
    (page,) = reader.read(path, tmp_path, ReadingOptions(PNG))
    assert page.reading.text.splitlines() == list(papers.LINES)
    assert page.reading.measures
    assert page.reading.measures.contrast > 0.9
    assert Image.open(page.image).convert("L").getpixel((3, 3)) < 20  # type: ignore[operator]  # shown as it is


def test_what_a_telephone_keeps_behind_its_photograph_is_no_page(tmp_path: Path) -> None:
    first, behind = Image.new("RGB", (60, 40), "red"), Image.new("L", (30, 20), "white")
    first.save(tmp_path / "a", "MPO", save_all=True, append_images=[behind])
    source = open_source(tmp_path / "a", JPEG)
    assert source.total == 1
    assert source.sheet(1).image[20, 30].argmax() == 0


@pytest.mark.parametrize("media_type", [WEBP, TIFF, PNG])
def test_a_picture_is_set_upright_by_its_orientation(tmp_path: Path, media_type: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = saved(papers.picture(), media_type, tmp_path / "a", exif=exif)
    assert open_source(path, media_type).sheet(1).image.shape[:2] == (520, 160)


def test_what_is_clear_becomes_paper(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (50, 30), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), (10, 10, 20, 20))
    for media_type in (WEBP, PNG, GIF):
        image = open_source(saved(clear, media_type, tmp_path / "a"), media_type).sheet(1).image
        assert image[2, 2].tolist() == [255, 255, 255]
        assert image[15, 15].max() < 40


def test_inks_and_deep_greys_keep_their_look(tmp_path: Path) -> None:
    inks = Image.new("CMYK", (40, 40), (0, 255, 255, 0))
    red = open_source(saved(inks, JPEG, tmp_path / "a.jpg", quality=95), JPEG).sheet(1).image[20, 20]
    assert red[0] > 180
    assert red[1:].max() < 80
    ramp = np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.uint16)
    deep = open_source(saved(Image.fromarray(ramp), PNG, tmp_path / "b.png"), PNG).sheet(1).image
    assert deep[0, 0].max() == 0
    assert deep[-1, -1].min() == 255
    assert 120 < deep[32, 0, 0] < 136


def claims(media_type: str, width: int, height: int) -> bytes:
    """Give a small picture whose head says that it is a huge one."""
    buffer = BytesIO()
    Image.new("RGB", (16, 16)).save(
        buffer, KINDS[media_type], **({"lossless": True} if media_type == WEBP else {})
    )
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
def test_one_that_claims_too_much_is_refused_by_its_head(tmp_path: Path, media_type: str, side: int) -> None:
    path = tmp_path / "a"
    path.write_bytes(claims(media_type, side, side))
    with pytest.raises(TooLarge):
        open_source(path, media_type)


@pytest.mark.parametrize("media_type", [WEBP, BMP, GIF, HEIC])
def test_one_cut_short_is_corrupt(tmp_path: Path, media_type: str) -> None:
    whole = saved(papers.picture(), media_type, tmp_path / "a").read_bytes()
    (tmp_path / "b").write_bytes(whole[: len(whole) // 3])
    with pytest.raises(CorruptFile):
        open_source(tmp_path / "b", media_type).sheet(1)


@pytest.mark.parametrize("lossless", [True, False])
def test_the_head_of_a_webp_tells_its_size(tmp_path: Path, *, lossless: bool) -> None:
    path = saved(Image.new("RGB", (123, 45)), WEBP, tmp_path / "a", lossless=lossless)
    assert webp_size(path) == (123, 45)
    path = saved(Image.new("RGBA", (321, 54)), WEBP, tmp_path / "b", save_all=True, append_images=[])
    assert webp_size(path) == (321, 54)


def test_letters_that_look_like_a_picture_are_none() -> None:
    assert type_of(b"BM is short for many things.", b"", "note.pdf", "") is None
    assert type_of(b"RIFF\x10\x00\x00\x00WAVEfmt ", b"", "a.webp", "") is None
