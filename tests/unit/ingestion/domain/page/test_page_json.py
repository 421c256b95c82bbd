"""Serialisation of blocks for database rows, for the sandbox and for the API."""

import json

import pytest

from ingestion.adapters.reader.wire import page_from_json, page_to_json
from ingestion.domain.page.elements import Block, BlockKind, PageReading, WordSource
from ingestion.domain.page.marks import CheckBoxMark, PageMarks
from ingestion.domain.page.serialization import api_blocks, pack_block, pack_page, pack_word, unpack_block, unpack_page
from refinery.core.types import BoundingBox
from tests.support.page_words import analyzed, place_rows, place_text

ROWS = (("Article", "Pieces", "Sum"), ("Copper wire", "", "0.80"), ("Door hinge", "10", "0.50"))
SQUARE = BoundingBox(0.1, 0.5, 0.116, 0.511)


@pytest.fixture
def page() -> PageReading:
    """Return a page with a table and a check box."""
    words = place_rows(ROWS, (0.1, 0.5, 0.8), 0.2) + place_text("Insured", 0.126, 0.5)
    layout = analyzed(words, PageMarks(check_boxes=(CheckBoxMark(SQUARE, checked=True),)))
    return PageReading(1, 1240, 1754, WordSource.NATIVE, 1.0, layout.words, layout.blocks)


def rounded(block: Block) -> Block:
    """Return a block as rounded by storage in a row."""
    return unpack_block(pack_block(block))


def test_pack_page_keeps_tables_and_check_boxes(page: PageReading) -> None:
    back = unpack_page(1, json.loads(json.dumps(pack_page(page))))
    assert back.blocks == tuple(rounded(block) for block in page.blocks)
    assert [block.checked for block in back.blocks] == [None, None, True]
    assert back.blocks[0].kind is BlockKind.TABLE


def test_page_from_json_keeps_tables_and_check_boxes(page: PageReading) -> None:
    back = page_from_json(json.loads(json.dumps(page_to_json(page))))
    assert [rounded(block) for block in back.blocks] == [rounded(block) for block in page.blocks]


@pytest.mark.parametrize("place", [(2, 0, 2, 1), (0, 3, 1, 1), (-1, 0, 1, 1), (0, 0, 0, 1)])
def test_page_from_json_cell_outside_table_raises(page: PageReading, place: tuple[int, int, int, int]) -> None:
    sent = page_to_json(page)
    sent["blocks"][0]["cells"][0] |= dict(zip(("row", "column", "row_span", "column_span"), place, strict=True))
    with pytest.raises(ValueError, match="a cell"):
        page_from_json(sent)


def test_shown_blocks_contain_text_of_cells(page: PageReading) -> None:
    table, *others = api_blocks([pack_block(block) for block in page.blocks], [pack_word(word) for word in page.words])
    assert {(cell["row"], cell["column"]): cell["text"] for cell in table["cells"]} == {
        (down, across): text for down, row in enumerate(ROWS) for across, text in enumerate(row)
    }
    assert (table["rows"], table["columns"]) == (3, 3)
    assert others[-1]["checked"] is True
    assert "cells" not in others[0]


def test_unpack_block_reads_earlier_format() -> None:
    old = {"kind": "table", "bbox": [0.1, 0.1, 0.9, 0.2], "words": [0, 4]}
    assert unpack_block(old) == Block(BlockKind.TABLE, BoundingBox(0.1, 0.1, 0.9, 0.2), 0, 4)
    assert api_blocks([old], []) == [old]
