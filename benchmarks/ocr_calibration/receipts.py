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
class TrueLine:
    """A line of text as a person wrote it down, and where it stands."""

    bbox: BoundingBox
    text: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """A picture and the lines on it."""

    name: str
    picture: Path
    lines: tuple[TrueLine, ...]

    def image(self) -> Image:
        """Decode the picture as RGB."""
        with Pillow.open(self.picture) as picture:
            return np.asarray(picture.convert("RGB"), dtype=np.uint8)


class Paper(Protocol):
    """Something to read whose words are known."""

    @property
    def lines(self) -> tuple[TrueLine, ...]:
        """Give what stands on it."""
        ...

    def image(self) -> Image:
        """Give the picture as RGB."""
        ...


def choose(folder: Path, count: int, *, skip: int = 0) -> list[Receipt]:
    """Choose receipts in an order that their names' hashes give: the same ones every time, none preferred."""
    pictures = sorted(folder.glob("*.jpg"), key=lambda path: hashlib.sha256(path.stem.encode()).hexdigest())
    return [_load(path) for path in pictures[skip : skip + count]]


def in_rows(lines: Sequence[TrueLine]) -> list[TrueLine]:
    """Give the lines a row at a time, each from left to right, in whatever order they were written down."""
    rows: list[list[TrueLine]] = []
    for line in sorted(lines, key=_level):
        if rows and _level(line) < fmean(map(_level, rows[-1])) + min(each.bbox.height for each in rows[-1]) / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda each: each.bbox.x0)]


def _level(line: TrueLine) -> float:
    return (line.bbox.y0 + line.bbox.y1) / 2


def half_of(name: str) -> str:
    """Tell which half a receipt belongs to: `tune` is for fitting and for rules, figures come from `test`."""
    return "tune" if hashlib.sha256(f"split{name}".encode()).digest()[0] % 2 == 0 else "test"


def _load(picture: Path) -> Receipt:
    truth = json.loads(picture.with_suffix(".json").read_text(encoding="utf-8"))
    with Pillow.open(picture) as header:
        width, height = header.size
    lines = []
    for line in truth["lines"]:
        x0, y0, x1, y1 = line["bbox"]
        box = BoundingBox.clipped(x0 / width, y0 / height, x1 / width, y1 / height)
        lines.append(TrueLine(box, line["text"]))
    return Receipt(picture.stem, picture, tuple(lines))


def label(words: Sequence[OcrWord], paper: Paper) -> list[bool]:
    """Say of each word whether it is right: a person wrote down the very same one, in whatever case.

    One that was read more often than it was written down is right that often alone. Where it stands does not
    count: the boxes of what was written down are often a line off.
    """
    left = Counter(text for line in paper.lines for text in line.text.casefold().split())
    verdicts = []
    for word in words:
        text = word.text.casefold()
        verdicts.append(left[text] > 0)
        left[text] -= verdicts[-1]
    return verdicts
