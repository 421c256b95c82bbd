"""Tesseract's words as we read them from its pipe, against pytesseract, which reads its files."""

import shutil

import numpy as np
import numpy.typing as npt
import pytesseract
import pytest
from PIL import Image, ImageDraw, ImageFont

from ingestion.adapters.ocr.tesseract import PSM_BLOCK, PSM_PAGE, TesseractRun

pytestmark = pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract is not installed")
WIDTH, HEIGHT = 1400, 320
LINES = ('Invoice "4711" total 1,250.00', 'Due: 2026-03-15 said "Ann\'s" ltd', "Tax 19 % | net 1,050.42")


def printed_page() -> npt.NDArray[np.uint8]:
    """Return a grey image with quotes, a bar and figures."""
    image = Image.new("L", (WIDTH, HEIGHT), 255)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(36)
    for row, line in enumerate(LINES):
        draw.text((60, 40 + 80 * row), line, fill=0, font=font)
    return np.array(image)


def reference_words(image: npt.NDArray[np.uint8], segmentation: int) -> list[tuple[str, tuple[int, ...], float]]:
    """Return text, box in pixels and confidence in percent, without our parser."""
    table = pytesseract.image_to_data(
        Image.fromarray(image), lang="eng", config=f"--psm {segmentation} --dpi 200", timeout=60
    )
    rows = [line.split("\t") for line in table.splitlines()[1:]]
    return [(row[11].strip(), tuple(map(int, row[6:10])), float(row[10])) for row in rows if row[11:] and row[0] == "5"]


@pytest.mark.parametrize("segmentation", [PSM_PAGE, PSM_BLOCK])
def test_words_boxes_and_confidences_equal_those_of_pytesseract(
    segmentation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Quotes stay in the words, and confidences keep their decimals."""
    monkeypatch.setenv("OMP_THREAD_LIMIT", "1")
    image = printed_page()
    run = TesseractRun.start(image, "eng", segmentation)
    run.feed()
    words = run.words()
    expected = [row for row in reference_words(image, segmentation) if row[0]]
    assert len(expected) >= 10
    assert [word.text for word in words] == [text for text, _, _ in expected]
    for word, (_, (left, top, width, height), confidence) in zip(words, expected, strict=True):
        box = word.bbox
        assert (box.x0, box.y0) == pytest.approx((left / WIDTH, top / HEIGHT))
        assert (box.x1, box.y1) == pytest.approx(((left + width) / WIDTH, (top + height) / HEIGHT))
        assert word.mean_confidence == pytest.approx(confidence / 100)
    assert any('"' in word.text for word in words)
    assert any(confidence != int(confidence) for _, _, confidence in expected)
