"""A text layer is checked word by word, and only until the result is certain."""

from collections.abc import Iterator

import pytest

from ingestion.domain.page.text_layer import mean_likeness


def comparisons(likenesses: tuple[float, ...], taken: list[float]) -> Iterator[float]:
    for likeness in likenesses:
        taken.append(likeness)
        yield likeness


@pytest.mark.parametrize(
    ("likenesses", "needed", "believed"),
    [((1.0,) * 8, 5, True), ((0.0,) * 8, 8, False), ((1.0, 0.0) * 4, 8, False), ((1.0, 0.5) * 4, 7, True)],
)
def test_likeness_stops_when_verdict_is_certain(likenesses: tuple[float, ...], needed: int, believed: bool) -> None:
    """The result equals that of checking all words."""
    taken: list[float] = []
    likeness = mean_likeness(comparisons(likenesses, taken), len(likenesses))
    assert likeness is not None
    assert (len(taken), likeness >= 0.6) == (needed, believed)
    assert believed == (sum(likenesses) / len(likenesses) >= 0.6)


def test_likeness_without_comparisons_is_none() -> None:
    assert mean_likeness((), 8) is None
