"""Papers as poor scans, so that the fit also covers pages that are badly read everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow
from PIL import ImageFilter

from benchmarks.ocr_calibration.receipts import LabelledScan, TruthLine

Image = npt.NDArray[np.uint8]

_EVERY = 6  # one more than the folds, so that each of these is in the next fold
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class DegradationLevel:
    """Quality of a scan: size as a share, blur in its pixels, contrast as a share, grain in grey levels."""

    size: float = 1.0
    blur: float = 0.0
    contrast: float = 1.0
    grain: float = 0.0


DEGRADATION_LEVELS = (
    DegradationLevel(size=0.5, blur=0.8),
    DegradationLevel(blur=2.5, grain=12),
    DegradationLevel(contrast=0.15, grain=10),
    DegradationLevel(size=0.4, blur=0.6, contrast=0.5, grain=8),
    DegradationLevel(size=0.7, blur=1.2, grain=30),
)


@dataclass(frozen=True, slots=True)
class DegradedScan:
    """Paper as a poor scan, with the same text."""

    original: LabelledScan
    degradation: DegradationLevel
    seed: int

    @property
    def lines(self) -> tuple[TruthLine, ...]:
        """Return the lines of the paper."""
        return self.original.lines

    def image(self) -> Image:
        """Return the picture as RGB: smaller, blurred, pale and grainy, reproducibly."""
        degradation, picture = self.degradation, Pillow.fromarray(self.original.image())
        size = tuple(max(1, round(side * degradation.size)) for side in picture.size)
        small = picture.resize((size[0], size[1]), Pillow.Resampling.BOX)
        small = small.filter(ImageFilter.GaussianBlur(degradation.blur))
        grey = 255 - (255 - np.asarray(small, dtype=np.float64)) * degradation.contrast
        grain = np.random.default_rng(self.seed).normal(0, degradation.grain, grey.shape[:2])
        return np.asarray(np.clip(grey + grain[:, :, None], 0, 255), dtype=np.uint8)


def degraded_scans(scans: Sequence[LabelledScan]) -> list[LabelledScan]:
    """Return every sixth paper as a poor scan; appended to all papers, each is in the fold of its original.

    Folds are the index modulo five: no paper is evaluated by a model that was fitted on another version of it.
    """
    chosen = scans[len(scans) % _FOLDS :: _EVERY]
    return [
        DegradedScan(paper, DEGRADATION_LEVELS[number % len(DEGRADATION_LEVELS)], number)
        for number, paper in enumerate(chosen)
    ]
