"""Second engine: Tesseract reads a page or some of its lines on another core, to check PP-OCRv6."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ingestion.adapters.ocr.tesseract import PSM_BLOCK, PSM_PAGE, EngineFailed, TesseractRun
from ingestion.adapters.ocr.tesseract_program import tesseract_languages, tesseract_path
from ingestion.adapters.vision.line_strips import PastedLines, paste_lines
from ingestion.adapters.vision.preprocessing import enlargement, rescale
from ingestion.domain.ocr.agreement import OcrWord
from refinery.core.types import BoundingBox

Image = npt.NDArray[np.uint8]


class SecondEngineRun(Protocol):
    """Reading in progress: wait for its words, or stop it."""

    def words(self) -> tuple[OcrWord, ...] | None:
        """Wait for the words; None if the engine crashed, hung or is not installed."""
        ...

    def stop(self) -> None:
        """Stop the run."""
        ...


class SecondEngine(Protocol):
    """Engine that reads in parallel to its caller; it starts at once."""

    @property
    def available(self) -> bool:
        """Return whether the engine can be used."""
        ...

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages that the engine has installed."""
        ...

    def read_page(self, image: Image, language: str, x_height: float = 0.0) -> SecondEngineRun:
        """Read a whole image with small letters `x_height` pixels high (0: unknown)."""
        ...

    def read_lines(self, image: Image, boxes: Sequence[BoundingBox], language: str) -> SecondEngineRun:
        """Read some lines of an image; words have their positions on the whole image."""
        ...


@dataclass(slots=True)
class PendingTesseractRun:
    """Tesseract run in progress; `pasted` are the lines on the image that it reads, if it reads only lines."""

    run: TesseractRun | None
    pasted: PastedLines | None = None

    def words(self) -> tuple[OcrWord, ...] | None:
        """Wait for the words; None if there are none."""
        try:
            words = self.run.words() if self.run else None
        except EngineFailed:
            return None
        return self.pasted.on_page(words) if self.pasted and words is not None else words

    def stop(self) -> None:
        """Stop the run."""
        if self.run:
            self.run.stop()


class TesseractSecondEngine:
    """Tesseract as second engine, in a separate process for each run."""

    @property
    def available(self) -> bool:
        """Return whether it is installed."""
        return tesseract_path() is not None

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages whose data are installed."""
        return tesseract_languages()

    def read_page(self, image: Image, language: str, x_height: float = 0.0) -> SecondEngineRun:
        """Read an image, enlarged if its print is small."""
        larger = rescale(image, enlargement(x_height, max(image.shape[:2])))
        return self.start_run(larger, language, PSM_PAGE)

    def read_lines(self, image: Image, boxes: Sequence[BoundingBox], language: str) -> SecondEngineRun:
        """Read lines, pasted below one another."""
        sheet = paste_lines(image, boxes)
        return self.start_run(sheet.image, language, PSM_BLOCK, sheet)

    def start_run(
        self, image: Image, language: str, segmentation: int, sheet: PastedLines | None = None
    ) -> SecondEngineRun:
        """Start Tesseract on an image, which may consist of pasted lines."""
        try:
            run = TesseractRun.start(image, language, segmentation)
        except EngineFailed:
            return PendingTesseractRun(None)
        run.feed()
        return PendingTesseractRun(run, sheet)
