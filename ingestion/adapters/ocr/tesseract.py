"""Tesseract as a separate process: it gets an image and returns words with confidences; it is killed if it hangs."""

import csv
import io
import os
import re
import subprocess
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ingestion.adapters.ocr.tesseract_program import tesseract_path
from ingestion.domain.ocr.agreement import OcrWord
from refinery.core.types import BoundingBox

Image = npt.NDArray[np.uint8]

_LANGUAGE = re.compile(r"[A-Za-z]{3}(?:_[A-Za-z]{2,8})?(?:\+[A-Za-z]{3}(?:_[A-Za-z]{2,8})?){0,5}")
_WORD_LEVEL = "5"
_LONG_SIDE_TO = 2400
_SHEET_SIDE_TO = 8000
_SECONDS_TO = 90
PSM_PAGE, PSM_BLOCK = 3, 6  # page segmentation of Tesseract: columns and blocks, or lines one below the other


class EngineFailed(Exception):
    """The engine returned no result: it is missing, crashed or hung."""


def check_language(language: str) -> str:
    """Return `language` if it has the form that Tesseract takes ("eng", "deu+fra"); raises ValueError otherwise."""
    if not _LANGUAGE.fullmatch(language):
        message = "a language is three letters, several joined by +"
        raise ValueError(message)
    return language


@dataclass(frozen=True, slots=True)
class TesseractRun:
    """Run of Tesseract on an image; start it, do other work, then collect its words."""

    process: "subprocess.Popen[bytes]"
    picture: bytes
    width: int
    height: int

    @classmethod
    def start(cls, image: Image, language: str = "eng", segmentation: int = PSM_PAGE) -> "TesseractRun":
        """Start reading a grey or RGB image on another core; raises EngineFailed if it cannot start."""
        program = tesseract_path()
        if program is None:
            message = "tesseract is not installed"
            raise EngineFailed(message)
        grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) if image.ndim == 3 else image
        scale = min(1.0, (_LONG_SIDE_TO if segmentation == PSM_PAGE else _SHEET_SIDE_TO) / max(grey.shape))
        small = grey if scale == 1 else cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        height, width = small.shape
        options = ["-l", check_language(language), "--psm", str(segmentation), "--dpi", "200"]
        command = [program, "stdin", "stdout", *options, "tsv"]
        try:
            process = subprocess.Popen(  # noqa: S603 - a fixed program, a checked language, no shell
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )
        except OSError as refused:
            raise EngineFailed(str(refused)) from refused
        picture = b"P5\n%d %d\n255\n" % (width, height) + np.ascontiguousarray(small).tobytes()
        return cls(process, picture, width, height)

    def feed(self) -> None:
        """Write the image to the process at once, so that it reads while the caller works."""
        stdin = self.process.stdin
        if stdin is None:
            return
        try:
            stdin.write(self.picture)
            stdin.close()
        except OSError:
            pass  # it died: words() reports that
        self.process.stdin = None

    def words(self) -> tuple[OcrWord, ...]:
        """Wait for the words; raises EngineFailed if Tesseract crashes or hangs."""
        try:
            answer, _ = self.process.communicate(timeout=_SECONDS_TO)
        except subprocess.TimeoutExpired as hung:
            self.stop()
            raise EngineFailed("tesseract hung") from hung
        if self.process.returncode:
            message = f"tesseract ended with {self.process.returncode}"
            raise EngineFailed(message)
        return _parse(answer.decode("utf-8", "replace"), self.width, self.height)

    def stop(self) -> None:
        """Stop the process."""
        self.process.kill()
        self.process.communicate()


def _parse(table: str, width: int, height: int) -> tuple[OcrWord, ...]:
    rows = csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple(word for row in rows if (word := _word(row, width, height)) is not None)


def _word(row: dict[str, str], width: int, height: int) -> OcrWord | None:
    text = (row.get("text") or "").strip()
    if row.get("level") != _WORD_LEVEL or not text:
        return None
    left, top = int(row["left"]), int(row["top"])
    box = BoundingBox.clipped(
        left / width, top / height, (left + int(row["width"])) / width, (top + int(row["height"])) / height
    )
    confidence = min(max(float(row["conf"]) / 100, 0.0), 1.0)
    return OcrWord(text, box, confidence, confidence)
