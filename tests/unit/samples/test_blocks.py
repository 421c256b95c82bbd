"""Samples with known blocks: the ground truth equals the drawn text, word for word, in drawing order."""

import pytest

from samples.blocks.recipes import PAPER_RECIPES, make_paper
from samples.blocks.truth import Paper

KINDS = {"title", "paragraph", "list", "table", "figure", "header", "footer", "stamp", "signature", "check_box"}


@pytest.fixture(scope="module")
def papers() -> list[Paper]:
    """Return three samples of each recipe."""
    return [make_paper(name, 11, index) for name in PAPER_RECIPES for index in range(3)]


def test_paper_words_are_in_one_block_in_drawing_order(papers: list[Paper]) -> None:
    for paper in papers:
        for page in range(1, len(paper.drawing.pages) + 1):
            drawn = [word.text for word in paper.drawing.words if word.page == page]
            in_blocks = [word for b in paper.on_page(page) if b.kind != "check_box" for word in b.words]
            assert in_blocks == drawn


def test_paper_block_boxes_lie_on_page(papers: list[Paper]) -> None:
    for paper in papers:
        for block in paper.blocks:
            sheet = paper.drawing.pages[block.page - 1]
            x0, y0, x1, y1 = block.box
            assert 0 <= x0 < x1 <= sheet.width
            assert 0 <= y0 < y1 <= sheet.height


def test_paper_table_cells_hold_all_words_and_cover_table_once(papers: list[Paper]) -> None:
    tables = [block for paper in papers for block in paper.blocks if block.cells]
    assert tables
    for table in tables:
        words = sorted(word for cell in table.cells for word in cell.text.split())
        assert words == sorted(table.words)
        places = [
            (cell.row + down, cell.column + right)
            for cell in table.cells
            for down in range(cell.row_span)
            for right in range(cell.column_span)
        ]
        assert len(places) == len(set(places))
        rows, columns = 1 + max(row for row, _ in places), 1 + max(column for _, column in places)
        assert len(places) == rows * columns


def test_papers_contain_every_block_kind(papers: list[Paper]) -> None:
    assert {block.kind for paper in papers for block in paper.blocks} == KINDS
    assert {block.checked for paper in papers for block in paper.blocks if block.kind == "check_box"} == {True, False}


def test_make_paper_same_arguments_give_same_paper() -> None:
    assert make_paper("letter", 5, 1) == make_paper("letter", 5, 1)
    assert make_paper("letter", 5, 1) != make_paper("letter", 6, 1)
