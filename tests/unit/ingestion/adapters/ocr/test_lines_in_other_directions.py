"""Lines that run in another direction than their page: on either side, or upside down."""

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from ingestion.adapters.ocr.ppocr.engine import PpOcrEngine
from ingestion.domain.ocr.agreement import OcrWord

VISA = "V<UTOSOLBERG<<MAJA<LIV<<<<<<<<<<<<<<<"
LINES = (
    "The holder of this document",
    "shall be allowed to pass freely",
    "without let or hindrance",
    "and be assisted",
)


def _strip() -> Pillow.Image:
    strip = Pillow.new("RGB", (940, 60), "white")
    ImageDraw.Draw(strip).text((20, 10), VISA, fill="black", font=ImageFont.load_default(36))
    return strip


def _page(quarters: int) -> npt.NDArray[np.uint8]:
    """Draw upright lines and, in the free part of the page, a line rotated counter-clockwise by some quarters."""
    page = Pillow.new("RGB", (1000, 1000), "white")
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(30)
    for row, text in enumerate(LINES):
        pen.text((60, 60 + 60 * row), text, fill="black", font=font)
    page.paste(_strip().rotate(90 * quarters, expand=True), (880, 30) if quarters % 2 else (30, 860))
    return np.asarray(page)


def _line_with_fillers(quarters: int) -> list[OcrWord]:
    lines = PpOcrEngine().detect_lines(_page(quarters)).lines()
    return [word for line in lines if any("<" in word.text for word in line) for word in line]


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_line_in_any_direction_is_read_in_its_own(quarters: int) -> None:
    text = "".join(word.text for word in _line_with_fillers(quarters))
    assert text.startswith("V<UTOSOLBERG<<MAJA<LIV")


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_line_in_another_direction_has_its_words_where_they_are(quarters: int) -> None:
    boxes = [word.bbox for word in _line_with_fillers(quarters)]
    if quarters % 2:
        assert all(box.x0 > 0.87 for box in boxes)
        assert max(box.y1 for box in boxes) - min(box.y0 for box in boxes) > 0.6
    else:
        assert all(box.y0 > 0.85 for box in boxes)
        assert max(box.x1 for box in boxes) - min(box.x0 for box in boxes) > 0.6
