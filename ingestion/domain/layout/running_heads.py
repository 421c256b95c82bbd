"""Running heads and feet: lines at the same height at the edge of neighbouring pages, equal except for digits."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import groupby

from ingestion.domain.page.elements import Block, BlockKind, PageReading, Word
from ingestion.domain.page.similarity import similarity
from refinery.core.types import BoundingBox

_TOP, _BOTTOM = 0.13, 0.86  # shares of the page's height
_SAME_HEIGHT = 0.012
_ALIKE = 0.8
_COPIES = 0.6  # share of lines: pages this similar are copies, not neighbours with one head
_REACH = 2  # pages: left and right pages may have different heads
_BODY = 5  # lines
_NUMBER = re.compile(
    r"(?:(?:page|p\.|seite|blatt|pagina|página|sida|side)\s*#(?:\D{1,6}#)?|#\s*(?:/|of|von|de|sur|di)\s*#)"
)
_VALUES = re.compile(r"[.,%€$£]*+#[#.,%€$£]*+(?: [.,%€$£]*+#[#.,%€$£]*+)++")
_HOME = (BlockKind.TITLE, BlockKind.PARAGRAPH, BlockKind.LIST, BlockKind.TABLE, BlockKind.HEADER, BlockKind.FOOTER)


@dataclass(frozen=True, slots=True)
class EdgeLine:
    """Line near a page's edge: its number, vertical centre as a share of the height, and text without digits."""

    line: int
    height: float
    key: str


@dataclass(frozen=True, slots=True)
class PageEdges:
    """Edge lines of a page: those at its top from the top down, those at its bottom from the bottom up."""

    number: int
    top: tuple[EdgeLine, ...]
    bottom: tuple[EdgeLine, ...]
    keys: frozenset[int]


@dataclass(frozen=True, slots=True)
class HeaderFooterLines:
    """Numbers of a page's lines that are head or foot."""

    headers: frozenset[int]
    footers: frozenset[int]

    def kind(self, line: int) -> BlockKind | None:
        """Return whether a line is head or foot; None for the page's body."""
        return BlockKind.HEADER if line in self.headers else BlockKind.FOOTER if line in self.footers else None


def line_key(text: str) -> str:
    """Return a line's text in the form that neighbouring pages share."""
    return re.sub(r"\d+", "#", " ".join(text.casefold().split()))


def page_edges(page: PageReading) -> PageEdges:
    """Extract the edge lines of a page."""
    lines = _lines(page)
    marks = {
        word.line
        for block in page.blocks
        if block.kind not in _HOME and block.kind is not BlockKind.CHECK_BOX
        for word in page.words[block.start : block.stop]
    }
    edge = [(number, *_place(words)) for number, words in lines.items() if number not in marks]
    edge_lines = [EdgeLine(number, height, line_key(text)) for number, height, text in edge]
    return PageEdges(
        page.number,
        tuple(sorted((line for line in edge_lines if line.height < _TOP), key=lambda line: line.height)),
        tuple(sorted((line for line in edge_lines if line.height > _BOTTOM), key=lambda line: -line.height)),
        frozenset(hash(line.key) for line in edge_lines),
    )


def _lines(page: PageReading) -> dict[int, list[Word]]:
    lines: dict[int, list[Word]] = {}
    for word in page.words:
        lines.setdefault(word.line, []).append(word)
    return lines


def _place(words: Sequence[Word]) -> tuple[float, str]:
    middle = sum(word.bbox.y0 + word.bbox.y1 for word in words) / (2 * len(words))
    return middle, " ".join(word.text for word in words)


def find_headers_and_footers(pages: Sequence[PageEdges]) -> dict[int, HeaderFooterLines]:
    """Find the heads and feet of a document's pages, by page number; pages without any are left out."""
    found = {}
    for index, page in enumerate(pages):
        near = [other for other in pages[max(index - _REACH, 0) : index + _REACH + 1] if other is not page]
        near = [other for other in near if not _copies(page, other)]
        heads = _recurring_lines(page.top, [line for other in near for line in other.top])
        feet = _recurring_lines(page.bottom, [line for other in near for line in other.bottom])
        if heads or feet:
            found[page.number] = HeaderFooterLines(frozenset(heads), frozenset(feet))
    return found


def _copies(a: PageEdges, b: PageEdges) -> bool:
    fewer = min(len(a.keys), len(b.keys))
    return fewer >= _BODY and len(a.keys & b.keys) > _COPIES * fewer


def _recurring_lines(edge: Sequence[EdgeLine], others: Sequence[EdgeLine]) -> list[int]:
    """Return the recurring lines from the edge inwards, up to the first that does not recur."""
    recurring: list[int] = []
    for line in edge:
        if not (_NUMBER.fullmatch(line.key) or any(_recurs(line, other) for other in others)):
            break
        recurring.append(line.line)
    return recurring


def _recurs(line: EdgeLine, other: EdgeLine) -> bool:
    if abs(line.height - other.height) > _SAME_HEIGHT or _VALUES.fullmatch(line.key):
        return False  # only several numbers: a row of a table that continues
    return line.key == other.key or (len(line.key) > 3 and similarity(line.key, other.key) >= _ALIKE)


def mark_headers_and_footers(page: PageReading, repeated: HeaderFooterLines) -> tuple[Block, ...]:
    """Return a page's blocks with heads and feet separated; a table is assigned as a whole or not at all."""
    blocks: list[Block] = []
    for block in page.blocks:
        blocks += _split_block(block, page.words, repeated) if block.kind in _HOME else [block]
    return tuple(blocks)


def _split_block(block: Block, words: Sequence[Word], repeated: HeaderFooterLines) -> list[Block]:
    own = range(block.start, block.stop)
    kinds = {repeated.kind(words[index].line) for index in own}
    if not kinds or kinds == {None} or (block.table and len(kinds) > 1):
        return [block]
    parts = []
    for kind, group in groupby(own, key=lambda index: repeated.kind(words[index].line)):
        part = list(group)
        box = reduce(BoundingBox.union, (words[index].bbox for index in part))
        parts.append(replace(block, kind=kind or block.kind, bbox=box, start=part[0], stop=part[-1] + 1))
    return parts
