"""Detection of page rotation (90, 180, 270 degrees) from the direction of the words in each line.

The engines rotate such a page upright before they read it, so its words come in reading order, but their boxes
are where the page shows them. Code that looks for values beside or below a word needs upright boxes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ingestion.domain.page.elements import PageReading, Word
from ingestion.domain.page.rotation import QUARTER_TURNS, rotate_box
from ingestion.domain.page.scripts import RTL_SCRIPT

_MOST = 0.7  # of the length of all lines: a few beside a figure, or one along the margin, do not decide
_ALONG = 3.0  # times as far one way as the other: a line, not scattered words
_LEAST = 2  # lines

_RIGHT, _UP, _LEFT, _DOWN = range(4)  # each a quarter, clockwise, away from being upright


def detect_orientation(page: PageReading) -> int:
    """Return by how many quarters, clockwise, a page must be rotated to be upright."""
    directions = list(_line_directions(page))
    total = sum(length for _, length in directions)
    for direction in (_UP, _LEFT, _DOWN):
        lengths = [length for each, length in directions if each == direction]
        if len(lengths) >= _LEAST and sum(lengths) > _MOST * total:
            return direction
    return _RIGHT


def rotate_upright(page: PageReading, quarters: int) -> PageReading:
    """Return the page with its words and size rotated; nothing else is rotated."""
    if not quarters:
        return page
    width, height = (page.height, page.width) if quarters % 2 else (page.width, page.height)
    words = tuple(replace(word, bbox=rotate_box(word.bbox, quarters)) for word in page.words)
    return replace(page, width=width, height=height, words=words)


def inverse_rotation(quarters: int) -> int:
    """Return the rotation that undoes one."""
    return -quarters % QUARTER_TURNS


def _line_directions(page: PageReading) -> Iterator[tuple[int, float]]:
    """Return the direction of each line of several words, and its length in pixels."""
    for line in page.lines:
        if len(line) > 1 and not _leftward(line):
            first, last = line[0].bbox, line[-1].bbox
            across = (last.x0 + last.x1 - first.x0 - first.x1) / 2 * page.width
            down = (last.y0 + last.y1 - first.y0 - first.y1) / 2 * page.height
            if abs(across) > _ALONG * abs(down):
                yield (_RIGHT if across > 0 else _LEFT), abs(across)
            elif abs(down) > _ALONG * abs(across):
                yield (_DOWN if down > 0 else _UP), abs(down)


def _leftward(line: Iterable[Word]) -> bool:
    return any(RTL_SCRIPT.search(word.text) for word in line)
