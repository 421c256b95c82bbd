"""Quick tests before an engine is asked: print on a picture, and the shape of a digit."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ingestion.adapters.vision.digit_shapes import DIGITS, is_plainly
from ingestion.adapters.vision.print_marks import has_print
from tests.support import page_files


def grain() -> Image.Image:
    noise = np.random.default_rng(5).normal(140, 25, (300, 500))
    return Image.fromarray(np.clip(noise, 0, 255).astype(np.uint8))


def squares() -> Image.Image:
    picture = Image.new("L", (500, 300), 255)
    for place in range(6):
        ImageDraw.Draw(picture).rectangle((20 + 80 * place, 60, 80 + 80 * place, 250), fill=30)
    return picture


@pytest.mark.parametrize(
    ("draw", "expected"),
    [
        (page_files.text_image, True),
        (lambda: page_files.text_image().rotate(90, expand=True), True),
        (lambda: page_files.text_image(("Paid 12.50",)), False),
        (lambda: Image.new("L", (400, 300), 255), False),
        (lambda: Image.new("L", (3, 300), 0), False),
        (grain, False),
        (squares, False),
    ],
    ids=["print", "sideways", "two words", "empty", "line", "grain", "squares"],
)
def test_has_print_needs_lines_of_letters(draw: Callable[[], Image.Image], *, expected: bool) -> None:
    assert has_print(np.asarray(draw().convert("L"), dtype=np.uint8)) is expected


@pytest.mark.parametrize("size", [20, 40])
@pytest.mark.parametrize("digit", DIGITS)
def test_is_plainly_accepts_only_the_digit_that_is_drawn(digit: str, size: int) -> None:
    picture = Image.new("RGB", (60, 70), "white")
    ImageDraw.Draw(picture).text((15, 10), digit, fill="black", font=ImageFont.load_default(size))
    glyph = np.asarray(picture, dtype=np.uint8)
    assert [claimed for claimed in DIGITS if is_plainly(claimed, glyph)] == [digit]


def test_is_plainly_rejects_empty_and_tiny_images() -> None:
    assert not is_plainly("1", np.full((20, 20, 3), 255, np.uint8))
    assert not is_plainly("1", np.zeros((0, 5, 3), np.uint8))
    tiny = np.full((20, 20, 3), 255, np.uint8)
    tiny[8:12, 9] = 0
    assert not is_plainly("1", tiny)
