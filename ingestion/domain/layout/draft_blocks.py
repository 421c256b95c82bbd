"""Draft blocks: blocks under construction, in plane coordinates."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingestion.domain.layout.line_segments import tokens_in
from ingestion.domain.layout.plane import Area, Row, Token, bounding_area
from ingestion.domain.page.elements import BlockKind


@dataclass(frozen=True, slots=True)
class CellDraft(Area):
    """Cell with its words in reading order."""

    row: int
    column: int
    row_span: int
    column_span: int
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Grid(Area):
    """Table: its cells row by row, and its words as lines across."""

    rows: int
    columns: int
    cells: tuple[CellDraft, ...]


@dataclass(frozen=True, slots=True)
class BlockDraft(Area):
    """Draft of a block: `lines` are its rows from top to bottom, `grid` its cells if it is a table."""

    kind: BlockKind
    lines: tuple[Row, ...] = ()
    grid: Grid | None = None

    @classmethod
    def of(
        cls, kind: BlockKind, lines: Sequence[Row], area: Area | None = None, grid: Grid | None = None
    ) -> "BlockDraft":
        """Create a block around its lines, or with an explicit area."""
        shape = area or bounding_area(segment for row in lines for segment in row)
        return cls(shape.x0, shape.y0, shape.x1, shape.y1, kind, tuple(lines), grid)

    @property
    def tokens(self) -> list[Token]:
        """Words in reading order: cell by cell in a table."""
        return [token for cell in self.grid.cells for token in cell.tokens] if self.grid else tokens_in(self.lines)
