"""Which engine is asked what: by the tenant's mode, and by how sure the first reading was."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pytest

from ingestion.adapters.ocr.engines import Engines, Manner, NoEngine
from ingestion.adapters.ocr.ppocr.weights import ModelMissing
from ingestion.domain.ocr.agreement import OcrWord
from ingestion.domain.ocr.line_words import ReadCharacter, Trace
from ingestion.domain.ocr.second_engine import Hearing, Question, hearing_for, question
from ingestion.domain.page.elements import WordSource
from refinery.core.types import BoundingBox

Image = npt.NDArray[np.uint8]
BOTH = ("rapidocr", "tesseract")


def word(text: str, row: int, *, at: float = 0.1, mean: float = 0.999, least: float | None = None) -> OcrWord:
    box = BoundingBox(at, 0.1 + 0.1 * row, at + 0.2, 0.15 + 0.1 * row)
    least = mean if least is None else least
    trace = Trace(second=mean, first=mean, last=least, company=mean, even=mean)
    return OcrWord(text, box, mean, least, trace=trace)


def paper() -> Image:
    """Give a picture with print all over, so that nothing is cut off."""
    image = np.full((400, 400, 3), 255, np.uint8)
    image[::40, ::2] = 0
    image[::40, 1::2] = 120
    image[::41, :] = 30
    return image


@dataclass
class Lines:
    """Found lines that are told what they say."""

    rows: tuple[tuple[OcrWord, ...], ...]
    way: int = 0
    x_height: float = 12.0

    def turn(self) -> int:
        return self.way

    def lines(self) -> tuple[tuple[OcrWord, ...], ...]:
        return self.rows


@dataclass
class Reader:
    """Reads what it is told, picture by picture; the last one again and again."""

    pages: Sequence[Lines] = ()
    seen: list[Image] = field(default_factory=list)

    def warm(self) -> None:
        """Nothing to load."""

    def line(self, image: Image) -> tuple[ReadCharacter, ...]:
        return ()

    def scan(self, image: Image) -> Lines:
        if not self.pages:
            raise ModelMissing
        self.seen.append(image)
        return self.pages[min(len(self.seen), len(self.pages)) - 1]


@dataclass
class Told:
    """A testimony."""

    heard: tuple[OcrWord, ...] | None
    stopped: bool = False

    def words(self) -> tuple[OcrWord, ...] | None:
        return self.heard

    def stop(self) -> None:
        self.stopped = True


@dataclass
class Witness:
    """Keeps what it was asked: "page", or the boxes of lines."""

    heard: tuple[OcrWord, ...] | None = ()
    there: bool = True
    asked: list[str | tuple[BoundingBox, ...]] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    def page(self, image: Image, language: str, x_height: float = 0.0) -> Told:
        self.asked.append("page")
        self.told.append(Told(self.heard))
        return self.told[-1]

    def lines(self, image: Image, boxes: Sequence[BoundingBox], language: str) -> Told:
        self.asked.append(tuple(boxes))
        return Told(self.heard)


SURE = ((word("Invoice", 0),), (word("4711", 1), word("paid", 1, at=0.5)), (word("Total", 2),))
ONE_DOUBTED = (*SURE, (word("12.5O", 3, mean=0.8, least=0.3), word("EUR", 3, at=0.5)))
BAD = tuple((word("l1O0", row, mean=0.5, least=0.1),) for row in range(3))


def asked(mode: str, rows: tuple[tuple[OcrWord, ...], ...]) -> list[str | tuple[BoundingBox, ...]]:
    witness = Witness()
    Engines(Reader([Lines(rows)]), witness).read(paper(), Manner(BOTH, "eng", hearing_for(mode)))
    return witness.asked


def test_fast_asks_one_engine_however_bad_the_page() -> None:
    assert [asked("fast", rows) for rows in (SURE, ONE_DOUBTED, BAD)] == [[], [], []]


def test_standard_asks_about_nothing_that_was_read_with_confidence() -> None:
    assert asked("standard", SURE) == []


def test_standard_asks_about_doubted_lines_alone() -> None:
    (boxes,) = asked("standard", ONE_DOUBTED)
    assert not isinstance(boxes, str)
    (box,) = boxes
    assert (box.x0, box.x1) == pytest.approx((0.1, 0.7))
    assert (box.y0, box.y1) == pytest.approx((0.4, 0.45))


def test_standard_asks_about_a_whole_page_that_was_read_badly_or_not_at_all() -> None:
    assert asked("standard", BAD)[0] == "page"
    assert asked("standard", ())[0] == "page"


def test_thorough_asks_about_every_page() -> None:
    assert asked("thorough", SURE) == ["page"]


def test_only_the_doubted_lines_are_judged_and_the_other_reading_is_kept() -> None:
    manner = Manner(BOTH, "eng", Hearing.DOUBTFUL)
    unjudged = Engines(Reader([Lines(ONE_DOUBTED)]), Witness(None)).read(paper(), manner).words
    judged = (
        Engines(Reader([Lines(ONE_DOUBTED)]), Witness((word("12.50", 3, mean=0.95),))).read(paper(), manner).words
    )
    assert (
        [w.text for w in judged]
        == [w.text for w in unjudged]
        == ["Invoice", "4711", "paid", "Total", "12.5O", "EUR"]
    )
    assert [w.confidence for w in judged][:4] == [w.confidence for w in unjudged][:4]
    assert judged[4].confidence != unjudged[4].confidence
    assert (judged[4].alternatives, unjudged[4].alternatives) == (("12.50",), ())


def test_a_page_that_lies_on_its_side_is_handed_back_before_anyone_else_is_asked() -> None:
    witness = Witness()
    reading = Engines(Reader([Lines(SURE, way=90)]), witness).read(paper(), Manner(BOTH, "eng", Hearing.ALWAYS))
    assert (reading.turn, reading.words, witness.asked) == (90, (), [])


def test_where_engines_disagree_a_cleaned_picture_is_read_too_and_the_better_reading_kept() -> None:
    reader = Reader([Lines(BAD), Lines(SURE)])
    reading = Engines(reader, Witness()).read(paper(), Manner(BOTH, "eng", Hearing.ALWAYS))
    assert [w.text for w in reading.words] == ["Invoice", "4711", "paid", "Total"]
    assert len(reader.seen) == 2
    assert not np.array_equal(reader.seen[0], reader.seen[1])
    worse = Reader([Lines(BAD), Lines(())])
    kept = Engines(worse, Witness()).read(paper(), Manner(BOTH, "eng", Hearing.ALWAYS))
    assert [w.text for w in kept.words] == ["l1O0"] * 3


def test_one_engine_reads_where_the_other_is_missing() -> None:
    manner = Manner(BOTH, "eng", Hearing.ALWAYS)
    (alone,) = Engines(Reader(), Witness((word("Total", 0),))).read(paper(), manner).words
    assert (alone.text, alone.source) == ("Total", WordSource.TESSERACT)
    without = Engines(Reader([Lines(SURE)]), Witness(None, there=False)).read(paper(), manner)
    assert {w.source for w in without.words} == {WordSource.RAPIDOCR}
    with pytest.raises(NoEngine):
        Engines(Reader(), Witness(None, there=False)).read(paper(), manner)


def test_a_witness_is_not_left_behind_when_reading_fails() -> None:
    class Broken(Lines):
        def lines(self) -> tuple[tuple[OcrWord, ...], ...]:
            raise MemoryError

    witness = Witness()
    with pytest.raises(MemoryError):
        Engines(Reader([Broken(SURE)]), witness).read(paper(), Manner(BOTH, "eng", Hearing.ALWAYS))
    assert [told.stopped for told in witness.told] == [True]


def test_many_doubted_lines_cost_as_much_as_the_page() -> None:
    assert question([[0.99], [0.5], [0.99, 0.95]]).lines == (1,)
    assert question([[0.7], [0.78], [0.99]]).whole
    assert question([[0.99], [0.95]]) == Question()


def test_small_print_is_enlarged_and_judged_as_a_whole() -> None:
    witness = Witness()
    reader = Reader([Lines(SURE, x_height=6.0), Lines(SURE, x_height=11.0)])
    Engines(reader, witness).read(paper(), Manner(BOTH, "eng", Hearing.DOUBTFUL))
    first, second = (image.shape[0] for image in reader.seen)
    assert second == pytest.approx(first * 11 / 6, abs=2)
    assert witness.asked == ["page"]
    plain = Reader([Lines(SURE, x_height=12.0)])
    Engines(plain, witness).read(paper(), Manner(BOTH, "eng", Hearing.DOUBTFUL))
    assert len(plain.seen) == 1
