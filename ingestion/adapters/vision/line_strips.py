"""Lines cut out of a page and pasted below one another, so that a second engine reads only doubted lines."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from ingestion.adapters.vision.preprocessing import crop_to, rescale, to_full_image
from ingestion.domain.ocr.agreement import OcrWord
from refinery.core.types import BoundingBox

Image = npt.NDArray[np.uint8]

LINE_HEIGHT = 44.0  # pixels of a pasted line, ascenders and descenders included: small letters of about 20
_SCALE = (0.25, 4.0)
_ROOM = 0.25  # of a line's height, cut out above and below it
_GAP = 24  # pixels of paper between lines, and around them all


@dataclass(frozen=True, slots=True)
class PastedLine:
    """Place of a line: its position on the pasted image in pixels, and its part of the page."""

    left: int
    top: int
    width: int
    height: int
    frame: BoundingBox


@dataclass(frozen=True, slots=True)
class PastedLines:
    """Lines pasted on grey paper, one below the other."""

    image: Image
    strips: tuple[PastedLine, ...]

    def on_page(self, words: Sequence[OcrWord]) -> tuple[OcrWord, ...]:
        """Map words read on the pasted image to the page; words between lines are left out."""
        return tuple(placed for word in words if (placed := self._placed(word)) is not None)

    def _placed(self, word: OcrWord) -> OcrWord | None:
        height, width = self.image.shape[:2]
        middle = (word.bbox.y0 + word.bbox.y1) / 2 * height
        strip = next((s for s in self.strips if s.top <= middle <= s.top + s.height), None)
        if strip is None:
            return None
        box = BoundingBox.clipped(
            (word.bbox.x0 * width - strip.left) / strip.width,
            (word.bbox.y0 * height - strip.top) / strip.height,
            (word.bbox.x1 * width - strip.left) / strip.width,
            (word.bbox.y1 * height - strip.top) / strip.height,
        )
        return replace(word, bbox=to_full_image(box, strip.frame))


def paste_lines(image: Image, boxes: Sequence[BoundingBox]) -> PastedLines:
    """Cut the boxes out of an RGB image and paste them, each at the size of print that engines read best."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    pieces = [_line_crop(grey, box) for box in boxes]
    width = max((piece.shape[1] for piece, _ in pieces), default=1) + 2 * _GAP
    height = sum(piece.shape[0] + _GAP for piece, _ in pieces) + _GAP
    sheet = np.full((height, width), np.uint8(np.median(grey[::8, ::8])), np.uint8)
    top, strips = _GAP, []
    for piece, frame in pieces:
        down, across = piece.shape
        sheet[top : top + down, _GAP : _GAP + across] = piece
        strips.append(PastedLine(_GAP, top, across, down, frame))
        top += down + _GAP
    return PastedLines(sheet, tuple(strips))


def _line_crop(grey: Image, box: BoundingBox) -> tuple[Image, BoundingBox]:
    room_down = _ROOM * box.height
    room_across = room_down * grey.shape[0] / grey.shape[1]
    wide = BoundingBox.clipped(box.x0 - room_across, box.y0 - room_down, box.x1 + room_across, box.y1 + room_down)
    part, frame = crop_to(grey, wide)
    least, most = _SCALE
    scale = min(max(LINE_HEIGHT / max(box.height * grey.shape[0], 1.0), least), most)
    return rescale(part, scale), frame
