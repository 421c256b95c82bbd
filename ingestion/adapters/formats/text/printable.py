"""Text to be printed, independent of its source format."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

NEW_PAGE: Final = "\f"
"""Part without text: the next part begins on a new page."""

A4: Final = (595.0, 842.0)
MARGIN: Final = (48.0, 54.0)
"""Points, at the sides and at top and bottom."""


def text_width_points(*, wide: bool) -> float:
    """Return the points between the margins, of paper in portrait or landscape."""
    return A4[wide] - 2 * MARGIN[0]


@dataclass(frozen=True, slots=True)
class HtmlDocument:
    """Consecutive HTML fragments, already clean; `wide` sets the paper to landscape.

    `size` is that of the letters, in points; `notes` are codes of Note.
    """

    parts: Iterable[str] = field(repr=False)
    wide: bool = False
    size: float = 10.0
    notes: tuple[str, ...] = ()
