"""Hebrew and Arabic lines are read from the right, Latin text within them from the left."""

import pytest

from ingestion.domain.layout.script_direction import ORDER_CONFIDENCE
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


def test_parts_of_a_right_to_left_line_are_read_from_the_right() -> None:
    words = place_text("12.40", 0.1, 0.2) + place_text("ABC Trading", 0.3, 0.2) + place_text("שיפון לחם", 0.7, 0.2)
    layout = analyzed(words + place_lines(["לתשלום סכום", "תודה"], 0.7, 0.22))
    first = " ".join(word.text for word in layout.words if word.line == 0)
    assert first == "לחם שיפון ABC Trading 12.40"


@pytest.mark.parametrize(
    ("seen", "certain"),
    [
        ("310.00 לתשלום סכום", True),
        ("תודה Harbour Paper לכבוד", True),
        ("12.40 יחידות 25 שיפון לחם", True),
        ("תודה iPhone 15 דגם", False),
        ("תודה 5 kg משקל", False),
        ("name 25 שלום is", False),
        ("Harbour Ltd לכבוד", False),
        ("12 03 2026", True),
        ("plain words of one script 25", True),
    ],
)
def test_words_of_uncertain_order_have_less_confidence(seen: str, *, certain: bool) -> None:
    layout = analyzed(place_text(seen, 0.1, 0.2))
    assert {word.confidence for word in layout.words} == {0.95 if certain else ORDER_CONFIDENCE}


def test_line_between_two_scripts_follows_the_page() -> None:
    mixed = place_text("AB של", 0.1, 0.2)
    hebrew = place_lines(["ראשונה שורה", "אחרונה שורה"], 0.1, 0.24)
    english = place_lines(["a line of words", "and another one"], 0.1, 0.24)
    assert [word.text for word in analyzed(mixed + hebrew).words][:2] == ["של", "AB"]
    assert [word.text for word in analyzed(mixed + english).words][:2] == ["AB", "של"]
