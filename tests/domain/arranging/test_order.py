"""Columns are read one after the other, headings across them first; labels and values stay together."""

import pytest

from ingestion.domain.page.elements import BlockKind, Word
from ingestion.domain.page.marks import PageMarks
from refinery.core.types import BoundingBox
from tests.domain.arranging.setting import laid, of_kind, put, put_lines, put_rows, text_of, told, upright

TALE = (
    "the harbour was closed all",
    "winter because the ice had",
    "come early that year and",
    "nobody could leave until it",
    "broke in the last days of",
    "march when the wind turned",
)


def column(name: str, x: float, y: float, rows: int = 6) -> list[Word]:
    """Set a narrow column of running text whose lines all begin with a name of their own."""
    return put_lines([f"{name}{row} {TALE[row % len(TALE)]}"[:24] for row in range(rows)], x, y)


def firsts(words: tuple[Word, ...]) -> list[str]:
    """Give the words that begin lines, in the order of reading."""
    return [word.text for word in words if word.text[:-1] in ("a", "b", "c", "d") and word.text[-1].isdigit()]


def named(*names: str, rows: int = 6) -> list[str]:
    return [f"{name}{row}" for name in names for row in range(rows)]


def test_one_column_is_read_from_top_to_bottom() -> None:
    words = put_lines([f"a{row} {line} and more of the same" for row, line in enumerate(TALE)], 0.1, 0.1)
    assert firsts(laid(words).words) == named("a")


@pytest.mark.parametrize("xs", [(0.08, 0.54), (0.06, 0.37, 0.68)])
def test_columns_are_read_one_after_the_other(xs: tuple[float, ...]) -> None:
    names = "abc"[: len(xs)]
    words = [word for name, x in zip(names, xs, strict=True) for word in column(name, x, 0.2)]
    assert firsts(laid(words).words) == named(*names)


def test_a_heading_across_comes_before_the_columns_under_it() -> None:
    words = put("The year in which the harbour froze over", 0.15, 0.08, size=1.7)
    words += column("a", 0.08, 0.2) + column("b", 0.54, 0.2)
    layout = laid(words)
    assert told(layout)[0] == ("title", "The year in which the harbour froze over")
    assert firsts(layout.words) == named("a", "b")


def test_a_heading_across_the_middle_parts_the_columns_above_from_those_below() -> None:
    words = column("a", 0.08, 0.1) + column("b", 0.54, 0.1)
    words += put("What came after the ice had gone that spring", 0.12, 0.24, size=1.7)
    words += column("c", 0.08, 0.3) + column("d", 0.54, 0.3)
    layout = laid(words)
    assert firsts(layout.words) == named("a", "b", "c", "d")
    heading = next(index for index, (kind, _) in enumerate(told(layout)) if kind == "title")
    before = [text[:2] for _, text in told(layout)[:heading]]
    assert before == ["a0", "b0"]


def test_a_column_that_is_longer_is_read_to_its_end() -> None:
    words = column("a", 0.08, 0.1, rows=9) + column("b", 0.54, 0.1, rows=5)
    assert firsts(laid(words).words) == named("a", rows=9) + named("b", rows=5)


def test_columns_whose_lines_do_not_stand_on_one_level() -> None:
    words = column("a", 0.08, 0.1) + column("b", 0.54, 0.108)
    assert firsts(laid(words).words) == named("a", "b")


def test_a_rule_between_two_short_columns_divides_them() -> None:
    words = put_lines(("a0 sold to", "a1 here", "a2 there"), 0.1, 0.1)
    words += put_lines(("b0 sent to", "b1 far", "b2 away"), 0.4, 0.1)
    layout = laid(words, PageMarks(rulings=(upright(0.33, 0.09, 0.17),)))
    assert firsts(layout.words) == named("a", "b", rows=3)


def test_labels_and_their_values_are_read_across() -> None:
    words = put_rows((("a0", "12.50"), ("a1", "13.00"), ("a2", "7.25"), ("a3", "1.10")), (0.1, 0.7), 0.2)
    assert [word.text for word in laid(words).words] == [
        "a0", "12.50", "a1", "13.00", "a2", "7.25", "a3", "1.10"
    ]  # fmt: skip


def test_two_addresses_side_by_side_are_read_one_after_the_other() -> None:
    words = put_lines(("a0 Harbour Works", "a1 Long Street", "a2 Old Town"), 0.1, 0.1)
    words += put_lines(("b0 Northern Mills", "b1 Short Lane", "b2 New Town"), 0.6, 0.1)
    assert firsts(laid(words).words) == named("a", "b", rows=3)


def test_a_note_at_the_foot_comes_after_the_other_column() -> None:
    words = column("a", 0.08, 0.5, rows=20) + column("b", 0.54, 0.5, rows=24)
    words += put_lines(("1 this was told", "by a sailor"), 0.08, 0.86, size=0.75)
    assert told(laid(words))[-1][1] == "1 this was told by a sailor"


def test_words_set_upright_beside_the_page_are_a_block_of_their_own() -> None:
    words = put_lines([f"a{row} {TALE[row]} and more" for row in range(6)], 0.15, 0.2)
    edge = [
        Word(text, BoundingBox(0.03, y, 0.045, y + 0.08), 0.95, words[0].source, 0)
        for text, y in (("printed", 0.2), ("in", 0.3), ("Bergen", 0.4))
    ]
    layout = laid(words + edge)
    assert ("paragraph", "printed in Bergen") in told(layout)
    assert firsts(layout.words) == named("a")


def test_lines_are_counted_in_the_order_of_reading() -> None:
    words = column("a", 0.08, 0.2) + column("b", 0.54, 0.2)
    layout = laid(words)
    lines = [word.line for word in layout.words]
    assert lines == sorted(lines)
    assert len(set(lines)) == 12


def test_a_figure_stands_where_it_would_be_read() -> None:
    words = put_lines(TALE, 0.1, 0.1) + put_lines(TALE, 0.1, 0.5)
    layout = laid(words, PageMarks(pictures=(BoundingBox(0.2, 0.25, 0.7, 0.45),)))
    kinds = [block.kind for block in layout.blocks]
    assert kinds == [BlockKind.PARAGRAPH, BlockKind.FIGURE, BlockKind.PARAGRAPH]
    figure = of_kind(layout, BlockKind.FIGURE)[0]
    assert text_of(layout, figure) == ""
    assert figure.bbox == BoundingBox(0.2, 0.25, 0.7, 0.45)
