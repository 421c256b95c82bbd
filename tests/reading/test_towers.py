"""Long receipts: pages many times as high as wide are read and shown as large as others."""

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from ingestion.adapters.ocr.ppocr.engine import PpOcrEngine
from ingestion.adapters.vision.raster import Image, show

ITEMS = 70
WIDTH, LINE = 420, 48


@pytest.fixture(scope="module")
def receipt() -> Image:
    paper = Pillow.new("RGB", (WIDTH, ITEMS * LINE + 40), "white")
    ink, font = ImageDraw.Draw(paper), ImageFont.load_default(26)
    for item in range(ITEMS):
        ink.text((20, 20 + item * LINE), f"item{item:03d}   {item}.50", fill="black", font=font)
    return np.asarray(paper, dtype=np.uint8)


def test_every_line_of_a_long_receipt_is_read_once(receipt: Image) -> None:
    read = [word.text for word in PpOcrEngine().read(receipt)]
    assert sorted(text for text in read if text.startswith("item")) == [f"item{item:03d}" for item in range(ITEMS)]
    assert len(read) == 2 * ITEMS


def test_a_long_receipt_is_shown_wide_enough_to_be_read(receipt: Image) -> None:
    assert show(receipt, lossless=False).width == WIDTH
    large = show(np.repeat(np.repeat(receipt, 2, axis=0), 2, axis=1), lossless=True)
    assert (large.width, large.height) == (585, 585 * receipt.shape[0] // WIDTH)
