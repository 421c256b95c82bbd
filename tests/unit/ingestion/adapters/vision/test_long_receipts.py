"""Long receipts: pages many times as high as wide are read and displayed at the usual scale."""

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from ingestion.adapters.ocr.ppocr.engine import PpOcrEngine
from ingestion.adapters.vision.raster import Image, encode_for_display

ITEMS = 70
WIDTH, LINE = 420, 48


@pytest.fixture(scope="module")
def receipt() -> Image:
    paper = Pillow.new("RGB", (WIDTH, ITEMS * LINE + 40), "white")
    ink, font = ImageDraw.Draw(paper), ImageFont.load_default(26)
    for item in range(ITEMS):
        ink.text((20, 20 + item * LINE), f"item{item:03d}   {item}.50", fill="black", font=font)
    return np.asarray(paper, dtype=np.uint8)


def test_long_receipt_lines_are_read_once(receipt: Image) -> None:
    read = [word.text for word in PpOcrEngine().read(receipt)]
    assert sorted(text for text in read if text.startswith("item")) == [f"item{item:03d}" for item in range(ITEMS)]
    assert len(read) == 2 * ITEMS


def test_long_receipt_image_is_wide_enough(receipt: Image) -> None:
    assert encode_for_display(receipt, lossless=False).width == WIDTH
    large = encode_for_display(np.repeat(np.repeat(receipt, 2, axis=0), 2, axis=1), lossless=True)
    assert (large.width, large.height) == (585, 585 * receipt.shape[0] // WIDTH)
