"""A large measured skew counts only if the detected lines are tilted as well: decorated backgrounds look like it."""

import numpy as np
import pytest
from PIL import Image as Pillow

from ingestion.adapters.ocr.engines import OcrPipeline, OcrSettings
from ingestion.adapters.ocr.ppocr.engine import PpOcrEngine
from ingestion.adapters.reader.child.ocr_layout import recognise_layout
from ingestion.domain.ocr.second_engine import SecondEngineMode
from ingestion.domain.page.elements import Word
from tests.support import page_files

SETTINGS = OcrSettings(("rapidocr",), "eng", SecondEngineMode.NEVER)


def _page(tilt: float, quarters: int = 0) -> np.typing.NDArray[np.uint8]:
    upright = page_files.text_image(size=(700, 500)).rotate(-tilt, expand=True, fillcolor="white")
    return np.ascontiguousarray(np.rot90(np.asarray(upright.convert("RGB")), quarters))


@pytest.mark.parametrize("tilt", [-9.0, 0.0, 6.0])
@pytest.mark.parametrize("quarters", [0, 1])
def test_skew_of_detected_lines_is_their_tilt_clockwise(tilt: float, quarters: int) -> None:
    assert PpOcrEngine().detect_lines(_page(tilt, quarters)).skew_degrees == pytest.approx(tilt, abs=0.7)


def test_skew_of_a_page_without_lines_is_unknown() -> None:
    blank = np.asarray(Pillow.new("RGB", (400, 400), "white"))
    assert PpOcrEngine().detect_lines(blank).skew_degrees is None


def _words(measured: float, tilt: float) -> tuple[Word, ...]:
    return recognise_layout(_page(tilt), measured, OcrPipeline(PpOcrEngine()), SETTINGS).layout.words


def test_page_with_a_wrongly_measured_skew_is_read_upright() -> None:
    texts = [word.text for word in _words(12.0, 0.0)]
    assert texts == [word.text for word in _words(0.0, 0.0)]


def test_page_with_a_rightly_measured_skew_is_straightened() -> None:
    texts = [word.text for word in _words(9.0, 9.0)]
    assert texts == [word.text for word in _words(0.0, 0.0)]
