"""Two readings side by side: which words and which fields differ."""

import pytest

from ingestion.domain.reprocessing import (
    FieldChange,
    FieldSight,
    PageChange,
    PageSight,
    compare_fields,
    compare_pages,
    only_improves,
    word_steps,
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
def test_words_that_came_went_or_read_otherwise_are_counted(before: str, after: str, changed: int) -> None:
    """In order: a word that moved has gone and come."""
    (page,) = compare_pages([PageSight(1, tuple(before.split()), 0.8)], [PageSight(1, tuple(after.split()), 0.9)])
    assert (page.changed, page.words_before, page.words_after) == (
        changed,
        len(before.split()),
        len(after.split()),
    )
    assert (page.confidence_before, page.confidence_after) == (0.8, 0.9)


def test_steps_cover_both_readings_without_a_gap() -> None:
    """Each word of each reading is in one step."""
    before, after = (
        ["Invoice", "No", "12", "Total", "5.00", "EUR"],
        ["Invoice", "No.", "12", "Sum", "Total", "5.00"],
    )
    steps = word_steps(before, after)
    assert [word for step in steps for word in before[slice(*step.before)]] == before
    assert [word for step in steps for word in after[slice(*step.after)]] == after
    assert all(before[slice(*s.before)] == after[slice(*s.after)] for s in steps if s.alike)


def test_a_page_that_only_one_reading_has() -> None:
    """All of its words differ; the other one has no confidence in it."""
    gone, come = compare_pages([PageSight(1, ("a", "b"), 0.9)], [PageSight(2, ("c",), 0.5, "corrupt")])
    assert (gone.number, gone.changed, gone.confidence_after) == (1, 2, None)
    assert (come.number, come.changed, come.confidence_before, come.error) == (2, 1, None, "corrupt")


def test_what_a_person_gave_stays() -> None:
    """It differs, and replaces nothing."""
    before = [FieldSight("total", "120.00", 0.7, "corrected"), FieldSight("number", "1", 0.9)]
    after = [FieldSight("number", "7", 0.8), FieldSight("total", "128.00", 0.9), FieldSight("iban", "DE1", 0.9)]
    total, number, iban = compare_fields(before, after)
    assert (total.name, total.changed, total.kept, total.replaces) == ("total", True, True, False)
    assert (number.name, number.changed, number.kept, number.replaces) == ("number", True, False, True)
    assert (iban.before, iban.replaces) == (None, True)


def test_an_absent_field_and_an_empty_one_are_alike() -> None:
    """Neither has a value."""
    (change,) = compare_fields([], [FieldSight("total", "", 0.4)])
    assert not change.changed


def test_one_value_written_otherwise_is_no_other_value() -> None:
    """The two are shown; nothing would change by it."""
    before, after = (FieldSight("total", text, 0.9, normalized="2791.14") for text in ("2 791,14", "2791,14"))
    (change,) = compare_fields([before], [after])
    assert (change.changed, change.rewritten, change.replaces) == (True, True, False)
    (other,) = compare_fields([before], [FieldSight("total", "2791,41", 0.9, normalized="2791.41")])
    assert (other.rewritten, other.replaces) == (False, True)
    unread = FieldSight("note", "b", 0.9)
    assert compare_fields([FieldSight("note", "a", 0.9)], [unread])[0].replaces


def sight(value: str, confidence: float, human: str = "") -> FieldSight:
    return FieldSight("total", value, confidence, human)


SURER = PageChange(1, 3, 40, 41, 0.8, 0.9)
SAME = PageChange(2, 0, 40, 40, 0.9, 0.85)


@pytest.mark.parametrize(
    ("fields", "pages", "expected"),
    [
        ([], [SURER], True),
        ([], [SURER, SAME], True),
        ([FieldChange("total", sight("1", 0.6), sight("2", 0.9))], [SURER], True),
        ([FieldChange("total", sight("", 0.0), sight("2", 0.4))], [SAME], True),
        ([FieldChange("total", sight("1", 1.0, "corrected"), sight("2", 0.1))], [SURER], True),
        ([], [SAME], False),
        ([], [PageChange(1, 3, 40, 41, 0.9, 0.8)], False),
        ([], [SURER, PageChange(2, 40, 40, 0, 0.9, None, "resource_limit")], False),
        ([FieldChange("total", sight("1", 0.9), sight("2", 0.6))], [SURER], False),
        ([FieldChange("total", sight("1", 0.9), sight("", 0.95))], [SURER], False),
        ([FieldChange("total", sight("1", 0.9), None)], [SURER], False),
    ],
)
def test_only_what_is_better_somewhere_and_worse_nowhere_improves(
    fields: list[FieldChange], pages: list[PageChange], expected: bool
) -> None:
    assert only_improves(fields, pages) is expected


def test_a_page_that_could_not_be_read_before_is_a_gain() -> None:
    assert only_improves([], [PageChange(1, 40, 0, 40, None, 0.9)])
