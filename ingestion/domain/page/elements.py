"""Elements of a page: words with boxes and confidences, blocks, and image measures."""

from dataclasses import dataclass
from enum import StrEnum

from ingestion.domain.page.barcodes import Barcode
from refinery.core.types import BoundingBox


class WordSource(StrEnum):
    """Source of a word's text."""

    NATIVE = "native"
    RAPIDOCR = "rapidocr"
    TESSERACT = "tesseract"
    TROCR = "trocr"
    HUMAN = "human"


class BlockKind(StrEnum):
    """Kind of a block of words on the page."""

    TITLE = "title"
    PARAGRAPH = "paragraph"
    LIST = "list"
    TABLE = "table"
    FIGURE = "figure"
    HEADER = "header"
    FOOTER = "footer"
    STAMP = "stamp"
    SIGNATURE = "signature"
    CHECK_BOX = "check_box"


@dataclass(frozen=True, slots=True)
class Word:
    """Word on a page. Confidence is 0..1; `line` counts lines from 0 in reading order on the page.

    Words are in reading order, which inside a table is cell by cell: a cell of two lines is read to its end
    before the next one, though both cells have their first words on the same line.
    """

    text: str
    bbox: BoundingBox
    confidence: float
    source: WordSource
    line: int
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """Cell of a table: `words[start:stop]` of its page. Rows and columns count from 0."""

    row: int
    column: int
    bbox: BoundingBox
    start: int
    stop: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of a table, row by row; together they cover `rows` x `columns` places, each once."""

    rows: int
    columns: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Group of neighbouring words, `words[start:stop]` of its page, or a mark beside them.

    Blocks are in reading order and hold each word once. A figure or a signature may have no word: its position is
    where it would be read. A check box comes after the block that contains it; its words are its label and belong
    to that block as well. `checked` is None for all other kinds, as `table` is for all but tables.
    """

    kind: BlockKind
    bbox: BoundingBox
    start: int
    stop: int
    table: Table | None = None
    checked: bool | None = None


@dataclass(frozen=True, slots=True)
class ImageMeasures:
    """Measures of a page's raster image.

    `dpi` is the resolution of the source image (72 x pixels / points), `sharpness` the variance of the
    Laplacian of the grey image (0..255 scale), `contrast` the spread between the 5th and 95th percentile of
    grey levels (0..1), `skew_degrees` the text's rotation (positive clockwise), `ink` the share of dark pixels,
    `ink_at_edge` the share of the outer 1 % border that is ink (text that runs off the page).
    """

    dpi: float
    sharpness: float
    contrast: float
    skew_degrees: float
    ink: float
    ink_at_edge: float


@dataclass(frozen=True, slots=True)
class PageReading:
    """One page as read: `number` counts from 1, `width` and `height` are pixels of its rendered image.

    `confidence` is the expected share of its words read correctly, 0..1. A page that could not be read has `error`
    set and no words: pages in = pages read + pages failed. `notes` are codes of Note, shown to people beside the page.
    """

    number: int
    width: int
    height: int
    source: WordSource
    confidence: float
    words: tuple[Word, ...] = ()
    blocks: tuple[Block, ...] = ()
    measures: ImageMeasures | None = None
    error: str | None = None
    codes: tuple[Barcode, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[tuple[Word, ...], ...]:
        """Words grouped by line, in reading order."""
        grouped: dict[int, list[Word]] = {}
        for word in self.words:
            grouped.setdefault(word.line, []).append(word)
        return tuple(tuple(grouped[line]) for line in sorted(grouped))

    @property
    def text(self) -> str:
        """Text of the page, one line of words per line."""
        return "\n".join(" ".join(word.text for word in line) for line in self.lines)
