"""Editing a split: every page has one place, and unaffected child documents are kept."""

from uuid import UUID

import pytest

from ingestion.domain.splitting.edits import (
    CurrentChild,
    InvalidSplit,
    PartAssignment,
    check_split_parts,
    plan_split_edit,
)

A, B, C = (UUID(int=number) for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("parts", "dropped"),
    [
        ([], [1, 2, 3]),
        ([[1, 2], []], [3]),
        ([[1, 2]], []),
        ([[1, 2], [2, 3]], []),
        ([[1, 2, 3]], [3]),
        ([[1, 2, 3, 4]], []),
        ([[0, 1, 2, 3]], []),
    ],
    ids=["none", "empty", "lost", "twice", "kept-and-dropped", "too-many", "no-page"],
)
def test_check_split_missing_or_duplicate_pages_raise(parts: list[list[int]], dropped: list[int]) -> None:
    with pytest.raises(InvalidSplit):
        check_split_parts(parts, dropped, 3)


def test_check_split_accepts_any_page_order() -> None:
    check_split_parts([[3, 1]], [2], 3)


def test_plan_unchanged_child_keeps_its_document() -> None:
    plan = plan_split_edit([(3, 4), (1,), (2,)], [CurrentChild(A, (1, 2)), CurrentChild(B, (3, 4), decided=True)])
    assert plan.assignments[0].unchanged_id == B
    assert plan.assignments[1].continued_id == A
    assert plan.assignments[2] == PartAssignment((2,))
    assert plan.obsolete_ids == ()


def test_plan_changed_page_order_is_a_change() -> None:
    plan = plan_split_edit([(2, 1)], [CurrentChild(A, (1, 2))])
    assert (plan.assignments[0].unchanged_id, plan.assignments[0].continued_id) == (None, A)


def test_plan_decided_child_is_replaced_not_changed() -> None:
    plan = plan_split_edit([(1,), (2,)], [CurrentChild(A, (1, 2), decided=True)])
    assert [place.replaced_id for place in plan.assignments] == [A, None]
    assert all(place.unchanged_id is None and place.continued_id is None for place in plan.assignments)
    assert plan.obsolete_ids == (A,)


def test_plan_merged_children_continue_in_larger_one() -> None:
    plan = plan_split_edit([(1, 2, 3)], [CurrentChild(A, (1,)), CurrentChild(B, (2, 3)), CurrentChild(C, ())])
    assert plan.assignments[0].continued_id == B
    assert plan.obsolete_ids == (A, C)


def test_plan_child_continues_in_one_part_only() -> None:
    plan = plan_split_edit([(1,), (2, 3)], [CurrentChild(A, (1, 2, 3))])
    assert [place.continued_id for place in plan.assignments] == [None, A]


def test_plan_reprocessed_file_changes_every_child() -> None:
    plan = plan_split_edit(
        [(1,), (2,)], [CurrentChild(A, (1,)), CurrentChild(B, (2,), decided=True)], pages_read_again=None
    )
    assert [(place.continued_id, place.replaced_id) for place in plan.assignments] == [(A, None), (None, B)]
    assert plan.obsolete_ids == (B,)


def test_plan_child_without_reprocessed_page_is_unchanged() -> None:
    """Decided or not; a child document with such a page is replaced."""
    current = [CurrentChild(A, (1, 2), decided=True), CurrentChild(B, (3,))]
    plan = plan_split_edit([(1, 2), (3,)], current, pages_read_again={3})
    assert (plan.assignments[0].unchanged_id, plan.assignments[1].continued_id) == (A, B)
    plan = plan_split_edit([(1, 2), (3,)], current, pages_read_again={2})
    assert (plan.assignments[0].replaced_id, plan.assignments[1].unchanged_id) == (A, B)
