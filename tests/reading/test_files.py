"""Files open as sheets: rendered, with boxes that lie on the print, or refused by type."""

from pathlib import Path

import numpy as np
import pymupdf
import pytest
from PIL import Image

from ingestion.adapters.formats.open_file import open_source
from ingestion.adapters.formats.page_source import PIXELS_TO, Sheet
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
from ingestion.domain.formats.images import JPEG, PNG, TIFF
from ingestion.domain.formats.intake import PDF
from tests.reading import papers


def ink_in_boxes(sheet: Sheet) -> float:
    """Give the share of the page's dark pixels that the text layer's boxes cover."""
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
def test_native_words_lie_on_their_print_however_the_page_is_turned(tmp_path: Path, rotation: int) -> None:
    sheet = open_source(papers.native_pdf(tmp_path / "a.pdf", rotation=rotation), PDF).sheet(1)
    assert sheet.layer is not None
    assert [word.text for word in sheet.layer.words] == " ".join(papers.LINES).split()
    assert ink_in_boxes(sheet) > 0.99


def test_a_crop_box_moves_the_words_with_the_page(tmp_path: Path) -> None:
    path = papers.native_pdf(tmp_path / "a.pdf")
    document = pymupdf.open(path)
    document[0].set_cropbox(pymupdf.Rect(60, 80, 400, 300))
    document.save(tmp_path / "b.pdf")
    sheet = open_source(tmp_path / "b.pdf", PDF).sheet(1)
    assert ink_in_boxes(sheet) > 0.99


def test_words_beside_the_page_are_not_on_it(tmp_path: Path) -> None:
    path = papers.native_pdf(tmp_path / "a.pdf")
    document = pymupdf.open(path)
    document[0].set_cropbox(pymupdf.Rect(60, 80, 400, 110))
    document.save(tmp_path / "b.pdf")
    layer = open_source(tmp_path / "b.pdf", PDF).sheet(1).layer
    assert layer is not None
    assert "December" not in [word.text for word in layer.words]


def test_hidden_text_is_counted(tmp_path: Path) -> None:
    path = papers.scanned_pdf(tmp_path / "a.pdf", papers.picture(), hidden_text="nobody sees this")
    sheet = open_source(path, PDF).sheet(1)
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
def test_what_cannot_be_opened_is_refused_by_type(
    tmp_path: Path, content: bytes, media_type: str, kind: type[ReadingError]
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(kind):
        open_source(path, media_type).sheet(1)


def test_a_user_password_is_asked_for_and_an_owner_password_is_not(tmp_path: Path) -> None:
    locked = papers.encrypted_pdf(tmp_path / "a.pdf", user="secret")
    with pytest.raises(NeedsPassword) as asked:
        open_source(locked, PDF)
    assert asked.value.code == "needs_password"
    with pytest.raises(WrongPassword):
        open_source(locked, PDF, "guess")
    assert open_source(locked, PDF, "secret").total == 1
    assert open_source(papers.encrypted_pdf(tmp_path / "b.pdf"), PDF).total == 1


def test_a_picture_that_claims_too_much_is_refused_by_its_header(tmp_path: Path) -> None:
    path = papers.png_that_claims(tmp_path / "a.png", 50_000, 50_000)
    with pytest.raises(TooLarge) as refused:
        open_source(path, PNG)
    assert refused.value.code == "too_large"


def test_a_picture_cut_short_is_corrupt(tmp_path: Path) -> None:
    whole = tmp_path / "a.jpg"
    papers.picture().save(whole)
    half = tmp_path / "b.jpg"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 3])
    with pytest.raises(CorruptFile):
        open_source(half, JPEG).sheet(1)


def test_a_large_picture_is_reduced_to_the_pixels_allowed(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("L", (8000, 6000), "white").save(path)
    image = open_source(path, PNG).sheet(1).image
    assert 0.9 * PIXELS_TO < image.shape[0] * image.shape[1] <= PIXELS_TO


def test_a_photo_is_set_upright_by_its_orientation(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    papers.picture().save(path, exif=exif)
    assert open_source(path, JPEG).sheet(1).image.shape[:2] == (520, 160)


def test_every_frame_of_a_tiff_is_a_page(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    first, *rest = [papers.picture((f"page {n}",)).convert("1") for n in range(3)]
    first.save(path, save_all=True, append_images=rest, dpi=(300, 300))
    source = open_source(path, TIFF)
    assert source.total == 3
    sheets = [source.sheet(number) for number in (3, 1, 2)]
    assert all(sheet.dpi == 300 for sheet in sheets)
    assert not np.array_equal(sheets[0].image, sheets[1].image)


@pytest.mark.parametrize(
    ("mode", "value"), [("I;16", 65535), ("RGBA", (0, 0, 0, 0)), ("CMYK", (0, 0, 0, 0)), ("P", 0)]
)
def test_every_kind_of_pixel_becomes_rgb(tmp_path: Path, mode: str, value: int | tuple[int, ...]) -> None:
    path = tmp_path / "a.tif"
    blank = Image.new(mode, (40, 40), value)
    if mode == "P":
        blank.putpalette([255] * 768)
    blank.save(path)
    image = open_source(path, TIFF).sheet(1).image
    assert image.shape == (40, 40, 3)
    assert image.min() == 255


@pytest.mark.parametrize("turn", [-4.0, 0.0, 2.5])
def test_skew_is_measured_clockwise(turn: float) -> None:
    image = np.asarray(papers.picture(papers.LINES * 3, size=(700, 420), turn=turn))
    assert measure(image, 150).skew_degrees == pytest.approx(turn, abs=0.3)


def test_measures_tell_sharp_from_blurred_and_dark_from_pale() -> None:
    sharp = papers.picture()
    small = sharp.resize((65, 20)).resize(sharp.size, Image.Resampling.BICUBIC)
    pale = Image.blend(sharp, Image.new("RGB", sharp.size, "white"), 0.8)
    blank = measure(np.full((200, 200, 3), 255, np.uint8), 150)
    assert measure(np.asarray(sharp), 150).sharpness > 5 * measure(np.asarray(small), 150).sharpness
    assert measure(np.asarray(sharp), 150).contrast > 0.9
    assert measure(np.asarray(pale), 150).contrast < 0.3
    assert (blank.ink, blank.ink_at_edge, blank.skew_degrees) == (0, 0, 0)
