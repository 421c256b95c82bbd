"""Tables with and without rules: rows, columns, spanning cells, their boxes and text."""

from itertools import pairwise

import pytest

from ingestion.domain.page.elements import BlockKind
from ingestion.domain.page.marks import PageMarks
from refinery.core.types import BoundingBox
from tests.support.page_words import (
    HIGH,
    STEP,
    analyzed,
    cells_of,
    horizontal_rule,
    kinds_and_texts,
    of_kind,
    only_table,
    place_lines,
    place_rows,
    place_text,
    vertical_rule,
)

GOODS = (
    ("Article", "Pieces", "Price", "Sum"),
    ("Copper wire", "4", "0.20", "0.80"),
    ("Door hinge", "10", "0.05", "0.50"),
    ("Oak board", "8", "12.10", "96.80"),
)
XS = (0.1, 0.45, 0.6, 0.8)
EDGES = (0.09, 0.43, 0.58, 0.78, 0.92)
RUNNING_TEXT = ("the goods below were sent to the northern branch", "by ship and have not been paid for until now")


def grid(xs: tuple[float, ...], ys: tuple[float, ...]) -> tuple[BoundingBox, ...]:
    """Return all rules of a table."""
    return (*(horizontal_rule(xs[0], xs[-1], y) for y in ys), *(vertical_rule(x, ys[0], ys[-1]) for x in xs))


def rows_at(y: float, count: int, step: float) -> tuple[float, ...]:
    """Return the positions of the rules above and below the rows."""
    return tuple(y - 0.006 + row * step for row in range(count + 1))


def expected(rows: tuple[tuple[str, ...], ...]) -> dict[tuple[int, int], str]:
    return {(down, across): text for down, row in enumerate(rows) for across, text in enumerate(row)}


@pytest.mark.parametrize("rules", ["none", "head", "rows", "grid"])
def test_table_cells_are_found_for_every_ruling_style(rules: str) -> None:
    step = 0.022
    ys = rows_at(0.3, len(GOODS), step)
    drawn = {
        "none": (),
        "head": tuple(horizontal_rule(EDGES[0], EDGES[-1], y) for y in (ys[0], ys[1], ys[-1])),
        "rows": tuple(horizontal_rule(EDGES[0], EDGES[-1], y) for y in ys),
        "grid": grid(EDGES, ys),
    }[rules]
    words = (
        place_lines(RUNNING_TEXT, 0.1, 0.2)
        + place_rows(GOODS, XS, 0.3, step=step)
        + place_lines(RUNNING_TEXT, 0.1, 0.5)
    )
    layout = analyzed(words, PageMarks(rulings=drawn))
    assert [kind for kind, _ in kinds_and_texts(layout)] == ["paragraph", "table", "paragraph"]
    table = only_table(layout)
    assert (table.rows, table.columns) == (4, 4)
    assert cells_of(layout) == expected(GOODS)


def test_ruled_cell_box_matches_its_rules() -> None:
    ys = rows_at(0.3, len(GOODS), 0.022)
    layout = analyzed(place_rows(GOODS, XS, 0.3, step=0.022), PageMarks(rulings=grid(EDGES, ys)))
    boxes = {(cell.row, cell.column): cell.bbox for cell in only_table(layout).cells}
    box = boxes[2, 1]
    assert (box.x0, box.x1) == pytest.approx((EDGES[1], EDGES[2]), abs=0.002)
    assert (box.y0, box.y1) == pytest.approx((ys[2], ys[3]), abs=0.002)
    block = of_kind(layout, BlockKind.TABLE)[0].bbox
    assert (block.x0, block.y0, block.x1, block.y1) == pytest.approx((EDGES[0], ys[0], EDGES[-1], ys[-1]), abs=0.002)


def test_unruled_cell_box_matches_its_words() -> None:
    layout = analyzed(place_rows(GOODS, XS, 0.3))
    cell = next(cell for cell in only_table(layout).cells if (cell.row, cell.column) == (1, 0))
    assert (cell.bbox.x0, cell.bbox.y0) == pytest.approx((0.1, 0.3 + STEP))
    assert cell.bbox.y1 == pytest.approx(0.3 + STEP + HIGH)


def test_empty_cell_is_kept_without_words() -> None:
    rows = (GOODS[0], ("Copper wire", "", "0.20", "0.80"), *GOODS[2:])
    for marks in (PageMarks(), PageMarks(rulings=grid(EDGES, rows_at(0.3, 4, 0.022)))):
        layout = analyzed(place_rows(rows, XS, 0.3, step=0.022), marks)
        assert cells_of(layout) == expected(rows)


def test_two_line_cell_is_one_cell() -> None:
    rows = (GOODS[0], ("Copper wire", "4", "0.20", "0.80"), ("of the best", "", "", ""), *GOODS[2:])
    ys = (0.294, 0.316, 0.355, 0.377, 0.399)
    words = place_rows(rows[:2], XS, 0.3, step=0.022) + place_text("of the best", XS[0], 0.338)
    words += place_rows(rows[3:], XS, 0.361, step=0.022)
    layout = analyzed(words, PageMarks(rulings=grid(EDGES, ys)))
    assert cells_of(layout)[1, 0] == "Copper wire of the best"
    assert (only_table(layout).rows, only_table(layout).columns) == (4, 4)


def test_unruled_continuation_line_joins_cell_above() -> None:
    words = place_rows(GOODS[:2], XS, 0.3, step=0.026) + place_text("of the best", XS[0], 0.3 + 0.026 + 0.0145)
    words += place_rows(GOODS[2:], XS, 0.3 + 2 * 0.026 + 0.0145, step=0.026)
    cells = cells_of(analyzed(words))
    assert cells[1, 0] == "Copper wire of the best"
    assert cells[2, 0] == "Door hinge"


def test_grid_cell_spanning_columns_is_one_cell() -> None:
    ys = rows_at(0.3, 4, 0.022)
    rules = (
        *(horizontal_rule(EDGES[0], EDGES[-1], y) for y in ys),
        *(vertical_rule(x, ys[0], ys[-1]) for x in (EDGES[0], EDGES[1], EDGES[3], EDGES[4])),
        vertical_rule(EDGES[2], ys[1], ys[-1]),
    )
    rows = (("Branch", "Orders of the year", "", "Sum"), *GOODS[1:])
    layout = analyzed(place_rows(rows, XS, 0.3, step=0.022), PageMarks(rulings=rules))
    head = next(cell for cell in only_table(layout).cells if (cell.row, cell.column) == (0, 1))
    assert (head.row_span, head.column_span) == (1, 2)
    assert cells_of(layout)[0, 1] == "Orders of the year"
    assert (0, 2) not in cells_of(layout)


def test_grid_cell_spanning_rows_is_one_cell() -> None:
    ys = rows_at(0.3, 4, 0.022)
    rules = (
        *(horizontal_rule(EDGES[0], EDGES[-1], y) for y in (ys[0], ys[1], ys[3], ys[4])),
        horizontal_rule(EDGES[1], EDGES[-1], ys[2]),
        *(vertical_rule(x, ys[0], ys[-1]) for x in EDGES),
    )
    words = place_rows((GOODS[0], ("", *GOODS[1][1:]), ("", *GOODS[2][1:]), GOODS[3]), XS, 0.3, step=0.022)
    words += place_text("Metal goods", XS[0], 0.3 + 1.5 * 0.022)
    layout = analyzed(words, PageMarks(rulings=rules))
    tall = next(cell for cell in only_table(layout).cells if (cell.row, cell.column) == (1, 0))
    assert (tall.row_span, tall.column_span) == (2, 1)
    assert cells_of(layout)[1, 0] == "Metal goods"
    assert cells_of(layout)[2, 1] == "10"


def test_unruled_header_over_two_columns_spans_them() -> None:
    rows = (
        ("Branch", "Orders", "Sales", "Orders", "Sales"),
        ("Abel", "512", "733", "118", "905"),
        ("Brandt", "204", "617", "330", "428"),
        ("Cullen", "871", "290", "645", "152"),
    )
    xs = (0.1, 0.3, 0.45, 0.6, 0.75)
    words = place_text("2023", 0.37, 0.28) + place_text("2024", 0.67, 0.28) + place_rows(rows, xs, 0.3, step=0.02)
    layout = analyzed(words)
    spans = {(cell.row, cell.column): cell.column_span for cell in only_table(layout).cells if cell.row == 0}
    assert spans.get((0, 1)) == 2
    assert spans.get((0, 3)) == 2
    assert cells_of(layout)[1, 0] == "Branch"


def test_frame_around_text_is_not_table() -> None:
    frame = grid((0.08, 0.92), (0.18, 0.26))
    layout = analyzed(place_lines(RUNNING_TEXT, 0.1, 0.2), PageMarks(rulings=frame))
    assert [kind for kind, _ in kinds_and_texts(layout)] == ["paragraph"]


def test_running_text_in_columns_is_not_table() -> None:
    tale = ("the harbour was closed all", "winter for the ice had come", "early that year and nobody")
    words = place_lines(tale * 3, 0.08, 0.2) + place_lines(tale * 3, 0.54, 0.2)
    assert [kind for kind, _ in kinds_and_texts(analyzed(words))] == ["paragraph", "paragraph"]


def test_tables_separated_by_text_stay_separate() -> None:
    words = place_rows(GOODS, XS, 0.2) + place_lines(RUNNING_TEXT, 0.1, 0.32) + place_rows(GOODS, XS, 0.42)
    layout = analyzed(words)
    assert [kind for kind, _ in kinds_and_texts(layout)] == ["table", "paragraph", "table"]


def test_broken_and_doubled_rules_make_one_grid() -> None:
    ys = rows_at(0.3, 4, 0.022)
    pieces = [
        BoundingBox(a, y + shift, b, y + shift + 0.0005)
        for y in ys
        for a, b in pairwise(EDGES)
        for shift in (0.0, 0.0008)
    ]
    pieces += [vertical_rule(x, a, b) for x in EDGES for a, b in pairwise(ys)]
    layout = analyzed(place_rows(GOODS, XS, 0.3, step=0.022), PageMarks(rulings=tuple(pieces)))
    assert cells_of(layout) == expected(GOODS)


def test_word_on_rule_is_in_one_cell_only() -> None:
    ys = rows_at(0.3, 4, 0.022)
    words = place_rows(GOODS, XS, 0.3, step=0.022)
    middle = (words[0].bbox.x0 + words[0].bbox.x1) / 2
    edges = (EDGES[0], middle, *EDGES[1:])
    analyzed(words, PageMarks(rulings=grid(edges, ys)))


@pytest.mark.parametrize("seed", range(8))
def test_table_is_independent_of_word_order(seed: int) -> None:
    assert cells_of(analyzed(place_rows(GOODS, XS, 0.3), seed=seed)) == expected(GOODS)
