"""Second-engine policy: which engine reads which lines, by tenant mode and by confidence of the first reading."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pytest

from ingestion.adapters.ocr.engines import NoEngineAvailable, OcrPipeline, OcrSettings
from ingestion.adapters.ocr.ppocr.weights import ModelMissing
from ingestion.domain.ocr.agreement import OcrWord
from ingestion.domain.ocr.line_words import ReadCharacter, RecognitionTrace
from ingestion.domain.ocr.second_engine import ReadScope, SecondEngineMode, second_engine_mode, second_engine_scope
from ingestion.domain.page.elements import WordSource
from refinery.core.types import BoundingBox

Image = npt.NDArray[np.uint8]
BOTH = ("rapidocr", "tesseract")


def word(text: str, row: int, *, at: float = 0.1, mean: float = 0.999, least: float | None = None) -> OcrWord:
    box = BoundingBox(at, 0.1 + 0.1 * row, at + 0.2, 0.15 + 0.1 * row)
    least = mean if least is None else least
    trace = RecognitionTrace(second_lowest=mean, first=mean, last=least, rest_of_line_min=mean, line_confidence=mean)
    return OcrWord(text, box, mean, least, trace=trace)


def printed_image() -> Image:
    """Return an image with print in every area, so that no margin is cropped."""
    image = np.full((400, 400, 3), 255, np.uint8)
    image[::40, ::2] = 0
    image[::40, 1::2] = 120
    image[::41, :] = 30
    return image


@dataclass
class FakeDetectedLines:
    """Detected lines with configured words."""

    rows: tuple[tuple[OcrWord, ...], ...]
    direction: int = 0
    x_height: float = 12.0

    skew_degrees: float | None = None

    def rotation(self) -> int:
        return self.direction

    def lines(self) -> tuple[tuple[OcrWord, ...], ...]:
        return self.rows


@dataclass
class FakeEngine:
    """Engine with configured results per image; the last one repeats."""

    pages: Sequence[FakeDetectedLines] = ()
    images: list[Image] = field(default_factory=list)

    def warm(self) -> None:
        """Do nothing."""

    def read_line(self, image: Image) -> tuple[ReadCharacter, ...]:
        return ()

    def detect_lines(self, image: Image) -> FakeDetectedLines:
        if not self.pages:
            raise ModelMissing
        self.images.append(image)
        return self.pages[min(len(self.images), len(self.pages)) - 1]


@dataclass
class FakeSecondReading:
    """Reading of the second engine."""

    answer: tuple[OcrWord, ...] | None
    stopped: bool = False

    def words(self) -> tuple[OcrWord, ...] | None:
        return self.answer

    def stop(self) -> None:
        self.stopped = True


@dataclass
class FakeSecondEngine:
    """Second engine that records its requests: "page", or the boxes of lines."""

    answer: tuple[OcrWord, ...] | None = ()
    available: bool = True
    languages: tuple[str, ...] = ("eng",)
    asked: list[str | tuple[BoundingBox, ...]] = field(default_factory=list)
    readings: list[FakeSecondReading] = field(default_factory=list)

    def read_page(self, image: Image, language: str, x_height: float = 0.0) -> FakeSecondReading:
        self.asked.append("page")
        self.readings.append(FakeSecondReading(self.answer))
        return self.readings[-1]

    def read_lines(self, image: Image, boxes: Sequence[BoundingBox], language: str) -> FakeSecondReading:
        self.asked.append(tuple(boxes))
        return FakeSecondReading(self.answer)


CONFIDENT_LINES = ((word("Invoice", 0),), (word("4711", 1), word("paid", 1, at=0.5)), (word("Total", 2),))
ONE_DOUBTFUL_LINE = (*CONFIDENT_LINES, (word("12.5O", 3, mean=0.8, least=0.3), word("EUR", 3, at=0.5)))
POOR_LINES = tuple((word("l1O0", row, mean=0.5, least=0.1),) for row in range(3))


def second_engine_requests(mode: str, rows: tuple[tuple[OcrWord, ...], ...]) -> list[str | tuple[BoundingBox, ...]]:
    second_engine = FakeSecondEngine()
    OcrPipeline(FakeEngine([FakeDetectedLines(rows)]), second_engine).read(
        printed_image(), OcrSettings(BOTH, "eng", second_engine_mode(mode))
    )
    return second_engine.asked


def test_fast_mode_never_asks_second_engine() -> None:
    assert [second_engine_requests("fast", rows) for rows in (CONFIDENT_LINES, ONE_DOUBTFUL_LINE, POOR_LINES)] == [
        [],
        [],
        [],
    ]


def test_standard_mode_asks_nothing_about_confident_lines() -> None:
    assert second_engine_requests("standard", CONFIDENT_LINES) == []


def test_standard_mode_asks_about_doubtful_lines_only() -> None:
    (boxes,) = second_engine_requests("standard", ONE_DOUBTFUL_LINE)
    assert not isinstance(boxes, str)
    (box,) = boxes
    assert (box.x0, box.x1) == pytest.approx((0.1, 0.7))
    assert (box.y0, box.y1) == pytest.approx((0.4, 0.45))


def test_standard_mode_asks_about_whole_page_if_poor_or_empty() -> None:
    assert second_engine_requests("standard", POOR_LINES)[0] == "page"
    assert second_engine_requests("standard", ())[0] == "page"


def test_thorough_mode_asks_about_every_page() -> None:
    assert second_engine_requests("thorough", CONFIDENT_LINES) == ["page"]


def test_standard_mode_weighs_doubtful_lines_and_keeps_alternative() -> None:
    manner = OcrSettings(BOTH, "eng", SecondEngineMode.DOUBTFUL)
    unjudged = (
        OcrPipeline(FakeEngine([FakeDetectedLines(ONE_DOUBTFUL_LINE)]), FakeSecondEngine(None))
        .read(printed_image(), manner)
        .words
    )
    judged = (
        OcrPipeline(
            FakeEngine([FakeDetectedLines(ONE_DOUBTFUL_LINE)]), FakeSecondEngine((word("12.50", 3, mean=0.95),))
        )
        .read(printed_image(), manner)
        .words
    )
    assert (
        [w.text for w in judged] == [w.text for w in unjudged] == ["Invoice", "4711", "paid", "Total", "12.5O", "EUR"]
    )
    assert [w.confidence for w in judged][:4] == [w.confidence for w in unjudged][:4]
    assert judged[4].confidence != unjudged[4].confidence
    assert (judged[4].alternatives, unjudged[4].alternatives) == (("12.50",), ())


def test_rotated_page_is_returned_before_second_engine_is_asked() -> None:
    second_engine = FakeSecondEngine()
    reading = OcrPipeline(FakeEngine([FakeDetectedLines(CONFIDENT_LINES, direction=90)]), second_engine).read(
        printed_image(), OcrSettings(BOTH, "eng", SecondEngineMode.ALWAYS)
    )
    assert (reading.rotation, reading.words, second_engine.asked) == (90, (), [])


def test_disagreement_reads_cleaned_image_and_keeps_better_reading() -> None:
    reader = FakeEngine([FakeDetectedLines(POOR_LINES), FakeDetectedLines(CONFIDENT_LINES)])
    reading = OcrPipeline(reader, FakeSecondEngine()).read(
        printed_image(), OcrSettings(BOTH, "eng", SecondEngineMode.ALWAYS)
    )
    assert [w.text for w in reading.words] == ["Invoice", "4711", "paid", "Total"]
    assert len(reader.images) == 2
    assert not np.array_equal(reader.images[0], reader.images[1])
    worse = FakeEngine([FakeDetectedLines(POOR_LINES), FakeDetectedLines(())])
    kept = OcrPipeline(worse, FakeSecondEngine()).read(
        printed_image(), OcrSettings(BOTH, "eng", SecondEngineMode.ALWAYS)
    )
    assert [w.text for w in kept.words] == ["l1O0"] * 3


def test_missing_engine_leaves_other_to_read_alone() -> None:
    manner = OcrSettings(BOTH, "eng", SecondEngineMode.ALWAYS)
    (alone,) = OcrPipeline(FakeEngine(), FakeSecondEngine((word("Total", 0),))).read(printed_image(), manner).words
    assert (alone.text, alone.source) == ("Total", WordSource.TESSERACT)
    without = OcrPipeline(
        FakeEngine([FakeDetectedLines(CONFIDENT_LINES)]), FakeSecondEngine(None, available=False)
    ).read(printed_image(), manner)
    assert {w.source for w in without.words} == {WordSource.RAPIDOCR}
    with pytest.raises(NoEngineAvailable):
        OcrPipeline(FakeEngine(), FakeSecondEngine(None, available=False)).read(printed_image(), manner)


def test_second_engine_is_stopped_when_reading_fails() -> None:
    class FailingLines(FakeDetectedLines):
        def lines(self) -> tuple[tuple[OcrWord, ...], ...]:
            raise MemoryError

    second_engine = FakeSecondEngine()
    with pytest.raises(MemoryError):
        OcrPipeline(FakeEngine([FailingLines(CONFIDENT_LINES)]), second_engine).read(
            printed_image(), OcrSettings(BOTH, "eng", SecondEngineMode.ALWAYS)
        )
    assert [reading.stopped for reading in second_engine.readings] == [True]


def test_many_doubtful_lines_become_whole_page_request() -> None:
    assert second_engine_scope([[0.99], [0.5], [0.99, 0.95]]).lines == (1,)
    assert second_engine_scope([[0.7], [0.78], [0.99]]).whole_page
    assert second_engine_scope([[0.99], [0.95]]) == ReadScope()


def test_small_print_is_enlarged_and_weighed_as_a_whole() -> None:
    second_engine = FakeSecondEngine()
    reader = FakeEngine(
        [FakeDetectedLines(CONFIDENT_LINES, x_height=6.0), FakeDetectedLines(CONFIDENT_LINES, x_height=11.0)]
    )
    OcrPipeline(reader, second_engine).read(printed_image(), OcrSettings(BOTH, "eng", SecondEngineMode.DOUBTFUL))
    first, second = (image.shape[0] for image in reader.images)
    assert second == pytest.approx(first * 11 / 6, abs=2)
    assert second_engine.asked == ["page"]
    plain = FakeEngine([FakeDetectedLines(CONFIDENT_LINES, x_height=12.0)])
    OcrPipeline(plain, second_engine).read(printed_image(), OcrSettings(BOTH, "eng", SecondEngineMode.DOUBTFUL))
    assert len(plain.images) == 1


@pytest.mark.parametrize(
    ("language", "installed", "reader"),
    [
        ("heb", ("eng", "heb"), WordSource.TESSERACT),
        ("heb+eng", ("eng", "heb"), WordSource.TESSERACT),
        ("heb", ("eng",), WordSource.RAPIDOCR),
        ("eng+heb", ("eng", "heb"), WordSource.RAPIDOCR),
        ("deu", ("deu", "eng"), WordSource.RAPIDOCR),
    ],
)
def test_pipeline_with_script_of_one_engine_reads_by_that_engine(
    language: str, installed: tuple[str, ...], reader: WordSource
) -> None:
    second_engine = FakeSecondEngine(answer=(word("Invoice", 0),), languages=installed)
    pipeline = OcrPipeline(FakeEngine([FakeDetectedLines(CONFIDENT_LINES)]), second_engine)
    reading = pipeline.read(printed_image(), OcrSettings(BOTH, language, SecondEngineMode.NEVER))
    assert {found.source for found in reading.words} == {reader}
