"""Receipts with their truth: `NAME.jpg` and `NAME.json`, whose `lines` have `bbox` in pixels and `text`."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow

from ingestion.domain.ocr.agreement import OcrWord
from refinery.core.types import BoundingBox

Image = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class TruthLine:
    """Line of text as a person transcribed it, with its position."""

    bbox: BoundingBox
    text: str


@dataclass(frozen=True, slots=True)
class ReceiptScan:
    """Picture and its lines."""

    name: str
    picture: Path
    lines: tuple[TruthLine, ...]

    def image(self) -> Image:
        """Decode the picture as RGB."""
        with Pillow.open(self.picture) as picture:
            return np.asarray(picture.convert("RGB"), dtype=np.uint8)


class LabelledScan(Protocol):
    """Picture whose words are known."""

    @property
    def lines(self) -> tuple[TruthLine, ...]:
        """Return its lines."""
        ...

    def image(self) -> Image:
        """Return the picture as RGB."""
        ...


def select_receipts(folder: Path, count: int, *, skip: int = 0) -> list[ReceiptScan]:
    """Select receipts in the order of their names' hashes: reproducible and unbiased."""
    pictures = sorted(folder.glob("*.jpg"), key=lambda path: hashlib.sha256(path.stem.encode()).hexdigest())
    return [_load(path) for path in pictures[skip : skip + count]]


def in_rows(lines: Sequence[TruthLine]) -> list[TruthLine]:
    """Return the lines row by row, each from left to right, independent of their original order."""
    rows: list[list[TruthLine]] = []
    for line in sorted(lines, key=_level):
        if rows and _level(line) < fmean(map(_level, rows[-1])) + min(each.bbox.height for each in rows[-1]) / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda each: each.bbox.x0)]


def _level(line: TruthLine) -> float:
    return (line.bbox.y0 + line.bbox.y1) / 2


def corpus_half(name: str) -> str:
    """Return the half of a receipt: `tune` is for fitting and for rules, `test` for reported figures."""
    return "tune" if hashlib.sha256(f"split{name}".encode()).digest()[0] % 2 == 0 else "test"


def _load(picture: Path) -> ReceiptScan:
    truth = json.loads(picture.with_suffix(".json").read_text(encoding="utf-8"))
    with Pillow.open(picture) as header:
        width, height = header.size
    lines = []
    for line in truth["lines"]:
        x0, y0, x1, y1 = line["bbox"]
        box = BoundingBox.clipped(x0 / width, y0 / height, x1 / width, y1 / height)
        lines.append(TruthLine(box, line["text"]))
    return ReceiptScan(picture.stem, picture, tuple(lines))


def label_words(words: Sequence[OcrWord], scan: LabelledScan) -> list[bool]:
    """Return for each word whether it is right: the truth has the same word, ignoring case.

    A word that was read more often than it occurs in the truth is right only that often. Positions are not compared:
    the boxes of the truth are often a line off.
    """
    left = Counter(text for line in scan.lines for text in line.text.casefold().split())
    labels = []
    for word in words:
        text = word.text.casefold()
        labels.append(left[text] > 0)
        left[text] -= labels[-1]
    return labels
