"""The engines of one child, loaded before a page comes, and what they make of a picture together."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ingestion.adapters.ocr.calibration_files import ARTEFACT, PAGE_ARTEFACT
from ingestion.adapters.ocr.ppocr.weights import ModelMissing
from ingestion.adapters.ocr.second_engine import TesseractWitness, Witness
from ingestion.adapters.vision.preprocessing import cleaned, cut, resized, small_print, text_frame, within
from ingestion.domain.layout.analysis import page_confidence
from ingestion.domain.ocr.agreement import OcrWord
from ingestion.domain.ocr.line_words import ReadCharacter
from ingestion.domain.ocr.merging import Merging
from ingestion.domain.ocr.page_confidence import unpack_page_confidence
from ingestion.domain.ocr.second_engine import Hearing, question
from ingestion.domain.ocr.word_confidence import unpack_confidence
from ingestion.domain.ocr.word_evidence import Surroundings
from ingestion.domain.page.elements import Word
from refinery.core.types import BoundingBox

Image = npt.NDArray[np.uint8]

_POOR_BELOW = 0.7  # engines that disagree this much may see more on a cleaned picture


class NoEngine(Exception):
    """No engine asked for is to be had."""


@cache
def merging() -> Merging:
    """Load what was fitted."""
    words, pages = (json.loads(fit.read_text(encoding="utf-8")) for fit in (ARTEFACT, PAGE_ARTEFACT))
    return Merging(unpack_confidence(words), unpack_page_confidence(pages))


class FoundLines(Protocol):
    """The lines of a picture, found but not read."""

    @property
    def x_height(self) -> float:
        """Give the height of small letters in pixels, 0 when nobody can say."""
        ...

    def turn(self) -> int:
        """Give the clockwise turn, in degrees, that sets the picture upright."""
        ...

    def lines(self) -> tuple[tuple[OcrWord, ...], ...]:
        """Read them all."""
        ...


class LineReader(Protocol):
    """An engine that finds lines first and reads them then. Raises ModelMissing."""

    def warm(self) -> None:
        """Load what it needs."""
        ...

    def scan(self, image: Image) -> FoundLines:
        """Find the lines of an RGB picture."""
        ...

    def line(self, image: Image) -> tuple[ReadCharacter, ...]:
        """Read a picture of one line."""
        ...


@dataclass(frozen=True, slots=True)
class Manner:
    """How to read: the engines wanted, the language of the witness, and when it is heard."""

    engines: Sequence[str]
    language: str
    hearing: Hearing

    def hears(self, moment: Hearing) -> bool:
        """Say whether the witness is heard at that moment."""
        return "tesseract" in self.engines and self.hearing is moment


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a picture: its words, or the clockwise turn in degrees that it needs first.

    `confidence` is the share of the picture's words that was expectedly read right, 0..1.
    """

    words: tuple[Word, ...]
    confidence: float = 1.0
    turn: int = 0

    def within(self, frame: BoundingBox) -> "Reading":
        """Give the words their places on the picture whose part was read."""
        return replace(self, words=tuple(replace(word, bbox=within(word.bbox, frame)) for word in self.words))


@dataclass(slots=True)
class Engines:
    """What reads pictures: PP-OCRv6 and its witness, each used when asked for and there."""

    ppocr: LineReader
    witness: Witness = field(default_factory=TesseractWitness)

    def warm(self) -> None:
        """Load the models, and what confidences are made of; without models Tesseract reads alone."""
        merging()
        try:
            self.ppocr.warm()
        except ModelMissing:
            return

    def read(self, image: Image, manner: Manner, *, turning: bool = True) -> Reading:
        """Read a picture; words have calibrated confidences and no order. Raises NoEngine.

        Its white border is left out. A picture that turns out to lie on its side or on its head is not read:
        `turn` says how to set it upright (never asked for when not `turning`).
        """
        part, frame = cut(image, text_frame(image))
        return self._read(part, manner, turning=turning).within(frame)

    def _read(self, image: Image, manner: Manner, *, turning: bool) -> Reading:
        found = self._found(image, manner)
        if found is None:
            return self._witness_alone(image, manner)
        turn = found.turn() if turning else 0
        if turn:
            return Reading((), turn=turn)
        larger = small_print(found.x_height)
        if larger > 1:
            image = resized(image, larger)
            found = self._found(image, manner) or found
        reading = self._words(image, found, manner, whole=larger > 1)
        if manner.hearing is Hearing.NEVER or page_confidence(reading.words) >= _POOR_BELOW:
            return reading
        return max((reading, self._cleaned(image, manner)), key=_expected)

    def _cleaned(self, image: Image, manner: Manner) -> Reading:
        """Read a picture whose light was evened out: where that helps, the engines agree on more words."""
        calm = cleaned(image)
        found = self._found(calm, manner)
        return self._words(calm, found, manner, whole=True) if found else Reading(())

    def _found(self, image: Image, manner: Manner) -> FoundLines | None:
        """Give PP-OCRv6's lines; None when it is not wanted or not to be had."""
        try:
            return self.ppocr.scan(image) if "rapidocr" in manner.engines else None
        except ModelMissing:
            return None

    def _words(self, image: Image, found: FoundLines, manner: Manner, *, whole: bool) -> Reading:
        """Read and judge; `whole` says that the page is a hard one, whose judge had better see all of it."""
        if not manner.hears(Hearing.ALWAYS) and not (whole and manner.hears(Hearing.DOUBTFUL)):
            return self._judged_where_it_pays(image, found, manner)
        testimony = self.witness.page(image, manner.language, found.x_height)
        try:
            read = _joined(found.lines())
        except BaseException:
            testimony.stop()
            raise
        return _merged(read, testimony.words())

    def _judged_where_it_pays(self, image: Image, found: FoundLines, manner: Manner) -> Reading:
        lines = found.lines()
        page = merging().page(_joined(lines))
        alone = [merging().alone(line, "rapidocr", page) for line in lines]
        asked = question([[word.confidence for word in line] for line in alone])
        if not manner.hears(Hearing.DOUBTFUL) or not (asked.whole or asked.lines):
            return _believed(tuple(word for line in alone for word in line), page)
        if asked.whole:
            return _merged(_joined(lines), self.witness.page(image, manner.language, found.x_height).words())
        boxes = [_around(lines[index]) for index in asked.lines]
        heard = self.witness.lines(image, boxes, manner.language).words()
        shown = set(asked.lines)
        certain = tuple(word for index, line in enumerate(alone) if index not in shown for word in line)
        doubted = [word for index in asked.lines for word in lines[index]]
        if heard is None:
            return _believed((*certain, *merging().alone(doubted, "rapidocr", page)), page)
        return _believed((*certain, *merging().lines(doubted, heard, page)), page)

    def _witness_alone(self, image: Image, manner: Manner) -> Reading:
        if "tesseract" not in manner.engines or not self.witness.there:
            raise NoEngine
        words = self.witness.page(image, manner.language).words()
        if words is None:
            raise NoEngine
        page = merging().page(words)
        return _believed(merging().alone(words, "tesseract", page), page)


def _merged(read: Sequence[OcrWord], heard: Sequence[OcrWord] | None) -> Reading:
    page = merging().page(read)
    if heard is None:
        return _believed(merging().alone(read, "rapidocr", page), page)
    return _believed(merging().together(read, heard, page), page)


def _believed(words: tuple[Word, ...], page: Surroundings) -> Reading:
    return Reading(words, merging().confidence(words, page))


def _joined(lines: Sequence[Sequence[OcrWord]]) -> tuple[OcrWord, ...]:
    return tuple(word for line in lines for word in line)


def _around(line: Sequence[OcrWord]) -> BoundingBox:
    box = line[0].bbox
    for word in line[1:]:
        box = box.union(word.bbox)
    return box


def _expected(reading: Reading) -> float:
    """Give how many words are expected to be right."""
    return sum(word.confidence for word in reading.words)
