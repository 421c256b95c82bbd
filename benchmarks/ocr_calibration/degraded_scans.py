"""Papers once more as a poor scan of them: what is read badly all over must not be strange to what was fitted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image as Pillow
from PIL import ImageFilter

from benchmarks.ocr_calibration.receipts import Paper, TrueLine

Image = npt.NDArray[np.uint8]

_EVERY = 6  # one more than the folds: each of these is a fold further on
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Wear:
    """How poor a scan is: its size as a share, blur in pixels of it, contrast as a share, grain in grey levels."""

    size: float = 1.0
    blur: float = 0.0
    contrast: float = 1.0
    grain: float = 0.0


WEARS = (
    Wear(size=0.5, blur=0.8),
    Wear(blur=2.5, grain=12),
    Wear(contrast=0.15, grain=10),
    Wear(size=0.4, blur=0.6, contrast=0.5, grain=8),
    Wear(size=0.7, blur=1.2, grain=30),
)


@dataclass(frozen=True, slots=True)
class Worn:
    """A paper as a poor scan shows it; what stands on it is what it was."""

    paper: Paper
    wear: Wear
    seed: int

    @property
    def lines(self) -> tuple[TrueLine, ...]:
        """Give what stands on it."""
        return self.paper.lines

    def image(self) -> Image:
        """Give the picture as RGB: smaller, blurred, pale and grainy, the same one every time."""
        wear, picture = self.wear, Pillow.fromarray(self.paper.image())
        size = tuple(max(1, round(side * wear.size)) for side in picture.size)
        small = picture.resize((size[0], size[1]), Pillow.Resampling.BOX)
        small = small.filter(ImageFilter.GaussianBlur(wear.blur))
        grey = 255 - (255 - np.asarray(small, dtype=np.float64)) * wear.contrast
        grain = np.random.default_rng(self.seed).normal(0, wear.grain, grey.shape[:2])
        return np.asarray(np.clip(grey + grain[:, :, None], 0, 255), dtype=np.uint8)


def worn(papers: Sequence[Paper]) -> list[Paper]:
    """Give every sixth paper as a poor scan; put after them all, each is in the fold of the paper that it shows.

    Folds go by the number modulo five: nothing is judged by what has seen the same paper in another state.
    """
    chosen = papers[len(papers) % _FOLDS :: _EVERY]
    return [Worn(paper, WEARS[number % len(WEARS)], number) for number, paper in enumerate(chosen)]
