"""Reading order: column after column, spanning headings first, labels with their values."""

import pytest

from ingestion.domain.page.elements import BlockKind, Word
from ingestion.domain.page.marks import PageMarks
from refinery.core.types import BoundingBox
from tests.support.page_words import (
    analyzed,
    kinds_and_texts,
    of_kind,
    place_lines,
    place_rows,
    place_text,
    text_of,
    vertical_rule,
)

RUNNING_TEXT = (
    "the harbour was closed all",
    "winter because the ice had",
    "come early that year and",
    "nobody could leave until it",
    "broke in the last days of",
    "march when the wind turned",
)


def column(name: str, x: float, y: float, rows: int = 6) -> list[Word]:
    """Place a narrow column of running text whose lines all begin with a distinct name."""
    return place_lines([f"{name}{row} {RUNNING_TEXT[row % len(RUNNING_TEXT)]}"[:24] for row in range(rows)], x, y)


def line_starts(words: tuple[Word, ...]) -> list[str]:
    """Return the first words of the lines, in reading order."""
    return [word.text for word in words if word.text[:-1] in ("a", "b", "c", "d") and word.text[-1].isdigit()]


def labelled_rows(*names: str, rows: int = 6) -> list[str]:
    return [f"{name}{row}" for name in names for row in range(rows)]


def test_single_column_is_read_top_to_bottom() -> None:
    words = place_lines([f"a{row} {line} and more of the same" for row, line in enumerate(RUNNING_TEXT)], 0.1, 0.1)
    assert line_starts(analyzed(words).words) == labelled_rows("a")


@pytest.mark.parametrize("xs", [(0.08, 0.54), (0.06, 0.37, 0.68)])
def test_columns_are_read_one_after_another(xs: tuple[float, ...]) -> None:
    names = "abc"[: len(xs)]
    words = [word for name, x in zip(names, xs, strict=True) for word in column(name, x, 0.2)]
    assert line_starts(analyzed(words).words) == labelled_rows(*names)


def test_heading_across_columns_is_read_before_them() -> None:
    words = place_text("The year in which the harbour froze over", 0.15, 0.08, size=1.7)
    words += column("a", 0.08, 0.2) + column("b", 0.54, 0.2)
    layout = analyzed(words)
    assert kinds_and_texts(layout)[0] == ("title", "The year in which the harbour froze over")
    assert line_starts(layout.words) == labelled_rows("a", "b")


def test_heading_across_middle_separates_columns_above_and_below() -> None:
    words = column("a", 0.08, 0.1) + column("b", 0.54, 0.1)
    words += place_text("What came after the ice had gone that spring", 0.12, 0.24, size=1.7)
    words += column("c", 0.08, 0.3) + column("d", 0.54, 0.3)
    layout = analyzed(words)
    assert line_starts(layout.words) == labelled_rows("a", "b", "c", "d")
    heading = next(index for index, (kind, _) in enumerate(kinds_and_texts(layout)) if kind == "title")
    before = [text[:2] for _, text in kinds_and_texts(layout)[:heading]]
    assert before == ["a0", "b0"]


def test_longer_column_is_read_to_its_end() -> None:
    words = column("a", 0.08, 0.1, rows=9) + column("b", 0.54, 0.1, rows=5)
    assert line_starts(analyzed(words).words) == labelled_rows("a", rows=9) + labelled_rows("b", rows=5)


def test_columns_with_unaligned_lines_are_read_one_after_another() -> None:
    words = column("a", 0.08, 0.1) + column("b", 0.54, 0.108)
    assert line_starts(analyzed(words).words) == labelled_rows("a", "b")


def test_rule_between_short_columns_separates_them() -> None:
    words = place_lines(("a0 sold to", "a1 here", "a2 there"), 0.1, 0.1)
    words += place_lines(("b0 sent to", "b1 far", "b2 away"), 0.4, 0.1)
    layout = analyzed(words, PageMarks(rulings=(vertical_rule(0.33, 0.09, 0.17),)))
    assert line_starts(layout.words) == labelled_rows("a", "b", rows=3)


def test_labels_and_values_are_read_across() -> None:
    words = place_rows((("a0", "12.50"), ("a1", "13.00"), ("a2", "7.25"), ("a3", "1.10")), (0.1, 0.7), 0.2)
    assert [word.text for word in analyzed(words).words] == ["a0", "12.50", "a1", "13.00", "a2", "7.25", "a3", "1.10"]


def test_addresses_side_by_side_are_read_one_after_another() -> None:
    words = place_lines(("a0 Harbour Works", "a1 Long Street", "a2 Old Town"), 0.1, 0.1)
    words += place_lines(("b0 Northern Mills", "b1 Short Lane", "b2 New Town"), 0.6, 0.1)
    assert line_starts(analyzed(words).words) == labelled_rows("a", "b", rows=3)


def test_footnote_is_read_after_the_other_column() -> None:
    words = column("a", 0.08, 0.5, rows=20) + column("b", 0.54, 0.5, rows=24)
    words += place_lines(("1 this was told", "by a sailor"), 0.08, 0.86, size=0.75)
    assert kinds_and_texts(analyzed(words))[-1][1] == "1 this was told by a sailor"


def test_vertical_margin_text_is_a_separate_block() -> None:
    words = place_lines([f"a{row} {RUNNING_TEXT[row]} and more" for row in range(6)], 0.15, 0.2)
    edge = [
        Word(text, BoundingBox(0.03, y, 0.045, y + 0.08), 0.95, words[0].source, 0)
        for text, y in (("printed", 0.2), ("in", 0.3), ("Bergen", 0.4))
    ]
    layout = analyzed(words + edge)
    assert ("paragraph", "printed in Bergen") in kinds_and_texts(layout)
    assert line_starts(layout.words) == labelled_rows("a")


def test_line_numbers_follow_reading_order() -> None:
    words = column("a", 0.08, 0.2) + column("b", 0.54, 0.2)
    layout = analyzed(words)
    lines = [word.line for word in layout.words]
    assert lines == sorted(lines)
    assert len(set(lines)) == 12


def test_figure_is_placed_in_reading_order() -> None:
    words = place_lines(RUNNING_TEXT, 0.1, 0.1) + place_lines(RUNNING_TEXT, 0.1, 0.5)
    layout = analyzed(words, PageMarks(pictures=(BoundingBox(0.2, 0.25, 0.7, 0.45),)))
    kinds = [block.kind for block in layout.blocks]
    assert kinds == [BlockKind.PARAGRAPH, BlockKind.FIGURE, BlockKind.PARAGRAPH]
    figure = of_kind(layout, BlockKind.FIGURE)[0]
    assert text_of(layout, figure) == ""
    assert figure.bbox == BoundingBox(0.2, 0.25, 0.7, 0.45)
