"""Cache of readings on disk, by content and settings: repeated fits and measurements need no OCR."""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ingestion.adapters.ocr.ppocr.detection import DetectionSize, Detector, Quad
from ingestion.adapters.ocr.ppocr.engine import PpOcrEngine
from ingestion.adapters.ocr.ppocr.inference import PRECISION, runtime_of
from ingestion.adapters.ocr.ppocr.recognition import Recogniser
from ingestion.adapters.ocr.ppocr.weights import DETECTION, RECOGNITION, ModelFile
from ingestion.adapters.ocr.second_engine import SecondEngineRun, TesseractSecondEngine
from ingestion.adapters.ocr.tesseract_program import tesseract_version
from ingestion.adapters.vision.line_strips import PastedLines
from ingestion.domain.ocr.agreement import OcrWord
from ingestion.domain.ocr.line_words import ReadCharacter
from refinery.core.types import BoundingBox

Image = npt.NDArray[np.uint8]

_DECIMALS = 5


class ReadingCache:
    """Results by engine, its settings, and the pixels it read; `misses` counts the cache misses."""

    def __init__(self, folder: Path) -> None:
        """Store them below `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        self._rows = sqlite3.connect(
            folder / "readings.sqlite", timeout=60, isolation_level=None, check_same_thread=False
        )
        self._rows.execute("PRAGMA journal_mode=WAL")
        self._rows.execute("PRAGMA synchronous=OFF")
        self._rows.execute("CREATE TABLE IF NOT EXISTS reading (key TEXT PRIMARY KEY, answer TEXT)")
        self.misses = 0

    def get_or_read(self, engine: str, image: Image, read: Callable[[], Any]) -> Any:  # noqa: ANN401 - any JSON
        """Return the engine's result for these pixels, calling it only once."""
        digest = hashlib.blake2b(np.ascontiguousarray(image).data, digest_size=16)
        digest.update(repr(image.shape).encode())
        key = f"{engine}|{digest.hexdigest()}"
        cached = self._rows.execute("SELECT answer FROM reading WHERE key = ?", (key,)).fetchone()
        if cached:
            return json.loads(cached[0])
        self.misses += 1
        answer = read()
        self._rows.execute("INSERT OR REPLACE INTO reading VALUES (?, ?)", (key, json.dumps(answer)))
        return answer


def computed_by(model: ModelFile) -> str:
    """Return the model with its runtime and precision: results of another precision are read anew."""
    runtime = runtime_of(model)
    return f"{model.sha256[:8]} {runtime} {version(runtime)} {PRECISION}"


class CachedDetector(Detector):
    """Detector that is loaded when a picture is not cached."""

    def __init__(self, store: ReadingCache, size: DetectionSize) -> None:
        """Store the size for line detection."""
        self._store = store
        self._asked = size
        self._name = f"{computed_by(DETECTION)} {size}"
        self._real: Detector | None = None

    def find(self, image: Image) -> list[Quad]:
        """Return each line's corners."""
        return [
            np.array(quad, dtype=np.float32)
            for quad in self._store.get_or_read(self._name, image, lambda: self._find(image))
        ]

    def _find(self, image: Image) -> list[list[list[float]]]:
        self._real = self._real or Detector(self._asked)
        return [quad.tolist() for quad in self._real.find(image)]


class CachedRecogniser(Recogniser):
    """Recogniser that is loaded when a line is not cached."""

    def __init__(self, store: ReadingCache) -> None:
        """Store the cache."""
        self._store = store
        self._name = f"{computed_by(RECOGNITION)} with what was overlooked"
        self._real: Recogniser | None = None

    def read(self, line: Image) -> tuple[ReadCharacter, ...]:
        """Read a line."""
        cached = self._store.get_or_read(self._name, line, lambda: self._read(line))
        return tuple(ReadCharacter(*character) for character in cached)

    def _read(self, line: Image) -> list[list[object]]:
        self._real = self._real or Recogniser()
        return [
            [
                c.text,
                round(c.probability, _DECIMALS),
                round(c.position, _DECIMALS),
                c.runner_up,
                round(c.runner_up_probability, _DECIMALS),
                round(c.space, _DECIMALS),
                round(c.missed_character, _DECIMALS),
            ]
            for c in self._real.read(line)
        ]


class CachedPpOcrEngine(PpOcrEngine):
    """PP-OCRv6 with cached results."""

    def __init__(self, store: ReadingCache, size: DetectionSize | None = None) -> None:
        """Store the cache and the size for line detection."""
        super().__init__(size)
        self.__dict__["detector"] = CachedDetector(store, size or DetectionSize())
        self.__dict__["recogniser"] = CachedRecogniser(store)


@dataclass(frozen=True, slots=True)
class CachedReading:
    """Cached result of a second engine."""

    page_words: tuple[OcrWord, ...] | None
    sheet: PastedLines | None = None

    def words(self) -> tuple[OcrWord, ...] | None:
        """Return the words."""
        return self.sheet.on_page(self.page_words) if self.sheet and self.page_words is not None else self.page_words

    def stop(self) -> None:
        """Do nothing, because no process runs."""


class CachedTesseract(TesseractSecondEngine):
    """Tesseract with cached results; it runs synchronously, not concurrently."""

    def __init__(self, store: ReadingCache) -> None:
        """Store the cache."""
        self._store = store

    def start_run(
        self, image: Image, language: str, segmentation: int, sheet: PastedLines | None = None
    ) -> SecondEngineRun:
        """Read a picture that is not cached."""

        def read() -> list[list[Any]] | None:
            words = TesseractSecondEngine.start_run(self, image, language, segmentation).words()
            return None if words is None else [[word.text, word.bbox.as_list(), word.mean_confidence] for word in words]

        cached = self._store.get_or_read(f"tesseract {tesseract_version()} {language} {segmentation}", image, read)
        if cached is None:
            return CachedReading(None)
        return CachedReading(tuple(OcrWord(text, BoundingBox(*box), sure, sure) for text, box, sure in cached), sheet)
