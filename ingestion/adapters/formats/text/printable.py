"""A text on its way to paper, whatever format it came in."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

NEW_PAGE: Final = "\f"
"""A part that is no text: what follows begins on a new page."""

A4: Final = (595.0, 842.0)
MARGIN: Final = (48.0, 54.0)
"""Points, at the sides and at top and bottom."""


def width_of(*, wide: bool) -> float:
    """Give the points between the margins, of paper that stands or lies on its side."""
    return A4[wide] - 2 * MARGIN[0]


@dataclass(frozen=True, slots=True)
class Typescript:
    """HTML fragments that follow one another, already clean; `wide` lays the paper on its side.

    `size` is that of the letters, in points.
    """

    parts: Iterable[str] = field(repr=False)
    wide: bool = False
    size: float = 10.0
