"""Running heads and feet: what stands at one height at the edge of neighbouring pages, alike but for digits."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import groupby

from ingestion.domain.ocr.line_words import similarity
from ingestion.domain.page.elements import Block, BlockKind, PageReading, Word
from refinery.core.types import BoundingBox

_TOP, _BOTTOM = 0.13, 0.86  # shares of the page's height
_SAME_HEIGHT = 0.012
_ALIKE = 0.8
_COPIES = 0.6  # share of lines: pages so alike are copies, not neighbours with one head
_REACH = 2  # pages: left and right pages may have heads of their own
_BODY = 5  # lines
_NUMBER = re.compile(
    r"(?:(?:page|p\.|seite|blatt|pagina|página|sida|side)\s*#(?:\D{1,6}#)?|#\s*(?:/|of|von|de|sur|di)\s*#)"
)
_VALUES = re.compile(r"[#.,%€$£]*#[#.,%€$£]*(?: [#.,%€$£]*#[#.,%€$£]*)+")
_HOME = (BlockKind.TITLE, BlockKind.PARAGRAPH, BlockKind.LIST, BlockKind.TABLE, BlockKind.HEADER, BlockKind.FOOTER)


@dataclass(frozen=True, slots=True)
class EdgeLine:
    """A line near a page's edge: its number, its middle as a share of the height, and its text without digits."""

    line: int
    height: float
    key: str


@dataclass(frozen=True, slots=True)
class PageEdges:
    """What is needed of a page: lines at its top from the top down, at its bottom from the bottom up."""

    number: int
    top: tuple[EdgeLine, ...]
    bottom: tuple[EdgeLine, ...]
    keys: frozenset[int]


@dataclass(frozen=True, slots=True)
class Running:
    """The numbers of a page's lines that are head or foot."""

    heads: frozenset[int]
    feet: frozenset[int]

    def kind(self, line: int) -> BlockKind | None:
        """Name what a line is; None for the page's own text."""
        return BlockKind.HEADER if line in self.heads else BlockKind.FOOTER if line in self.feet else None


def key_of(text: str) -> str:
    """Give a line's text as neighbouring pages share it."""
    return re.sub(r"\d+", "#", " ".join(text.casefold().split()))


def edges_of(page: PageReading) -> PageEdges:
    """Take from a page what running heads and feet are found by."""
    lines = _lines(page)
    marks = {
        word.line
        for block in page.blocks
        if block.kind not in _HOME and block.kind is not BlockKind.CHECK_BOX
        for word in page.words[block.start : block.stop]
    }
    edge = [(number, *_place(words)) for number, words in lines.items() if number not in marks]
    told = [EdgeLine(number, height, key_of(text)) for number, height, text in edge]
    return PageEdges(
        page.number,
        tuple(sorted((line for line in told if line.height < _TOP), key=lambda line: line.height)),
        tuple(sorted((line for line in told if line.height > _BOTTOM), key=lambda line: -line.height)),
        frozenset(hash(line.key) for line in told),
    )


def _lines(page: PageReading) -> dict[int, list[Word]]:
    lines: dict[int, list[Word]] = {}
    for word in page.words:
        lines.setdefault(word.line, []).append(word)
    return lines


def _place(words: Sequence[Word]) -> tuple[float, str]:
    middle = sum(word.bbox.y0 + word.bbox.y1 for word in words) / (2 * len(words))
    return middle, " ".join(word.text for word in words)


def running_lines(pages: Sequence[PageEdges]) -> dict[int, Running]:
    """Find the heads and feet of a document's pages, by page number; pages without any are left out."""
    found = {}
    for index, page in enumerate(pages):
        near = [other for other in pages[max(index - _REACH, 0) : index + _REACH + 1] if other is not page]
        near = [other for other in near if not _copies(page, other)]
        heads = _taken(page.top, [line for other in near for line in other.top])
        feet = _taken(page.bottom, [line for other in near for line in other.bottom])
        if heads or feet:
            found[page.number] = Running(frozenset(heads), frozenset(feet))
    return found


def _copies(a: PageEdges, b: PageEdges) -> bool:
    fewer = min(len(a.keys), len(b.keys))
    return fewer >= _BODY and len(a.keys & b.keys) > _COPIES * fewer


def _taken(edge: Sequence[EdgeLine], others: Sequence[EdgeLine]) -> list[int]:
    """Give the lines from the edge inwards that recur, up to the first that does not."""
    taken: list[int] = []
    for line in edge:
        if not (_NUMBER.fullmatch(line.key) or any(_recurs(line, other) for other in others)):
            break
        taken.append(line.line)
    return taken


def _recurs(line: EdgeLine, other: EdgeLine) -> bool:
    if abs(line.height - other.height) > _SAME_HEIGHT or _VALUES.fullmatch(line.key):
        return False  # several numbers and nothing else are a row of a table that goes on
    return line.key == other.key or (len(line.key) > 3 and similarity(line.key, other.key) >= _ALIKE)


def with_running(page: PageReading, running: Running) -> tuple[Block, ...]:
    """Give a page's blocks with heads and feet parted off; a table is one of them as a whole or not at all."""
    blocks: list[Block] = []
    for block in page.blocks:
        blocks += _parted(block, page.words, running) if block.kind in _HOME else [block]
    return tuple(blocks)


def _parted(block: Block, words: Sequence[Word], running: Running) -> list[Block]:
    own = range(block.start, block.stop)
    kinds = {running.kind(words[index].line) for index in own}
    if not kinds or kinds == {None} or (block.table and len(kinds) > 1):
        return [block]
    parts = []
    for kind, group in groupby(own, key=lambda index: running.kind(words[index].line)):
        part = list(group)
        box = reduce(BoundingBox.union, (words[index].bbox for index in part))
        parts.append(replace(block, kind=kind or block.kind, bbox=box, start=part[0], stop=part[-1] + 1))
    return parts
