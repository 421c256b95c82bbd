"""Receipts with their truth: `NAME.jpg` and `NAME.json`, whose `lines` have `bbox` in pixels and `text`."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, pairwise
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


def label(words: Sequence[OcrWord], receipt: Receipt) -> list[bool | None]:
    """Say of each word whether all its characters are right, None where nobody wrote down what stands there.

    Case and blanks do not count: receipts were written down in capitals, and where one word ends is often a
    matter of taste ("RM 9.00", "RM9.00").
    """
    verdicts: list[bool | None] = [None] * len(words)
    for line in receipt.lines:
        inside = sorted((i for i, word in enumerate(words) if _on(line, word)), key=lambda i: words[i].bbox.x0)
        for index, right in zip(inside, _matched([words[i].text for i in inside], line.text), strict=True):
            verdicts[index] = bool(verdicts[index]) or right
    return verdicts


def _matched(read: Sequence[str], truth: str) -> list[bool]:
    """Lay the words read on a line against the line's truth: right are those that match without a break."""
    texts = [text.casefold() for text in read]
    target = "".join(truth.casefold().split())
    matcher = SequenceMatcher(None, "".join(texts), target, autojunk=False)
    same = {match.a + step for match in matcher.get_matching_blocks() for step in range(match.size)}
    ends = list(accumulate((len(text) for text in texts), initial=0))
    return [all(at in same for at in range(start, stop)) for start, stop in pairwise(ends)]


def _on(line: TrueLine, word: OcrWord) -> bool:
    return _holds(line.bbox, (word.bbox.x0 + word.bbox.x1) / 2, (word.bbox.y0 + word.bbox.y1) / 2)


def _holds(box: BoundingBox, x: float, y: float) -> bool:
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1
