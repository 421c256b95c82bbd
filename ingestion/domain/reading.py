"""Loose words become a page: lines, reading order, blocks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

from ingestion.domain.layout import Block, BlockKind, Word
from refinery.types import BoundingBox

_SAME_LINE = 0.5  # share of the smaller height by which a word and its line overlap
_WIDE_GAP = 1.6  # in line heights: parts of a line this far apart are cells, not a sentence
_COLUMN_LINES = 6
_COLUMN_WORDS = 3.5
_BLOCK_GAP = 0.9  # in line heights
_TITLE_HEIGHT = 1.25
_TITLE_LINES = 2
_TABLE_ROWS = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """A page's words in reading order with their lines numbered, and the blocks they form."""

    words: tuple[Word, ...]
    blocks: tuple[Block, ...]


Line = list[Word]


def arrange(words: Sequence[Word], *, aspect: float) -> Layout:
    """Order the words of an upright page; `aspect` is its height divided by its width.

    Words on one level make one line, however far apart, for a label and its value belong together; only true
    columns of running text are read one after the other.
    """
    printed = [word for word in words if word.text]
    ordered = [line for part in _columns(printed, aspect) for line in _lines(part)]
    numbered = [[replace(word, line=index) for word in line] for index, line in enumerate(ordered)]
    return Layout(
        tuple(word for line in numbered for word in line), tuple(_blocks(numbered, aspect)) if numbered else ()
    )


def _lines(words: Sequence[Word]) -> list[Line]:
    """Group words into lines from top to bottom, each from left to right."""
    lines: list[Line] = []
    for word in sorted(words, key=lambda w: (w.bbox.y0 + w.bbox.y1, w.bbox.x0)):
        home = _best_line(word, lines[-4:])
        if home is None:
            lines.append([word])
        else:
            home.append(word)
    for line in lines:
        line.sort(key=lambda w: w.bbox.x0)
    return sorted(lines, key=_middle)


def _best_line(word: Word, lines: Sequence[Line]) -> Line | None:
    best, share = None, _SAME_LINE
    for line in lines:
        top, bottom = _band(line)
        height = min(word.bbox.height, bottom - top) or 1e-9
        overlap = (min(word.bbox.y1, bottom) - max(word.bbox.y0, top)) / height
        if overlap >= share and not _stacked(word, line):
            best, share = line, overlap
    return best


def _stacked(word: Word, line: Line) -> bool:
    """Say whether the word stands above or below a word of the line, rather than beside it."""
    return any(
        min(word.bbox.x1, other.bbox.x1) - max(word.bbox.x0, other.bbox.x0)
        > 0.5 * min(word.bbox.width, other.bbox.width)
        for other in line
    )


def _band(line: Line) -> tuple[float, float]:
    return median(word.bbox.y0 for word in line), median(word.bbox.y1 for word in line)


def _middle(line: Line) -> float:
    top, bottom = _band(line)
    return top + bottom


def _height(words: Sequence[Word]) -> float:
    return median(word.bbox.height for word in words) or 1e-6


def _cells(line: Line, gap: float) -> list[Line]:
    """Cut a line where its words are far apart; `gap` is a share of the page's width."""
    cells: list[Line] = [[line[0]]]
    for left, right in pairwise(line):
        if right.bbox.x0 - left.bbox.x1 > gap:
            cells.append([])
        cells[-1].append(right)
    return cells


def _columns(words: Sequence[Word], aspect: float) -> list[Sequence[Word]]:
    """Cut the page into parts to be read one after the other: text above, left column, right column, below."""
    if len(words) < 2 * _COLUMN_LINES * _COLUMN_WORDS:
        return [words]
    gap = _WIDE_GAP * _height(words) * aspect
    lines = _lines(words)
    gutter = _gutter(lines, gap)
    if gutter is None:
        return [words]
    split = [not any(word.bbox.x0 < gutter < word.bbox.x1 for word in line) for line in lines]
    parts: list[Sequence[Word]] = []
    for free, run in groupby(zip(split, lines, strict=True), key=lambda pair: pair[0]):
        inside = [word for _, line in run for word in line]
        left = [word for word in inside if word.bbox.x1 <= gutter]
        right = [word for word in inside if word.bbox.x1 > gutter]
        if free and _running_text(left, gap) and _running_text(right, gap):
            parts += [*_columns(left, aspect), *_columns(right, aspect)]
        else:
            parts.append(inside)
    return parts


def _gutter(lines: Sequence[Line], gap: float) -> float | None:
    """Find the x that most lines leave free between two cells, if at least a few do."""
    votes: dict[int, int] = {}
    for line in lines:
        for left, right in pairwise(_cells(line, gap)):
            for step in range(int(left[-1].bbox.x1 * 200) + 1, int(right[0].bbox.x0 * 200) + 1):
                votes[step] = votes.get(step, 0) + 1
    if not votes:
        return None
    most = max(votes.values())
    best = [step for step, count in votes.items() if count == most]
    return median(best) / 200 if most >= _COLUMN_LINES else None


def _running_text(words: Sequence[Word], gap: float) -> bool:
    """Tell sentences from the cells of a table or the labels of a form."""
    if len(words) < _COLUMN_LINES * _COLUMN_WORDS:
        return False
    cells = [cell for line in _lines(words) for cell in _cells(line, gap)]
    return len(cells) >= _COLUMN_LINES and median(len(cell) for cell in cells) >= _COLUMN_WORDS


def _blocks(lines: Sequence[Line], aspect: float) -> list[Block]:
    usual = _height([word for line in lines for word in line])
    gap = _WIDE_GAP * usual * aspect
    blocks, start, group = [], 0, [lines[0]]
    for before, line in pairwise(lines):
        if _apart(before, line, gap):
            blocks.append(_block(group, start, usual, gap))
            start += sum(len(member) for member in group)
            group = []
        group.append(line)
    blocks.append(_block(group, start, usual, gap))
    return blocks


def _apart(before: Line, line: Line, gap: float) -> bool:
    height = max(_height(before), _height(line))
    space = _band(line)[0] - _band(before)[1]
    grows = max(_height(before), _height(line)) > _TITLE_HEIGHT * min(_height(before), _height(line))
    tabular = len(_cells(before, gap)) > 1 or len(_cells(line, gap)) > 1
    return space > (2 if tabular else 1) * _BLOCK_GAP * height or space < -height or (grows and not tabular)


def _block(lines: Sequence[Line], start: int, usual: float, gap: float) -> Block:
    words = [word for line in lines for word in line]
    box = words[0].bbox
    for word in words:
        box = box.union(word.bbox)
    return Block(_kind(lines, words, usual, gap), box, start, start + len(words))


def _kind(lines: Sequence[Line], words: Sequence[Word], usual: float, gap: float) -> BlockKind:
    rows = sum(len(_cells(line, gap)) > 1 for line in lines)
    if rows >= _TABLE_ROWS and rows * 2 >= len(lines):
        return BlockKind.TABLE
    if len(lines) <= _TITLE_LINES and _height(words) >= _TITLE_HEIGHT * usual:
        return BlockKind.TITLE
    return BlockKind.PARAGRAPH


def page_confidence(words: Sequence[Word]) -> float:
    """Give the expected share of right words: the mean of calibrated chances; 1 for a page without words."""
    return sum(word.confidence for word in words) / len(words) if words else 1.0


def moved(layout: Layout, boxes: Sequence[BoundingBox]) -> Layout:
    """Give the same layout with each word at another place: back from the straightened picture to the page."""
    words = tuple(replace(word, bbox=box) for word, box in zip(layout.words, boxes, strict=True))
    blocks = []
    for block in layout.blocks:
        box = words[block.start].bbox
        for word in words[block.start : block.stop]:
            box = box.union(word.bbox)
        blocks.append(replace(block, bbox=box))
    return Layout(words, tuple(blocks))
