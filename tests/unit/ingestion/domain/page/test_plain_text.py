"""Pages as plain text: block by block in reading order, tables row by row, check boxes with ticks."""

from ingestion.domain.page.elements import Block, BlockKind, Cell, Table
from ingestion.domain.page.plain_text import BlockText, LineToken, block_texts
from refinery.core.types import BoundingBox

BOX = BoundingBox(0, 0, 1, 1)


def tokens(*lines: str) -> list[LineToken]:
    """Place words on lines."""
    return [LineToken(word, number) for number, line in enumerate(lines) for word in line.split()]


def block(kind: BlockKind, start: int, stop: int, **more: object) -> Block:
    """Return a block."""
    return Block(kind, BOX, start, stop, **more)  # type: ignore[arg-type]  # a test names what it needs


def test_block_texts_follow_block_order_line_by_line() -> None:
    words = tokens("A title", "first line", "second line")
    texts = block_texts(words, [block(BlockKind.TITLE, 0, 2), block(BlockKind.PARAGRAPH, 2, 6)])
    assert texts == (BlockText(BlockKind.TITLE, "A title"), BlockText(BlockKind.PARAGRAPH, "first line\nsecond line"))


def test_block_texts_keep_columns_separate() -> None:
    """Words are in reading order, even if columns have the same height."""
    words = [LineToken("left", 0), LineToken("below", 1), LineToken("right", 0), LineToken("under", 1)]
    texts = block_texts(words, [block(BlockKind.PARAGRAPH, 0, 2), block(BlockKind.PARAGRAPH, 2, 4)])
    assert [one.text for one in texts] == ["left\nbelow", "right\nunder"]


def test_block_texts_table_is_row_by_row_with_empty_cells() -> None:
    words = tokens("Article Price", "Saw 19.90", "in all 32.40")
    cells = (
        Cell(0, 0, BOX, 0, 1),
        Cell(0, 1, BOX, 1, 2),
        Cell(1, 0, BOX, 2, 3),
        Cell(1, 2, BOX, 3, 4),
        Cell(2, 0, BOX, 4, 6, 1, 2),
        Cell(2, 2, BOX, 6, 7),
    )
    (table,) = block_texts(words, [block(BlockKind.TABLE, 0, 7, table=Table(3, 3, cells))])
    assert table.text == "Article\tPrice\t\nSaw\t\t19.90\nin all\t\t32.40"


def test_block_texts_check_box_precedes_its_label_once() -> None:
    words = tokens("Paid yes no")
    texts = block_texts(
        words,
        [
            block(BlockKind.PARAGRAPH, 0, 3),
            block(BlockKind.CHECK_BOX, 1, 2, checked=True),
            block(BlockKind.CHECK_BOX, 2, 3, checked=False),
            block(BlockKind.CHECK_BOX, 3, 3, checked=True),
        ],
    )
    assert [one.text for one in texts] == ["Paid [x] yes [ ] no", "[x]"]


def test_block_texts_without_words_are_empty() -> None:
    assert block_texts([], [block(BlockKind.FIGURE, 0, 0)]) == ()
    assert block_texts([], []) == ()


def test_block_texts_page_without_blocks_gives_lines() -> None:
    assert block_texts(tokens("one two", "three"), []) == (BlockText(BlockKind.PARAGRAPH, "one two\nthree"),)
