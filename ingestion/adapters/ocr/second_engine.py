"""Tesseract as the witness of what PP-OCRv6 reads: asked about a page or some of its lines, on another core."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ingestion.adapters.ocr.tesseract import BLOCK, PAGE, EngineFailed, TesseractRun
from ingestion.adapters.ocr.tesseract_program import tesseract_path
from ingestion.adapters.vision.line_strips import Sheet, paste
from ingestion.adapters.vision.preprocessing import enlargement, resized
from ingestion.domain.ocr.agreement import OcrWord
from refinery.core.types import BoundingBox

Image = npt.NDArray[np.uint8]


class Testimony(Protocol):
    """What a witness is saying: take its words, or stop listening."""

    def words(self) -> tuple[OcrWord, ...] | None:
        """Wait for the words; None when none came: it crashed, hung, or is not there."""
        ...

    def stop(self) -> None:
        """End it, whatever it does."""
        ...


class Witness(Protocol):
    """An engine that is heard beside another one; it starts at once and works while its caller does."""

    @property
    def there(self) -> bool:
        """Say whether it can be asked."""
        ...

    def page(self, image: Image, language: str, x_height: float = 0.0) -> Testimony:
        """Ask about a whole picture, whose small letters are so many pixels high (0: nobody knows)."""
        ...

    def lines(self, image: Image, boxes: Sequence[BoundingBox], language: str) -> Testimony:
        """Ask about some of its lines; words have their places on the whole picture."""
        ...


@dataclass(slots=True)
class Running:
    """A run whose words are on their way; with a sheet, it was shown lines pasted on that."""

    run: TesseractRun | None
    sheet: Sheet | None = None

    def words(self) -> tuple[OcrWord, ...] | None:
        """Wait for the words; None when none came."""
        try:
            words = self.run.words() if self.run else None
        except EngineFailed:
            return None
        return self.sheet.on_page(words) if self.sheet and words is not None else words

    def stop(self) -> None:
        """End it."""
        if self.run:
            self.run.stop()


class TesseractWitness:
    """Tesseract, each time as a process of its own."""

    @property
    def there(self) -> bool:
        """Say whether it is installed."""
        return tesseract_path() is not None

    def page(self, image: Image, language: str, x_height: float = 0.0) -> Testimony:
        """Ask about a picture, enlarged when its print is small."""
        larger = resized(image, enlargement(x_height, max(image.shape[:2])))
        return self.ask(larger, language, PAGE)

    def lines(self, image: Image, boxes: Sequence[BoundingBox], language: str) -> Testimony:
        """Ask about lines, pasted below one another."""
        sheet = paste(image, boxes)
        return self.ask(sheet.image, language, BLOCK, sheet)

    def ask(self, image: Image, language: str, layout: int, sheet: Sheet | None = None) -> Testimony:
        """Start Tesseract on a picture, which may be a sheet of lines."""
        try:
            run = TesseractRun.start(image, language, layout)
        except EngineFailed:
            return Running(None)
        run.feed()
        return Running(run, sheet)
