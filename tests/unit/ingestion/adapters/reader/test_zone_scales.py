"""A zone whose fillers a decorated background cut is read again at a smaller scale, and only then."""

from dataclasses import dataclass, field
from typing import cast

import numpy as np
import numpy.typing as npt
import pytest

from ingestion.adapters.ocr.engines import OcrPipeline, OcrResult, OcrSettings
from ingestion.adapters.reader.child.zone_scales import read_zone_again
from ingestion.domain.ocr.second_engine import SecondEngineMode
from ingestion.domain.page.elements import Word, WordSource
from refinery.core.types import BoundingBox

SETTINGS = OcrSettings(("rapidocr",), "eng", SecondEngineMode.NEVER)
PAGE = np.full((1000, 1400, 3), 255, np.uint8)
ZONE = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
TITLE = Word("PASSPORT", BoundingBox(0.1, 0.1, 0.3, 0.14), 0.9, WordSource.RAPIDOCR, 0)


def _reading(*lines: str) -> OcrResult:
    boxes = [BoundingBox(0.05, 0.8 + 0.06 * at, 0.95, 0.83 + 0.06 * at) for at in range(len(lines))]
    words = (Word(line, box, 0.9, WordSource.RAPIDOCR, 1) for line, box in zip(lines, boxes, strict=True))
    return OcrResult((TITLE, *words), 0.5)


@dataclass
class EngineWithScales:
    """Engine with one reading for each width of the image, and the widths that it was given."""

    readings: dict[int, OcrResult]
    widths: list[int] = field(default_factory=list)

    def read(self, image: npt.NDArray[np.uint8], settings: OcrSettings, *, detect_rotation: bool = True) -> OcrResult:
        self.widths.append(image.shape[1])
        return self.readings[image.shape[1]]


CUT = _reading(ZONE[0][:30], "L898902C36UTO74081<<<10")
WHOLE = _reading(*ZONE)


def _texts(reading: OcrResult) -> list[str]:
    return [word.text for word in reading.words]


@pytest.mark.parametrize(("readings", "widths"), [({980: WHOLE}, [980]), ({980: CUT, 700: WHOLE}, [980, 700])])
def test_read_zone_again_takes_the_first_scale_with_right_check_digits(
    readings: dict[int, OcrResult], widths: list[int]
) -> None:
    engine = EngineWithScales(readings)
    found = read_zone_again(PAGE, CUT, cast("OcrPipeline", engine), SETTINGS)
    assert engine.widths == widths
    assert _texts(found) == ["PASSPORT", *ZONE]
    assert found.confidence == CUT.confidence


def test_read_zone_again_without_a_right_zone_keeps_the_reading() -> None:
    wrong = _reading(ZONE[0], ZONE[1].replace("7408122", "7408127"))
    engine = EngineWithScales({980: CUT, 700: wrong})
    assert read_zone_again(PAGE, CUT, cast("OcrPipeline", engine), SETTINGS) == CUT


@pytest.mark.parametrize("reading", [WHOLE, _reading("Dear Sir or Madam,", "a << b")])
def test_read_zone_again_of_a_right_zone_or_none_reads_nothing(reading: OcrResult) -> None:
    engine = EngineWithScales({})
    assert read_zone_again(PAGE, reading, cast("OcrPipeline", engine), SETTINGS) == reading
    assert engine.widths == []
