"""A text layer is looked at word by word, and no longer than the verdict is open."""

from collections.abc import Iterator

import pytest

from ingestion.domain.page.text_layer import likeness_of


def looks(likenesses: tuple[float, ...], taken: list[float]) -> Iterator[float]:
    for likeness in likenesses:
        taken.append(likeness)
        yield likeness


@pytest.mark.parametrize(
    ("likenesses", "needed", "believed"),
    [((1.0,) * 8, 5, True), ((0.0,) * 8, 8, False), ((1.0, 0.0) * 4, 8, False), ((1.0, 0.5) * 4, 7, True)],
)
def test_looking_ends_when_nothing_can_change(likenesses: tuple[float, ...], needed: int, believed: bool) -> None:
    """The verdict is that of all of them."""
    taken: list[float] = []
    likeness = likeness_of(looks(likenesses, taken), len(likenesses))
    assert likeness is not None
    assert (len(taken), likeness >= 0.6) == (needed, believed)
    assert believed == (sum(likenesses) / len(likenesses) >= 0.6)


def test_nothing_looked_at_says_nothing() -> None:
    assert likeness_of((), 8) is None
