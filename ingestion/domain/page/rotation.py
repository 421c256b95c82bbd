"""Pages that a person has turned: by quarters, clockwise, from how the file shows them."""

from collections.abc import Mapping
from hashlib import sha256

from refinery.core.types import BoundingBox

QUARTERS = 4


class InvalidTurn(ValueError):
    """There is no such page, or nothing to turn."""


def merged(before: Mapping[int, int], more: Mapping[int, int], pages: int) -> dict[int, int]:
    """Add turns to those that stand; raises InvalidTurn. A page that is upright again is not in it."""
    if not any(quarters % QUARTERS for quarters in more.values()):
        message = "Nothing is turned."
        raise InvalidTurn(message)
    if not all(1 <= number <= pages for number in more):
        message = f"The file has the pages 1 to {pages}."
        raise InvalidTurn(message)
    both = {number: (before.get(number, 0) + more.get(number, 0)) % QUARTERS for number in {*before, *more}}
    return {number: quarters for number, quarters in sorted(both.items()) if quarters}


def turned_settings(settings: str, quarters: int) -> str:
    """Name what a turned page is read by: as it lies otherwise it was not read."""
    if not settings or not quarters:
        return settings
    return sha256(f"{settings} turned by {quarters}".encode()).hexdigest()


def turned_box(box: BoundingBox, quarters: int) -> BoundingBox:
    """Give where a box lies once its page is turned."""
    for _ in range(quarters % QUARTERS):
        box = BoundingBox(1 - box.y1, box.x0, 1 - box.y0, box.x1)
    return box


def pack_turns(turns: Mapping[int, int]) -> dict[str, int]:
    """Give turns as JSON."""
    return {str(number): quarters for number, quarters in turns.items()}


def unpack_turns(packed: Mapping[str, int] | None) -> dict[int, int]:
    """Read turns back."""
    return {int(number): quarters for number, quarters in (packed or {}).items()}
