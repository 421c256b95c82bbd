"""Readings kept on disk by what was read and how: fitting and measuring again cost no engine's time."""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ingestion.adapters.ocr.ppocr.detection import DetectionSize, Detector, Quad
from ingestion.adapters.ocr.ppocr.engine import PpOcrEngine
from ingestion.adapters.ocr.ppocr.recognition import Recogniser
from ingestion.adapters.ocr.ppocr.weights import DETECTION, RECOGNITION
from ingestion.adapters.ocr.second_engine import TesseractWitness, Testimony
from ingestion.adapters.ocr.tesseract_program import tesseract_version
from ingestion.adapters.vision.line_strips import Sheet
from ingestion.domain.ocr.agreement import OcrWord
from ingestion.domain.ocr.line_words import ReadCharacter
from refinery.core.types import BoundingBox

Image = npt.NDArray[np.uint8]

_DECIMALS = 5
_RECOGNISER = f"{RECOGNITION.sha256[:8]} with what was overlooked"


class Store:
    """Answers by engine, its settings, and the pixels that it was shown; `asked` counts those that were new."""

    def __init__(self, folder: Path) -> None:
        """Keep them below `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        self._rows = sqlite3.connect(
            folder / "readings.sqlite", timeout=60, isolation_level=None, check_same_thread=False
        )
        self._rows.execute("PRAGMA journal_mode=WAL")
        self._rows.execute("PRAGMA synchronous=OFF")
        self._rows.execute("CREATE TABLE IF NOT EXISTS reading (key TEXT PRIMARY KEY, answer TEXT)")
        self.asked = 0

    def of(self, engine: str, image: Image, read: Callable[[], Any]) -> Any:  # noqa: ANN401 - any JSON
        """Give what the engine answered for these pixels, asking it only once."""
        digest = hashlib.blake2b(np.ascontiguousarray(image).data, digest_size=16)
        digest.update(repr(image.shape).encode())
        key = f"{engine}|{digest.hexdigest()}"
        kept = self._rows.execute("SELECT answer FROM reading WHERE key = ?", (key,)).fetchone()
        if kept:
            return json.loads(kept[0])
        self.asked += 1
        answer = read()
        self._rows.execute("INSERT OR REPLACE INTO reading VALUES (?, ?)", (key, json.dumps(answer)))
        return answer


class KeptDetector(Detector):
    """A detector that is loaded when a picture is new to it."""

    def __init__(self, store: Store, size: DetectionSize) -> None:
        """Take the size at which lines are looked for."""
        self._store = store
        self._asked = size
        self._name = f"{DETECTION.sha256[:8]} {size}"
        self._real: Detector | None = None

    def find(self, image: Image) -> list[Quad]:
        """Give each line's corners."""
        return [
            np.array(quad, dtype=np.float32)
            for quad in self._store.of(self._name, image, lambda: self._find(image))
        ]

    def _find(self, image: Image) -> list[list[list[float]]]:
        self._real = self._real or Detector(self._asked)
        return [quad.tolist() for quad in self._real.find(image)]


class KeptRecogniser(Recogniser):
    """A recogniser that is loaded when a line is new to it."""

    def __init__(self, store: Store) -> None:
        """Take the store."""
        self._store = store
        self._real: Recogniser | None = None

    def read(self, line: Image) -> tuple[ReadCharacter, ...]:
        """Read a line."""
        kept = self._store.of(_RECOGNISER, line, lambda: self._read(line))
        return tuple(ReadCharacter(*character) for character in kept)

    def _read(self, line: Image) -> list[list[object]]:
        self._real = self._real or Recogniser()
        return [
            [c.text, round(c.probability, _DECIMALS), round(c.at, _DECIMALS), c.rival,
             round(c.rival_probability, _DECIMALS), round(c.space, _DECIMALS), round(c.lost, _DECIMALS)]
            for c in self._real.read(line)
        ]  # fmt: skip


class KeptPpOcr(PpOcrEngine):
    """PP-OCRv6 whose answers are kept."""

    def __init__(self, store: Store, size: DetectionSize | None = None) -> None:
        """Take the store and the size at which lines are looked for."""
        super().__init__(size)
        self.__dict__["detector"] = KeptDetector(store, size or DetectionSize())
        self.__dict__["recogniser"] = KeptRecogniser(store)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a witness said."""

    said: tuple[OcrWord, ...] | None
    sheet: Sheet | None = None

    def words(self) -> tuple[OcrWord, ...] | None:
        """Give the words."""
        return self.sheet.on_page(self.said) if self.sheet and self.said is not None else self.said

    def stop(self) -> None:
        """Nothing runs."""


class KeptWitness(TesseractWitness):
    """Tesseract whose answers are kept; it is waited for, not heard beside."""

    def __init__(self, store: Store) -> None:
        """Take the store."""
        self._store = store

    def ask(self, image: Image, language: str, layout: int, sheet: Sheet | None = None) -> Testimony:
        """Ask about a picture that it has not seen."""

        def read() -> list[list[Any]] | None:
            words = TesseractWitness.ask(self, image, language, layout).words()
            return None if words is None else [[word.text, word.bbox.as_list(), word.mean] for word in words]

        kept = self._store.of(f"tesseract {tesseract_version()} {language} {layout}", image, read)
        if kept is None:
            return Kept(None)
        return Kept(tuple(OcrWord(text, BoundingBox(*box), sure, sure) for text, box, sure in kept), sheet)
