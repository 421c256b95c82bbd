"""Files open as pages, rendered with boxes that match the print, or are refused with a typed error."""

from pathlib import Path

import numpy as np
import pymupdf
import pytest
from PIL import Image

from ingestion.adapters.formats.open_file import open_source
from ingestion.adapters.formats.page_source import MAX_PIXELS, SourcePage
from ingestion.adapters.vision.raster import measure
from ingestion.domain.errors import (
    CorruptFile,
    EmptyFile,
    NeedsPassword,
    ReadingError,
    TooLarge,
    UnsupportedFile,
    WrongPassword,
)
from ingestion.domain.formats.entries.pdf import PDF
from ingestion.domain.formats.entries.pictures import JPEG, PNG, TIFF
from tests.support import page_files


def ink_in_boxes(sheet: SourcePage) -> float:
    """Return the share of the page's dark pixels that the text layer's boxes cover."""
    assert sheet.layer is not None
    dark = sheet.image.min(axis=2) < 128
    covered = np.zeros_like(dark)
    height, width = dark.shape
    for word in sheet.layer.words:
        box = word.bbox
        rows = slice(int(box.y0 * height), int(box.y1 * height) + 1)
        covered[rows, int(box.x0 * width) : int(box.x1 * width) + 1] = True
    return float((dark & covered).sum() / dark.sum())


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_pdf_words_lie_on_print_at_every_rotation(tmp_path: Path, rotation: int) -> None:
    sheet = open_source(page_files.native_pdf(tmp_path / "a.pdf", rotation=rotation), PDF).source_page(1)
    assert sheet.layer is not None
    assert [word.text for word in sheet.layer.words] == " ".join(page_files.LINES).split()
    assert ink_in_boxes(sheet) > 0.99


def test_pdf_crop_box_shifts_words(tmp_path: Path) -> None:
    path = page_files.native_pdf(tmp_path / "a.pdf")
    document = pymupdf.open(path)
    document[0].set_cropbox(pymupdf.Rect(60, 80, 400, 300))
    document.save(tmp_path / "b.pdf")
    sheet = open_source(tmp_path / "b.pdf", PDF).source_page(1)
    assert ink_in_boxes(sheet) > 0.99


def test_pdf_words_outside_crop_box_are_dropped(tmp_path: Path) -> None:
    path = page_files.native_pdf(tmp_path / "a.pdf")
    document = pymupdf.open(path)
    document[0].set_cropbox(pymupdf.Rect(60, 80, 400, 110))
    document.save(tmp_path / "b.pdf")
    layer = open_source(tmp_path / "b.pdf", PDF).source_page(1).layer
    assert layer is not None
    assert "December" not in [word.text for word in layer.words]


def test_pdf_hidden_text_is_counted(tmp_path: Path) -> None:
    path = page_files.scanned_pdf(tmp_path / "a.pdf", page_files.text_image(), hidden_text="nobody sees this")
    sheet = open_source(path, PDF).source_page(1)
    assert sheet.scanned
    assert sheet.dpi == pytest.approx(144, rel=0.02)
    assert sheet.layer is not None
    assert sheet.layer.hidden == 1.0


@pytest.mark.parametrize(
    ("content", "media_type", "kind"),
    [
        (b"", PDF, EmptyFile),
        (b"", PNG, EmptyFile),
        (b"this is a letter, not a PDF", PDF, CorruptFile),
        (b"<html><body>opened by MuPDF if one lets it</body></html>", PDF, CorruptFile),
        (b"%PDF-1.7\n" + b"nothing follows " * 20, PDF, ReadingError),
        (b"\x89PNG\r\n\x1a\n cut off", PNG, CorruptFile),
        (b"\xff\xd8\xff\xe0 cut off", JPEG, CorruptFile),
        (b"II*\x00\x08\x00\x00\x00", TIFF, CorruptFile),
        (b"\xff\xd8\xff\xe0 a JPEG", PNG, CorruptFile),
        (b"a model of nothing", "model/gltf+json", UnsupportedFile),
    ],
)
def test_open_source_invalid_file_raises_typed_error(
    tmp_path: Path, content: bytes, media_type: str, kind: type[ReadingError]
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(kind):
        open_source(path, media_type).source_page(1)


def test_pdf_user_password_is_required_but_owner_password_is_not(tmp_path: Path) -> None:
    locked = page_files.encrypted_pdf(tmp_path / "a.pdf", user="secret")
    with pytest.raises(NeedsPassword) as asked:
        open_source(locked, PDF)
    assert asked.value.code == "needs_password"
    with pytest.raises(WrongPassword):
        open_source(locked, PDF, "guess")
    assert open_source(locked, PDF, "secret").page_count == 1
    assert open_source(page_files.encrypted_pdf(tmp_path / "b.pdf"), PDF).page_count == 1


def test_image_with_excessive_claimed_size_is_refused(tmp_path: Path) -> None:
    path = page_files.png_with_false_size(tmp_path / "a.png", 50_000, 50_000)
    with pytest.raises(TooLarge) as refused:
        open_source(path, PNG)
    assert refused.value.code == "too_large"


def test_image_truncated_file_is_corrupt(tmp_path: Path) -> None:
    whole = tmp_path / "a.jpg"
    page_files.text_image().save(whole)
    half = tmp_path / "b.jpg"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 3])
    with pytest.raises(CorruptFile):
        open_source(half, JPEG).source_page(1)


def test_image_large_file_is_reduced_to_pixel_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("L", (8000, 6000), "white").save(path)
    image = open_source(path, PNG).source_page(1).image
    assert 0.9 * MAX_PIXELS < image.shape[0] * image.shape[1] <= MAX_PIXELS


def test_image_exif_orientation_is_applied(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    page_files.text_image().save(path, exif=exif)
    assert open_source(path, JPEG).source_page(1).image.shape[:2] == (520, 160)


def test_tiff_every_frame_is_a_page(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    first, *rest = [page_files.text_image((f"page {n}",)).convert("1") for n in range(3)]
    first.save(path, save_all=True, append_images=rest, dpi=(300, 300))
    source = open_source(path, TIFF)
    assert source.page_count == 3
    sheets = [source.source_page(number) for number in (3, 1, 2)]
    assert all(sheet.dpi == 300 for sheet in sheets)
    assert not np.array_equal(sheets[0].image, sheets[1].image)


@pytest.mark.parametrize(("mode", "value"), [("I;16", 65535), ("RGBA", (0, 0, 0, 0)), ("CMYK", (0, 0, 0, 0)), ("P", 0)])
def test_image_every_pixel_mode_becomes_rgb(tmp_path: Path, mode: str, value: int | tuple[int, ...]) -> None:
    path = tmp_path / "a.tif"
    blank = Image.new(mode, (40, 40), value)
    if mode == "P":
        blank.putpalette([255] * 768)
    blank.save(path)
    image = open_source(path, TIFF).source_page(1).image
    assert image.shape == (40, 40, 3)
    assert image.min() == 255


@pytest.mark.parametrize("turn", [-4.0, 0.0, 2.5])
def test_measure_skew_is_clockwise(turn: float) -> None:
    image = np.asarray(page_files.text_image(page_files.LINES * 3, size=(700, 420), turn=turn))
    assert measure(image, 150).skew_degrees == pytest.approx(turn, abs=0.3)


def test_measure_distinguishes_sharpness_and_contrast() -> None:
    sharp = page_files.text_image()
    small = sharp.resize((65, 20)).resize(sharp.size, Image.Resampling.BICUBIC)
    pale = Image.blend(sharp, Image.new("RGB", sharp.size, "white"), 0.8)
    blank = measure(np.full((200, 200, 3), 255, np.uint8), 150)
    assert measure(np.asarray(sharp), 150).sharpness > 5 * measure(np.asarray(small), 150).sharpness
    assert measure(np.asarray(sharp), 150).contrast > 0.9
    assert measure(np.asarray(pale), 150).contrast < 0.3
    assert (blank.ink, blank.ink_at_edge, blank.skew_degrees) == (0, 0, 0)
