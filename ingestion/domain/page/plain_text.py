"""Plain text of a page, in the order in which a person reads it: block by block, tables row by row.

Blocks are separated by an empty line, cells by a tab. A check box is `[x]` or `[ ]` before its label.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from ingestion.domain.page.elements import Block, BlockKind, Table

TICKED, UNTICKED = "[x]", "[ ]"


@dataclass(frozen=True, slots=True)
class LineToken:
    """Word and the line that it is on."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class BlockText:
    """Text of a block, and the block's kind."""

    kind: BlockKind
    text: str


def block_texts(words: Sequence[LineToken], blocks: Sequence[Block]) -> tuple[BlockText, ...]:
    """Return the blocks that have text; a page without blocks (an earlier version stored none) is one paragraph."""
    if not blocks:
        whole = _lines(words, 0, len(words), {})
        return (BlockText(BlockKind.PARAGRAPH, whole),) if whole else ()
    marks = {block.start: _mark(block) for block in blocks if block.checked is not None and _labelled(block)}
    texts = (BlockText(block.kind, _text(words, block, marks)) for block in blocks)
    return tuple(one for one in texts if one.text)


def _text(words: Sequence[LineToken], block: Block, marks: Mapping[int, str]) -> str:
    if block.checked is not None:  # its label is in the block that contains it
        return "" if _labelled(block) else _mark(block)
    if block.table:
        return _rows(words, block.table, marks)
    return _lines(words, block.start, block.stop, marks)


def _labelled(block: Block) -> bool:
    return block.stop > block.start


def _mark(block: Block) -> str:
    return TICKED if block.checked else UNTICKED


def _lines(words: Sequence[LineToken], start: int, stop: int, marks: Mapping[int, str]) -> str:
    lines = groupby(range(start, stop), key=lambda at: words[at].line)
    return "\n".join(_joined(words, list(places), marks) for _, places in lines)


def _rows(words: Sequence[LineToken], table: Table, marks: Mapping[int, str]) -> str:
    grid = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        grid[cell.row][cell.column] = _joined(words, range(cell.start, cell.stop), marks)
    return "\n".join("\t".join(row) for row in grid)


def _joined(words: Sequence[LineToken], places: Sequence[int], marks: Mapping[int, str]) -> str:
    return " ".join(f"{marks[at]} {words[at].text}" if at in marks else words[at].text for at in places)
