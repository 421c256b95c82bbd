"""Generated forms at 90 dpi with their exact truth: small print, and words that receipts do not have."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow

from benchmarks.ocr_calibration.receipts import TruthLine
from refinery.core.types import BoundingBox
from samples.generate import make_sample
from samples.plans import SamplePlan

Image = npt.NDArray[np.uint8]

KINDS = ("invoice", "lab_report", "discharge_letter")
SEEDS = {"tune": 31, "test": 32}
_PAGE = BoundingBox(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class FormScan:
    """Page of a form, with its words as one line, because positions are not used."""

    name: str
    pixels: Image
    lines: tuple[TruthLine, ...]

    def image(self) -> Image:
        """Return the picture as RGB."""
        return self.pixels


def generate_forms(half: str, count: int) -> Iterator[FormScan]:
    """Yield the pages of the forms of a half: reproducible, and different in each half."""
    for index in range(count):
        kind = KINDS[index % len(KINDS)]
        plan = SamplePlan(
            kind,
            SEEDS[half],
            index,
            f"{kind}-{index}",
            scan=True,
            profile="low_resolution",
            extension="tif",
            long=False,
        )
        sample = make_sample(plan)
        with Pillow.open(io.BytesIO(sample.content)) as scan:
            for page in range(getattr(scan, "n_frames", 1)):
                scan.seek(page)
                truth_words: Any = sample.truth["words"]
                text = " ".join(word["text"] for word in truth_words if word["page"] == page + 1)
                picture = np.asarray(scan.convert("RGB"), dtype=np.uint8)
                yield FormScan(f"{sample.name}-{page + 1}", picture, (TruthLine(_PAGE, text),))
