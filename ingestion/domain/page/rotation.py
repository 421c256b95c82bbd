"""Rotations of pages by a person: in quarters, clockwise, relative to how the file shows them."""

from collections.abc import Mapping
from hashlib import sha256

from refinery.core.types import BoundingBox

QUARTER_TURNS = 4


class InvalidRotation(ValueError):
    """No such page exists, or nothing is rotated."""


def merge_rotations(before: Mapping[int, int], more: Mapping[int, int], pages: int) -> dict[int, int]:
    """Add rotations to existing ones; a page that is upright again is left out. Raises InvalidRotation."""
    if not any(quarters % QUARTER_TURNS for quarters in more.values()):
        message = "No page is rotated."
        raise InvalidRotation(message)
    if not all(1 <= number <= pages for number in more):
        message = f"The file has the pages 1 to {pages}."
        raise InvalidRotation(message)
    both = {number: (before.get(number, 0) + more.get(number, 0)) % QUARTER_TURNS for number in {*before, *more}}
    return {number: quarters for number, quarters in sorted(both.items()) if quarters}


def rotated_settings(settings: str, quarters: int) -> str:
    """Return the settings key of a rotated page, which differs from that of the page before its rotation."""
    if not settings or not quarters:
        return settings
    return sha256(f"{settings} rotated by {quarters}".encode()).hexdigest()


def rotate_box(box: BoundingBox, quarters: int) -> BoundingBox:
    """Return a box's position after the rotation of its page."""
    for _ in range(quarters % QUARTER_TURNS):
        box = BoundingBox(1 - box.y1, box.x0, 1 - box.y0, box.x1)
    return box


def pack_rotations(rotations: Mapping[int, int]) -> dict[str, int]:
    """Convert rotations to JSON."""
    return {str(number): quarters for number, quarters in rotations.items()}


def unpack_rotations(packed: Mapping[str, int] | None) -> dict[int, int]:
    """Read rotations from JSON."""
    return {int(number): quarters for number, quarters in (packed or {}).items()}
