"""Ground truth of a page's blocks, in reading order."""

from dataclasses import dataclass

from samples.layout.drawing import Box, Drawing


@dataclass(frozen=True, slots=True)
class CellTruth:
    """Cell of a table; rows and columns count from 0."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class BlockTruth:
    """Block on a page (from 1): its kind, its words in reading order, and its box in points.

    `cells` are those of a table, including empty ones; `checked` belongs to a check box, whose words are its label.
    """

    kind: str
    page: int
    words: tuple[str, ...]
    box: Box
    cells: tuple[CellTruth, ...] = ()
    checked: bool | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """Document: its drawing and its blocks, page by page in reading order."""

    name: str
    drawing: Drawing
    blocks: tuple[BlockTruth, ...]

    def on_page(self, page: int) -> tuple[BlockTruth, ...]:
        """Return the blocks of one page."""
        return tuple(block for block in self.blocks if block.page == page)
