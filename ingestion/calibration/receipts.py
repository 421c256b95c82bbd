"""Receipts with their truth: `NAME.jpg` and `NAME.json`, whose `lines` have `bbox` in pixels and `text`."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow

from ingestion.domain.agreement import OcrWord
from refinery.types import BoundingBox

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


def choose(folder: Path, count: int, *, skip: int = 0) -> list[Receipt]:
    """Choose receipts in an order that their names' hashes give: the same ones every time, none preferred."""
    pictures = sorted(folder.glob("*.jpg"), key=lambda path: hashlib.sha256(path.stem.encode()).hexdigest())
    return [_load(path) for path in pictures[skip : skip + count]]


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


def label(words: Sequence[OcrWord], receipt: Receipt) -> list[bool | None]:
    """Say of each word whether it is right (case aside), None where nobody wrote down what stands there."""
    left = [line.text.casefold().split() for line in receipt.lines]
    return [_right(word, receipt, left) for word in words]


def _right(word: OcrWord, receipt: Receipt, left: list[list[str]]) -> bool | None:
    x, y = (word.bbox.x0 + word.bbox.x1) / 2, (word.bbox.y0 + word.bbox.y1) / 2
    at = [i for i, line in enumerate(receipt.lines) if _holds(line.bbox, x, y)]
    for index in at:
        if word.text.casefold() in left[index]:
            left[index].remove(word.text.casefold())
            return True
    return False if at else None


def _holds(box: BoundingBox, x: float, y: float) -> bool:
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1
