"""Comparison of two readings: which words and fields differ."""

import pytest

from ingestion.domain.reprocessing import (
    FieldChange,
    FieldSnapshot,
    PageChange,
    PageSnapshot,
    compare_fields,
    compare_pages,
    diff_words,
    is_improvement,
)


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("Total 120.00 EUR", "Total 120.00 EUR", 0),
        ("Total 120.00 EUR", "Total 128.00 EUR", 1),
        ("Total 120.00 EUR", "Total EUR", 1),
        ("Total EUR", "Total 120.00 EUR", 1),
        ("To tal 120.00", "Total 120.00", 2),
        ("", "Total 120.00", 2),
        ("a b", "b a", 2),
    ],
)
def test_compare_pages_counts_changed_added_and_removed_words(before: str, after: str, changed: int) -> None:
    """The order counts: a moved word is one removed and one added."""
    (page,) = compare_pages([PageSnapshot(1, tuple(before.split()), 0.8)], [PageSnapshot(1, tuple(after.split()), 0.9)])
    assert (page.changed, page.words_before, page.words_after) == (changed, len(before.split()), len(after.split()))
    assert (page.confidence_before, page.confidence_after) == (0.8, 0.9)


def test_word_steps_cover_both_readings_without_gap() -> None:
    """Each word of each reading is in exactly one step."""
    before, after = (["Invoice", "No", "12", "Total", "5.00", "EUR"], ["Invoice", "No.", "12", "Sum", "Total", "5.00"])
    steps = diff_words(before, after)
    assert [word for step in steps for word in before[slice(*step.before)]] == before
    assert [word for step in steps for word in after[slice(*step.after)]] == after
    assert all(before[slice(*s.before)] == after[slice(*s.after)] for s in steps if s.equal)


def test_compare_pages_page_in_one_reading_only_differs_completely() -> None:
    """All of its words differ; the other reading has no confidence for it."""
    gone, come = compare_pages([PageSnapshot(1, ("a", "b"), 0.9)], [PageSnapshot(2, ("c",), 0.5, "corrupt")])
    assert (gone.number, gone.changed, gone.confidence_after) == (1, 2, None)
    assert (come.number, come.changed, come.confidence_before, come.error) == (2, 1, None, "corrupt")


def test_compare_fields_corrected_value_is_not_replaced() -> None:
    """It is shown as a difference, but kept."""
    before = [FieldSnapshot("total", "120.00", 0.7, "corrected"), FieldSnapshot("number", "1", 0.9)]
    after = [
        FieldSnapshot("number", "7", 0.8),
        FieldSnapshot("total", "128.00", 0.9),
        FieldSnapshot("iban", "DE1", 0.9),
    ]
    total, number, iban = compare_fields(before, after)
    assert (total.name, total.changed, total.kept, total.replaces) == ("total", True, True, False)
    assert (number.name, number.changed, number.kept, number.replaces) == ("number", True, False, True)
    assert (iban.before, iban.replaces) == (None, True)


def test_compare_fields_absent_and_empty_field_are_equal() -> None:
    """Neither has a value."""
    (change,) = compare_fields([], [FieldSnapshot("total", "", 0.4)])
    assert not change.changed


def test_compare_fields_same_normalized_value_is_unchanged() -> None:
    """Both spellings are shown, but nothing would change."""
    before, after = (FieldSnapshot("total", text, 0.9, normalized="2791.14") for text in ("2 791,14", "2791,14"))
    (change,) = compare_fields([before], [after])
    assert (change.changed, change.rewritten, change.replaces) == (True, True, False)
    (other,) = compare_fields([before], [FieldSnapshot("total", "2791,41", 0.9, normalized="2791.41")])
    assert (other.rewritten, other.replaces) == (False, True)
    unread = FieldSnapshot("note", "b", 0.9)
    assert compare_fields([FieldSnapshot("note", "a", 0.9)], [unread])[0].replaces


def field_reading(value: str, confidence: float, human: str = "") -> FieldSnapshot:
    return FieldSnapshot("total", value, confidence, human)


MORE_CONFIDENT = PageChange(1, 3, 40, 41, 0.8, 0.9)
UNCHANGED = PageChange(2, 0, 40, 40, 0.9, 0.85)


@pytest.mark.parametrize(
    ("fields", "pages", "expected"),
    [
        ([], [MORE_CONFIDENT], True),
        ([], [MORE_CONFIDENT, UNCHANGED], True),
        ([FieldChange("total", field_reading("1", 0.6), field_reading("2", 0.9))], [MORE_CONFIDENT], True),
        ([FieldChange("total", field_reading("", 0.0), field_reading("2", 0.4))], [UNCHANGED], True),
        ([FieldChange("total", field_reading("1", 1.0, "corrected"), field_reading("2", 0.1))], [MORE_CONFIDENT], True),
        ([], [UNCHANGED], False),
        ([], [PageChange(1, 3, 40, 41, 0.9, 0.8)], False),
        ([], [MORE_CONFIDENT, PageChange(2, 40, 40, 0, 0.9, None, "resource_limit")], False),
        ([FieldChange("total", field_reading("1", 0.9), field_reading("2", 0.6))], [MORE_CONFIDENT], False),
        ([FieldChange("total", field_reading("1", 0.9), field_reading("", 0.95))], [MORE_CONFIDENT], False),
        ([FieldChange("total", field_reading("1", 0.9), None)], [MORE_CONFIDENT], False),
    ],
)
def test_only_improves_requires_some_gain_and_no_loss(
    fields: list[FieldChange], pages: list[PageChange], expected: bool
) -> None:
    assert is_improvement(fields, pages) is expected


def test_only_improves_page_previously_unreadable_is_a_gain() -> None:
    assert is_improvement([], [PageChange(1, 40, 0, 40, None, 0.9)])
