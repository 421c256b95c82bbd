"""Made-up forms at 90 dots an inch with their exact truth: small print, and words that receipts have not."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow

from benchmarks.ocr_calibration.receipts import TrueLine
from refinery.core.types import BoundingBox
from samples.generate import make_sample
from samples.plans import Plan

Image = npt.NDArray[np.uint8]

KINDS = ("invoice", "lab_report", "discharge_letter")
SEEDS = {"tune": 31, "test": 32}
_PAGE = BoundingBox(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Form:
    """A page of a form, and the words on it as one line: where they stand is not asked."""

    name: str
    pixels: Image
    lines: tuple[TrueLine, ...]

    def image(self) -> Image:
        """Give the picture as RGB."""
        return self.pixels


def forms(half: str, count: int) -> Iterator[Form]:
    """Yield the pages of so many forms of a half: the same ones every time, each half its own."""
    for index in range(count):
        kind = KINDS[index % len(KINDS)]
        plan = Plan(kind, SEEDS[half], index, f"{kind}-{index}", scan=True, profile="low_resolution",
                    extension="tif", long=False)  # fmt: skip
        sample = make_sample(plan)
        with Pillow.open(io.BytesIO(sample.content)) as scan:
            for page in range(getattr(scan, "n_frames", 1)):
                scan.seek(page)
                told: Any = sample.truth["words"]
                text = " ".join(word["text"] for word in told if word["page"] == page + 1)
                picture = np.asarray(scan.convert("RGB"), dtype=np.uint8)
                yield Form(f"{sample.name}-{page + 1}", picture, (TrueLine(_PAGE, text),))
