"""Right-to-left scripts: their lines begin at the right edge, Latin text within them is read from left to right.

Words come in visual order, from left to right. This inverts the Unicode bidirectional algorithm (UAX #9) for whole
words, in its two levels: the line's direction, and runs of the other direction inside. The inverse is not unique: a
number beside a run of the other direction may belong to either, and words of such runs are reported as uncertain.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from ingestion.domain.layout.draft_blocks import BlockDraft, CellDraft
from ingestion.domain.layout.plane import Row, Segment, Token
from ingestion.domain.page.scripts import LTR_LETTER, RTL_SCRIPT

_HALF, _MIXED = 0.5, (0.3, 0.7)  # of a page's letters
ORDER_CONFIDENCE = 0.85  # a word's, at most, where the order of its line is uncertain


def apply_script_direction(drafts: Sequence[BlockDraft]) -> tuple[Sequence[BlockDraft], frozenset[int]]:
    """Return the blocks with each line in the order in which its script is read, and the words of uncertain order."""
    texts = [token.text for draft in drafts for token in draft.tokens]
    if not any(RTL_SCRIPT.search(text) for text in texts):
        return drafts, frozenset()
    lines = _LineOrder.of_page("".join(texts))
    return [lines.block(draft) for draft in drafts], frozenset(lines.uncertain)


@dataclass(slots=True)
class _LineOrder:
    """Order of the lines of a page: most of its letters are or are not written from right to left, or it is mixed."""

    rtl_page: bool
    mixed_page: bool
    uncertain: set[int] = field(default_factory=set)

    @classmethod
    def of_page(cls, text: str) -> "_LineOrder":
        """Determine the direction of a page from its letters."""
        to_left, to_right = len(RTL_SCRIPT.findall(text)), len(LTR_LETTER.findall(text))
        share = to_left / (to_left + to_right)
        return cls(share > _HALF, _MIXED[0] < share < _MIXED[1])

    def block(self, draft: BlockDraft) -> BlockDraft:
        """Return a block with its lines, or its cells' lines, in order."""
        if draft.grid is None:
            return replace(draft, lines=tuple(map(self._row, draft.lines)))
        return replace(draft, grid=replace(draft.grid, cells=tuple(map(self._cell, draft.grid.cells))))

    def _row(self, row: Row) -> Row:
        tokens = [token for segment in row for token in segment.tokens]
        if not any(RTL_SCRIPT.search(token.text) for token in tokens):
            return row
        rtl = is_rtl_line(tokens, rtl_page=self.rtl_page)
        parts = [self._ordered(segment.tokens, rtl=rtl) for segment in (reversed(row) if rtl else row)]
        return (Segment.of(token for part in parts for token in part),)

    def _cell(self, cell: CellDraft) -> CellDraft:
        lines = (self._ordered(line, rtl=is_rtl_line(line, rtl_page=self.rtl_page)) for line in _lines(cell.tokens))
        return replace(cell, tokens=tuple(token for line in lines for token in line))

    def _ordered(self, tokens: Sequence[Token], *, rtl: bool) -> list[Token]:
        if is_ambiguous(tokens, rtl=rtl, mixed_page=self.mixed_page):
            self.uncertain |= {token.index for token in tokens}
        return order_line_tokens(tokens, rtl=rtl)


def _lines(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """Split a cell's words into lines: a new line begins where the next word is farther left."""
    line: list[Token] = []
    for token in tokens:
        if line and token.x0 < line[-1].x0:
            yield line
            line = []
        line.append(token)
    yield line


def is_rtl_line(tokens: Sequence[Token], *, rtl_page: bool) -> bool:
    """Return a line's base direction: that of both its ends, otherwise the page's."""
    ends = _ends([_letters_to_left(token.text) for token in tokens])
    return ends == {True} if len(ends) == 1 else rtl_page and bool(ends)


def order_line_tokens(tokens: Sequence[Token], *, rtl: bool) -> list[Token]:
    """Order the words of one line of this base direction; the input is from left to right."""
    runs = [list(run) for _, run in groupby(tokens, key=_is_rtl_word)]
    if not rtl:
        return [token for run in runs for token in (run[::-1] if _is_rtl_word(run[0]) else run)]
    return [token for run in reversed(runs) for token in (run if _is_latin(run) else run[::-1])]


def is_ambiguous(tokens: Sequence[Token], *, rtl: bool, mixed_page: bool) -> bool:
    """Return whether the words may be read in several orders that all look the same on the page.

    A line whose ends differ follows the page, unless that has much of both directions.
    """
    if not any(map(_is_rtl_word, tokens)):
        return False
    if mixed_page and len(_ends([_letters_to_left(token.text) for token in tokens])) > 1:
        return True
    runs = [list(run) for _, run in groupby(tokens, key=_is_rtl_word) if run]
    mixed = [run for run in runs if not _is_rtl_word(run[0]) and _is_latin(run)]
    edges = [run[place] for run in mixed for place in ((0, -1) if rtl else (-1,))]
    return any(_is_number(token) for token in edges)


def _letters_to_left(text: str) -> int:
    """Return how many more letters of a text are written from right to left than from left to right."""
    return len(RTL_SCRIPT.findall(text)) - len(LTR_LETTER.findall(text))


def _ends(scores: Sequence[int]) -> set[bool]:
    strong = [score > 0 for score in scores if score]
    return {strong[0], strong[-1]} if strong else set()


def _is_rtl_word(token: Token) -> bool:
    return RTL_SCRIPT.search(token.text) is not None


def _is_latin(run: Sequence[Token]) -> bool:
    """Return whether a run has left-to-right words, possibly with numbers, and not only numbers and signs."""
    return any(LTR_LETTER.search(token.text) for token in run)


def _is_number(token: Token) -> bool:
    return any(character.isdigit() for character in token.text) and not LTR_LETTER.search(token.text)
