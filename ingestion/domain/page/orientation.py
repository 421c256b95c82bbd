"""Pages that were read lying on a side or on their head: told by where the words of their lines go.

The engines set such a page upright before they read it, and its words come in the order of reading; their boxes
lie where the page shows them. Who looks for what stands beside or below a word has to see them upright again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ingestion.domain.page.elements import PageReading, Word
from ingestion.domain.page.rotation import QUARTERS, turned_box
from ingestion.domain.page.scripts import LEFTWARD

_MOST = 0.7  # of the length of all lines: a few beside a figure, or one along the margin, turn no page
_ALONG = 3.0  # times as far one way as the other: a line, not words that stand about
_LEAST = 2  # lines

_RIGHT, _UP, _LEFT, _DOWN = range(4)  # each a quarter, clockwise, away from being upright


def lie_of(page: PageReading) -> int:
    """Give by how many quarters, clockwise, a page has to be turned to stand upright."""
    ways = list(_ways(page))
    total = sum(length for _, length in ways)
    for way in (_UP, _LEFT, _DOWN):
        told = [length for each, length in ways if each == way]
        if len(told) >= _LEAST and sum(told) > _MOST * total:
            return way
    return _RIGHT


def set_upright(page: PageReading, quarters: int) -> PageReading:
    """Give the page's words as they stand once it is turned; nothing else of it is turned."""
    if not quarters:
        return page
    width, height = (page.height, page.width) if quarters % 2 else (page.width, page.height)
    words = tuple(replace(word, bbox=turned_box(word.bbox, quarters)) for word in page.words)
    return replace(page, width=width, height=height, words=words)


def back(quarters: int) -> int:
    """Give the turn that undoes one."""
    return -quarters % QUARTERS


def _ways(page: PageReading) -> Iterator[tuple[int, float]]:
    """Give the way of each line of several words, and its length in pixels."""
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
    return any(LEFTWARD.search(word.text) for word in line)
