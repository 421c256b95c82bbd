"""Characters in the order of their places become words as people type them."""

import pytest

from ingestion.domain.page.visual_text import logical_word, move_punctuation, plain_letters


def placed(logical: str) -> list[str]:
    """Return right-to-left letters from left to right."""
    return list(reversed(logical))


@pytest.mark.parametrize(
    ("visual", "read"),
    [
        (placed('בע"מ'), 'בע"מ'),
        (placed("תאריך:"), "תאריך:"),
        (placed("(שלום)".translate(str.maketrans("()", ")("))), "(שלום)"),
        ([*"25", *placed("מק")], "מק25"),
        ([*"iPhone15", *placed("ל-")], "ל-iPhone15"),
        (list(",16"), "16,"),
        (list(":16/05/2026"), "16/05/2026:"),
        (list("16/05/2026"), "16/05/2026"),
        (list("2026-05-16"), "2026-05-16"),
        (
            list("\u0661\u0666/\u0660\u0665/\u0662\u0660\u0662\u0666"),
            "\u0661\u0666/\u0660\u0665/\u0662\u0660\u0662\u0666",
        ),
        (list("\u06f1\u06f2\u066b\u06f5\u06f0"), "\u06f1\u06f2\u066b\u06f5\u06f0"),
        (list("5-"), "-5"),
        (list("%20"), "20%"),
        (list("20%"), "20%"),
        (list("₪310.00"), "₪310.00"),
        (list("(25)"), "(25)"),
        (list("25)"), "(25"),
        (list("25("), "(25"),
        ([*placed("כולל"), "("], "(כולל"),
        ([*placed("כולל"), ")"], "(כולל"),
        ([")", *placed("כולל")], "כולל)"),
        ([")", *placed("כולל"), "("], "(כולל)"),
        (list(".Ltd"), "Ltd."),
        (list("Ltd"), "Ltd"),
        (["ة", "لا", "ص"], "صلاة"),
        (["\u05dd", "\u05d5\u05b9", "\u05dc", "\u05e9\u05b8"], "\u05e9\u05b8\u05dc\u05d5\u05b9\u05dd"),
    ],
)
def test_logical_word_in_right_to_left_line_is_as_typed(visual: list[str], read: str) -> None:
    assert logical_word(visual, rtl_line=True) == read


@pytest.mark.parametrize(
    ("visual", "read"),
    [
        ([*placed("שלום"), ","], "שלום,"),
        (["(", *placed("שלום"), ")"], "(שלום)"),
        (list(",16"), ",16"),
        (list("،"), "،"),
        (list("Ltd."), "Ltd."),
    ],
)
def test_logical_word_in_left_to_right_line_keeps_outer_punctuation(visual: list[str], read: str) -> None:
    assert logical_word(visual, rtl_line=False) == read


def test_logical_word_with_presentation_forms_has_letters() -> None:
    assert logical_word(list(reversed("\ufed3\ufe8e\ufe97\ufeee\ufead\ufe93")), rtl_line=True) == "فاتورة"
    assert (
        logical_word(["\ufef2", "\ufedf", "\ufe8e", "\ufee4", "\ufe9f", "\ufef9", "\ufe8d"], rtl_line=True)
        == "الإجمالي"
    )


def test_plain_letters_drops_controls_and_keeps_other_text() -> None:
    assert plain_letters("\u200fשלם\u202c") == "שלם"
    assert plain_letters("\u013f \ufb01 \u00bd") == "\u013f \ufb01 \u00bd"


def test_logical_word_of_extreme_length_is_returned_unchanged() -> None:
    assert logical_word(["a"] * 150_000, rtl_line=True) == "a" * 150_000


def test_move_punctuation_ends_a_latin_run_with_its_sign() -> None:
    assert move_punctuation(["הדות", ".Harbour", "Paper", "Ltd", "דובכל"]) == [
        "הדות",
        "Harbour",
        "Paper",
        "Ltd.",
        "דובכל",
    ]
    assert move_punctuation([".Ltd", "דובכל"]) == [".Ltd", "דובכל"]
    assert move_punctuation(["12.40", "3", "דובכל"]) == ["12.40", "3", "דובכל"]
