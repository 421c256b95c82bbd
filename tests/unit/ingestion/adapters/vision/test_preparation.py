"""Preparation of pages for OCR: straightened, cropped, and scaled to a legible print size."""

from random import Random

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from ingestion.adapters.ocr.ppocr.engine import PpOcrEngine
from ingestion.adapters.vision.line_strips import LINE_HEIGHT, paste_lines
from ingestion.adapters.vision.preprocessing import (
    X_HEIGHT,
    crop_to,
    enlargement,
    even_lighting,
    rescale,
    text_frame,
    to_full_image,
)
from ingestion.adapters.vision.raster import dark_on_light, measure, skew, straighten, to_grey
from ingestion.domain.ocr.agreement import OcrWord
from refinery.core.types import BoundingBox
from tests.support import page_files

Image = npt.NDArray[np.uint8]


def printed_page(*, turn: float = 0.0, seed: int = 1, noise: float = 4.0) -> Image:
    """Draw a page of ragged lines, rotated clockwise by some degrees, with scanner noise."""
    random = Random(seed)  # noqa: S311 - the same page every time
    paper = Pillow.new("RGB", (1000, 1400), "white")
    pen, font = ImageDraw.Draw(paper), ImageFont.load_default(22)
    for row in range(28):
        words = [
            "".join(random.choices("abcdefghilmnoprstu", k=random.randint(2, 9))) for _ in range(random.randint(3, 8))
        ]
        pen.text((140, 160 + 38 * row), " ".join(words), fill="black", font=font)
    turned = paper.rotate(-turn, fillcolor="white", resample=Pillow.Resampling.BICUBIC)
    grain = np.random.default_rng(seed).normal(0, noise, (1400, 1000, 1))
    return np.clip(np.asarray(turned, dtype=np.float64) + grain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("turn", [-10.0, -7.3, -3.1, -1.0, -0.4, 0.0, 0.4, 1.7, 2.6, 5.2, 8.8, 10.0])
def test_skew_is_measured_within_three_tenths_of_a_degree(turn: float) -> None:
    page = printed_page(turn=turn, seed=round(turn * 10) + 200)
    found = skew(to_grey(page))
    assert found == pytest.approx(turn, abs=0.3)
    assert skew(to_grey(straighten(page, found))) == pytest.approx(0.0, abs=0.3)


@pytest.mark.parametrize("turn", [-6.0, 0.0, 3.5])
@pytest.mark.parametrize("quarters", [1, 3])
def test_skew_of_page_on_its_side_is_measured(turn: float, quarters: int) -> None:
    page = np.ascontiguousarray(np.rot90(printed_page(turn=turn, seed=7), quarters))
    assert skew(to_grey(page)) == pytest.approx(turn, abs=0.3)


@pytest.mark.parametrize(
    ("levels", "reversed_"), [((0, 255), True), ((20, 235), True), ((85, 5), False), ((255, 0), False)]
)
def test_inverted_print_is_reversed(levels: tuple[int, int], reversed_: bool) -> None:
    ground, letters = levels
    drawn = np.asarray(page_files.text_image(page_files.LINES * 3, size=(600, 500)))
    picture = np.where(drawn < 128, letters, ground).astype(np.uint8)
    assert (dark_on_light(picture) is not picture) is reversed_


def test_fax_line_has_contrast_and_is_not_blank() -> None:
    """Black and white only, with little ink."""
    drawn = np.asarray(page_files.text_image(page_files.LINES[:1], size=(1200, 1600)))
    fax = np.where(drawn < 128, 0, 255).astype(np.uint8)
    measures = measure(fax, 200)
    assert 0 < measures.ink < 0.005
    assert measures.contrast == 1.0
    pale = np.where(fax == 0, 235, 255).astype(np.uint8)
    assert measure(pale, 200).contrast < 0.1


@pytest.mark.parametrize("turn", [-8.0, -2.5, 0.0, 4.0])
@pytest.mark.parametrize("table", [900, 1700])
def test_skew_of_photo_on_dark_background_is_measured(turn: float, table: int) -> None:
    paper = page_files.text_image(page_files.LINES * 4, size=(700, 900))
    photo = Pillow.new("RGB", (table, table + 200), (40, 40, 46))
    lying = paper.convert("RGBA").rotate(-turn, expand=True, resample=Pillow.Resampling.BICUBIC)
    photo.paste(lying, (30, 50), lying)
    assert skew(to_grey(np.asarray(photo))) == pytest.approx(turn, abs=0.3)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_orientation_is_detected_for_every_quarter_turn(quarters: int) -> None:
    page = np.ascontiguousarray(np.rot90(np.asarray(page_files.text_image(size=(520, 520))), quarters))
    assert PpOcrEngine().detect_lines(page).rotation() == 90 * quarters


def test_text_frame_crops_borders_and_maps_boxes_to_page() -> None:
    page = np.full((1600, 1200, 3), 250, np.uint8)
    slip = page_files.text_image(size=(500, 160))
    page[300:460, 150:650] = np.asarray(slip)
    frame = text_frame(page)
    part, exact = crop_to(page, frame)
    assert part.shape[0] < 300
    assert part.shape[1] < 600
    ink = np.argwhere(to_grey(page) < 128)
    (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0)
    assert exact.x0 * 1200 < left < right < exact.x1 * 1200
    assert exact.y0 * 1600 < top < bottom < exact.y1 * 1600
    rows, columns = np.nonzero(to_grey(part) < 128)
    inside = BoundingBox(
        columns.min() / part.shape[1],
        rows.min() / part.shape[0],
        columns.max() / part.shape[1],
        rows.max() / part.shape[0],
    )
    there = to_full_image(inside, exact)
    assert (there.x0 * 1200, there.y1 * 1600) == pytest.approx((left, bottom), abs=1)


def test_text_frame_keeps_faint_print() -> None:
    page = np.full((1600, 1200, 3), 240, np.uint8)
    page[300:460, 150:650] = np.asarray(page_files.text_image(size=(500, 160)))
    cv2.putText(page, "barely there", (700, 1500), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (205, 205, 205), 2)
    frame = text_frame(page)
    assert frame.x1 * 1200 > 900
    assert frame.y1 * 1600 > 1500


def test_text_frame_ignores_dark_scanner_edge() -> None:
    page = np.full((1600, 1200, 3), 250, np.uint8)
    page[300:460, 150:650] = np.asarray(page_files.text_image(size=(500, 160)))
    page[:, -8:] = 20
    frame = text_frame(page)
    assert frame.x1 < 0.7


def test_text_frame_full_or_empty_page_is_whole() -> None:
    whole = BoundingBox(0, 0, 1, 1)
    assert text_frame(printed_page()[150:1230, 130:860]) == whole
    assert text_frame(np.full((400, 300, 3), 255, np.uint8)) == whole


def test_enlargement_scales_small_print_to_engine_height() -> None:
    assert enlargement(8.0, 1000) == pytest.approx(X_HEIGHT / 8.0)
    assert enlargement(2.0, 1000) == 3.0
    assert enlargement(8.0, 3000) == pytest.approx(1.2)
    assert (enlargement(16.0, 1000), enlargement(40.0, 1000), enlargement(0.0, 1000)) == (1.0, 1.0, 1.0)
    assert rescale(np.zeros((10, 20, 3), np.uint8), 2.0).shape == (20, 40, 3)


@pytest.mark.parametrize("size", [20, 40])
def test_x_height_is_measured_from_found_lines(size: int) -> None:
    font = ImageFont.load_default(size)
    _, top, _, bottom = font.getbbox("xxxx")
    picture = page_files.text_image(size=(40 * size, 8 * size), height=size)
    assert PpOcrEngine().detect_lines(np.asarray(picture)).x_height == pytest.approx(bottom - top, rel=0.25)


def test_cleaning_removes_uneven_light_and_grain() -> None:
    page = printed_page(noise=14.0).astype(np.float64)
    shade = np.linspace(0.45, 1.0, page.shape[1])[None, :, None]
    dim = np.clip(page * shade * 0.8, 0, 255).astype(np.uint8)
    after = to_grey(even_lighting(dim))
    paper = after[30:120, :]
    assert float(np.median(paper[:, :200])) > 225
    assert float(paper.std()) < float(to_grey(dim)[30:120, :].std()) / 2
    assert after.min() < 60


def test_pasted_lines_map_to_their_boxes() -> None:
    page = np.asarray(page_files.text_image(page_files.LINES * 3, size=(700, 420)))
    boxes = [BoundingBox(0.03, 0.04, 0.6, 0.1), BoundingBox(0.03, 0.43, 0.6, 0.5)]
    sheet = paste_lines(page, boxes)
    height, width = sheet.image.shape
    assert [strip.height for strip in sheet.strips] == pytest.approx([LINE_HEIGHT * 1.5] * 2, rel=0.15)
    placed: list[OcrWord] = []
    for strip, box in zip(sheet.strips, boxes, strict=True):
        middle = (strip.top + strip.height / 2) / height
        word = OcrWord("x", BoundingBox(strip.left / width, middle, (strip.left + strip.width) / width, middle), 1, 1)
        placed += sheet.on_page([word])
        assert placed[-1].bbox.x0 <= box.x0
        assert placed[-1].bbox.x1 >= box.x1
        assert box.y0 < placed[-1].bbox.y0 < box.y1
    between = BoundingBox(0.1, 0.0, 0.2, sheet.strips[0].top / height / 2)
    assert sheet.on_page([OcrWord("noise", between, 1, 1)]) == ()
