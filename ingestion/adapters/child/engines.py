"""The engines of one child, loaded before a page comes, and what they make of a picture together."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
import numpy.typing as npt

from ingestion.adapters.environment import ARTEFACT
from ingestion.adapters.ppocr.engine import PpOcrEngine
from ingestion.adapters.ppocr.models import ModelMissing
from ingestion.adapters.programs import tesseract_path
from ingestion.adapters.tesseract import EngineFailed, TesseractEngine, TesseractRun
from ingestion.domain.agreement import Judged, OcrWord, Verdict, judge
from ingestion.domain.confidence import WordConfidence
from ingestion.domain.layout import Word, WordSource
from ingestion.domain.reading import page_confidence

Image = npt.NDArray[np.uint8]

_SHORT = 4  # pages
_DOUBTFUL_BELOW = 0.95
_UNSEEN_SURE = 0.85
_UNSEEN_LETTERS = 2


class NoEngine(Exception):
    """No engine asked for is to be had."""


@cache
def word_confidence() -> WordConfidence:
    """Load the fitted coefficients."""
    artefact = json.loads(ARTEFACT.read_text(encoding="utf-8"))
    return WordConfidence(artefact["version"], artefact["coefficients"])


class Witness(StrEnum):
    """When Tesseract is heard beside PP-OCRv6."""

    ALWAYS = "always"  # at the same time, on another core
    DOUBTFUL = "doubtful"  # afterwards, on pages that were not read with confidence
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Manner:
    """How to read: the engines wanted, the language of the witness, and when it is heard."""

    engines: Sequence[str]
    language: str
    witness: Witness

    def hears(self, moment: Witness) -> bool:
        """Say whether the witness is heard at that moment."""
        return "tesseract" in self.engines and self.witness is moment


def witness_for(mode: str, pages: int) -> Witness:
    """Choose: a short document takes both engines at once, of a long one the doubtful pages are judged."""
    if mode == "fast":
        return Witness.NEVER
    return Witness.ALWAYS if mode == "thorough" or pages <= _SHORT else Witness.DOUBTFUL


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a picture: its words, or the clockwise turn in degrees that it needs first."""

    words: tuple[Word, ...]
    turn: int = 0


@dataclass(slots=True)
class Engines:
    """What reads pictures: PP-OCRv6 and its witness, each used when asked for and there."""

    ppocr: PpOcrEngine

    def warm(self) -> None:
        """Load the models; without them Tesseract reads alone."""
        try:
            self.ppocr.warm()
        except ModelMissing:
            return

    def read(self, image: Image, manner: Manner, *, turning: bool = True) -> Reading:
        """Read a picture; words have calibrated confidences and no order. Raises NoEngine.

        A picture that turns out to lie on its side or on its head is not read: `turn` says how to set it
        upright (never asked for when not `turning`).
        """
        witness = _start_witness(image, manner.language) if manner.hears(Witness.ALWAYS) else None
        try:
            read, turn = self._read(image, manner, turning=turning)
        except BaseException:
            _stop(witness)
            raise
        if turn:
            _stop(witness)
            return Reading((), turn)
        if read is None:
            heard = _heard(witness)
            return Reading(_alone(heard if heard is not None else _tesseract(image, manner)))
        if manner.hears(Witness.DOUBTFUL) and page_confidence(_together(read, None)) < _DOUBTFUL_BELOW:
            witness = _start_witness(image, manner.language)
        return Reading(_together(read, _heard(witness)))

    def _read(self, image: Image, manner: Manner, *, turning: bool) -> tuple[tuple[OcrWord, ...] | None, int]:
        """Give PP-OCRv6's words and the turn needed; None for the words when it is not to be had."""
        if "rapidocr" not in manner.engines:
            return None, 0
        try:
            scan = self.ppocr.scan(image)
            turn = scan.turn() if turning else 0
            return (() if turn else scan.words()), turn
        except ModelMissing:
            return None, 0


def _stop(witness: TesseractRun | None) -> None:
    if witness:
        witness.stop()


def _start_witness(image: Image, language: str) -> TesseractRun | None:
    try:
        run = TesseractRun.start(image, language)
    except EngineFailed:
        return None
    run.feed()
    return run


def _heard(witness: TesseractRun | None) -> tuple[OcrWord, ...] | None:
    try:
        return witness.words() if witness else None
    except EngineFailed:
        return None


def _tesseract(image: Image, manner: Manner) -> tuple[OcrWord, ...]:
    if "tesseract" not in manner.engines or tesseract_path() is None:
        raise NoEngine
    try:
        return TesseractEngine(manner.language).read(image)
    except EngineFailed as failed:
        raise NoEngine from failed


def _together(read: tuple[OcrWord, ...], heard: tuple[OcrWord, ...] | None) -> tuple[Word, ...]:
    if heard is None:
        return tuple(_word(Judged(word), "rapidocr") for word in read)
    verdict = judge(read, heard)
    return (*(_word(judged, "both") for judged in verdict.judged), *_only_heard(verdict))


def _only_heard(verdict: Verdict) -> tuple[Word, ...]:
    """Keep what the witness alone saw where it is sure: a line that the other's detector missed."""
    return tuple(
        _word(Judged(word), "tesseract")
        for word in verdict.unseen
        if word.mean >= _UNSEEN_SURE and sum(c.isalnum() for c in word.text) >= _UNSEEN_LETTERS
    )


def _alone(heard: tuple[OcrWord, ...]) -> tuple[Word, ...]:
    return tuple(_word(Judged(word), "tesseract") for word in heard)


def _word(judged: Judged, basis: str) -> Word:
    word = judged.word
    others = (judged.heard if judged.likeness < 1 or " " in judged.heard else "", word.rival)
    alternatives = tuple(dict.fromkeys(other for other in others if other and other != word.text))
    source = WordSource.TESSERACT if basis == "tesseract" else WordSource.RAPIDOCR
    return Word(word.text, word.bbox, word_confidence().estimate(judged, basis), source, 0, alternatives)
