"""Mending a split: every page has one place, and every document keeps what it can."""

from uuid import UUID

import pytest

from ingestion.domain.splitting.edits import InvalidSplit, Standing, check_split, plan

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
def test_pages_are_neither_lost_nor_doubled(parts: list[list[int]], dropped: list[int]) -> None:
    with pytest.raises(InvalidSplit):
        check_split(parts, dropped, 3)


def test_any_order_will_do() -> None:
    check_split([[3, 1]], [2], 3)


def test_what_stays_as_it_is_keeps_its_document_whatever_its_place() -> None:
    mending = plan([(3, 4), (1,), (2,)], [Standing(A, (1, 2)), Standing(B, (3, 4), decided=True)])
    assert mending.places[0].stays == B
    assert mending.places[1].goes_on == A
    assert mending.places[2].new
    assert mending.over == ()


def test_an_order_that_changes_is_a_change() -> None:
    mending = plan([(2, 1)], [Standing(A, (1, 2))])
    assert (mending.places[0].stays, mending.places[0].goes_on) == (None, A)


def test_a_decided_document_is_never_changed() -> None:
    mending = plan([(1,), (2,)], [Standing(A, (1, 2), decided=True)])
    assert [place.replaces for place in mending.places] == [A, None]
    assert all(place.new for place in mending.places)
    assert mending.over == (A,)


def test_merged_documents_go_on_in_the_larger_one() -> None:
    mending = plan([(1, 2, 3)], [Standing(A, (1,)), Standing(B, (2, 3)), Standing(C, ())])
    assert mending.places[0].goes_on == B
    assert mending.over == (A, C)


def test_a_document_goes_on_in_one_part_only() -> None:
    mending = plan([(1,), (2, 3)], [Standing(A, (1, 2, 3))])
    assert [place.goes_on for place in mending.places] == [None, A]


def test_pages_that_were_read_again_leave_nothing_as_it_was() -> None:
    mending = plan([(1,), (2,)], [Standing(A, (1,)), Standing(B, (2,), decided=True)], anew=None)
    assert [(place.goes_on, place.replaces) for place in mending.places] == [(A, None), (None, B)]
    assert mending.over == (B,)


def test_a_part_without_a_page_that_was_read_again_stays() -> None:
    """Decided or not; one with such a page does not."""
    standing = [Standing(A, (1, 2), decided=True), Standing(B, (3,))]
    mending = plan([(1, 2), (3,)], standing, anew={3})
    assert (mending.places[0].stays, mending.places[1].goes_on) == (A, B)
    mending = plan([(1, 2), (3,)], standing, anew={2})
    assert (mending.places[0].replaces, mending.places[1].stays) == (A, B)
