"""What stands on a page of blocks, in the order in which a person reads it."""

from dataclasses import dataclass

from samples.layout.drawing import Box, Drawing


@dataclass(frozen=True, slots=True)
class CellTruth:
    """A cell; rows and columns count from 0."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class BlockTruth:
    """A block on a page, from 1: its kind, its words in the order of reading, and its box in points.

    `cells` are a table's, also the empty ones; `checked` is a check box's, whose words are its label.
    """

    kind: str
    page: int
    words: tuple[str, ...]
    box: Box
    cells: tuple[CellTruth, ...] = ()
    checked: bool | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: its drawing and its blocks, page by page in the order of reading."""

    name: str
    drawing: Drawing
    blocks: tuple[BlockTruth, ...]

    def on_page(self, page: int) -> tuple[BlockTruth, ...]:
        """Give the blocks of one page."""
        return tuple(block for block in self.blocks if block.page == page)
