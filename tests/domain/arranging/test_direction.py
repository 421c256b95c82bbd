"""Lines of Hebrew and Arabic are read from the right, what is Latin within them from the left."""

import pytest

from ingestion.domain.page.marks import PageMarks
from tests.domain.arranging.setting import cells_of, laid, lying, put, put_lines, put_rows, upright


@pytest.mark.parametrize(
    ("seen", "read"),
    [
        ("החשבון סכום", "סכום החשבון"),
        ("يوما ثلاثين خلال الدفع", "الدفع خلال ثلاثين يوما"),
        ("1,284.50 החשבון סכום", "סכום החשבון 1,284.50"),
        ("תודה Harbour Paper Ltd לכבוד", "לכבוד Harbour Paper Ltd תודה"),
        ("12 03 2026", "12 03 2026"),
        ("name שלום עולם is a greeting", "name עולם שלום is a greeting"),
    ],
)
def test_a_line_begins_where_its_script_does(seen: str, read: str) -> None:
    """`seen` are the words from left to right, as they stand on the page."""
    layout = laid(put(seen, 0.1, 0.2))
    assert " ".join(word.text for word in layout.words) == read
    assert {word.line for word in layout.words} == {0}


def test_each_line_for_itself() -> None:
    layout = laid(put_lines(["ראשונה שורה", "a line between", "אחרונה שורה"], 0.1, 0.2))
    assert [(word.text, word.line) for word in layout.words] == [
        ("שורה", 0), ("ראשונה", 0), ("a", 1), ("line", 1), ("between", 1), ("שורה", 2), ("אחרונה", 2),
    ]  # fmt: skip


def test_the_cells_of_a_table_keep_their_places() -> None:
    words = put_rows([["החשבון סכום", "לתשלום תאריך"], ["1,284.50", "12.03.2026"]], (0.12, 0.52), 0.205, step=0.03)
    rules = [lying(0.1, 0.9, y) for y in (0.2, 0.23, 0.26)] + [upright(x, 0.2, 0.26) for x in (0.1, 0.5, 0.9)]
    layout = laid(words, PageMarks(rulings=tuple(rules)))
    cells = cells_of(layout)
    assert (cells[0, 0], cells[0, 1], cells[1, 0]) == ("סכום החשבון", "תאריך לתשלום", "1,284.50")
