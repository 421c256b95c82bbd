"""Hebrew and Arabic lines are read from the right, Latin text within them from the left."""

import pytest

from ingestion.domain.page.marks import PageMarks
from tests.support.page_words import (
    analyzed,
    cells_of,
    horizontal_rule,
    place_lines,
    place_rows,
    place_text,
    vertical_rule,
)


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
def test_line_starts_on_the_side_of_its_script(seen: str, read: str) -> None:
    """`seen` are the words from left to right on the page."""
    layout = analyzed(place_text(seen, 0.1, 0.2))
    assert " ".join(word.text for word in layout.words) == read
    assert {word.line for word in layout.words} == {0}


def test_lines_of_mixed_scripts_are_ordered_separately() -> None:
    layout = analyzed(place_lines(["ראשונה שורה", "a line between", "אחרונה שורה"], 0.1, 0.2))
    assert [(word.text, word.line) for word in layout.words] == [
        ("שורה", 0),
        ("ראשונה", 0),
        ("a", 1),
        ("line", 1),
        ("between", 1),
        ("שורה", 2),
        ("אחרונה", 2),
    ]


def test_table_cells_keep_places_in_right_to_left_text() -> None:
    words = place_rows([["החשבון סכום", "לתשלום תאריך"], ["1,284.50", "12.03.2026"]], (0.12, 0.52), 0.205, step=0.03)
    rules = [horizontal_rule(0.1, 0.9, y) for y in (0.2, 0.23, 0.26)] + [
        vertical_rule(x, 0.2, 0.26) for x in (0.1, 0.5, 0.9)
    ]
    layout = analyzed(words, PageMarks(rulings=tuple(rules)))
    cells = cells_of(layout)
    assert (cells[0, 0], cells[0, 1], cells[1, 0]) == ("סכום החשבון", "תאריך לתשלום", "1,284.50")
