"""Edits of a split by people: each page belongs to one part, and existing documents are kept where possible.

A document whose pages are unchanged keeps its decision. One whose pages change continues with its next run,
unless it has been decided: then a new document replaces it, and the decided one is kept as superseded.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

MAX_SPLIT_PARTS = 2000


class InvalidSplit(ValueError):
    """The parts do not contain each page of the file once."""


@dataclass(frozen=True, slots=True)
class CurrentChild:
    """Document that holds pages of the file now, in their order; `decided` ones are never changed."""

    id: UUID
    pages: tuple[int, ...]
    decided: bool = False


@dataclass(frozen=True, slots=True)
class PartAssignment:
    """Part and its document: unchanged, continued, or new, in which case it may replace another."""

    pages: tuple[int, ...]
    unchanged_id: UUID | None = None
    continued_id: UUID | None = None
    replaced_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SplitEditPlan:
    """Changes to a file's documents: `obsolete_ids` no longer hold any page of it."""

    assignments: tuple[PartAssignment, ...]
    obsolete_ids: tuple[UUID, ...]


def check_split_parts(parts: Sequence[Sequence[int]], dropped: Iterable[int], pages: int) -> None:
    """Refuse parts that omit or repeat a page, or are empty; raises InvalidSplit with a message for people."""
    if not parts:
        _refuse("A file needs at least one document.")
    if len(parts) > MAX_SPLIT_PARTS:
        _refuse(f"A file can be split into at most {MAX_SPLIT_PARTS} documents.")
    if not all(parts):
        _refuse("A document needs at least one page.")
    placed = [*(number for part in parts for number in part), *dropped]
    if len(placed) != len(set(placed)):
        _refuse("Each page can be in one document only.")
    if set(placed) != set(range(1, pages + 1)):
        _refuse(f"Each of the {pages} pages must be in a document or be removed.")


def _refuse(why: str) -> None:
    raise InvalidSplit(why)


def plan_split_edit(
    parts: Sequence[tuple[int, ...]], current: Sequence[CurrentChild], *, pages_read_again: Collection[int] | None = ()
) -> SplitEditPlan:
    """Find each part's document: first those with unchanged pages, then by the most pages in common.

    `pages_read_again` are pages that were read again, None for all of them: a part with one of them is changed.
    """
    unchanged = {} if pages_read_again is None else _unchanged(parts, current, pages_read_again)
    continued = _nearest(
        [index for index in range(len(parts)) if index not in unchanged],
        parts,
        [one for one in current if one.id not in unchanged.values()],
    )
    assignments = tuple(
        _assign_part(pages, unchanged.get(index), continued.get(index)) for index, pages in enumerate(parts)
    )
    kept = {place.unchanged_id or place.continued_id for place in assignments}
    return SplitEditPlan(assignments, tuple(one.id for one in current if one.id not in kept))


def _unchanged(
    parts: Sequence[tuple[int, ...]], current: Sequence[CurrentChild], pages_read_again: Collection[int]
) -> dict[int, UUID]:
    by_pages = {one.pages: one.id for one in current if not set(one.pages) & set(pages_read_again)}
    return {index: by_pages[pages] for index, pages in enumerate(parts) if pages in by_pages}


def _nearest(
    wanted: Sequence[int], parts: Sequence[tuple[int, ...]], current: Sequence[CurrentChild]
) -> dict[int, CurrentChild]:
    """Assign to each part the document that shares most pages with it, and each document to one part."""
    shared = [
        (len(set(parts[index]) & set(one.pages)), index, order, one)
        for index in wanted
        for order, one in enumerate(current)
    ]
    taken: dict[int, CurrentChild] = {}
    used: set[UUID] = set()
    for common, index, _, one in sorted(shared, key=lambda found: (-found[0], found[1], found[2])):
        if common and index not in taken and one.id not in used:
            taken[index] = one
            used.add(one.id)
    return taken


def _assign_part(pages: tuple[int, ...], unchanged_id: UUID | None, previous: CurrentChild | None) -> PartAssignment:
    if unchanged_id is not None or previous is None:
        return PartAssignment(pages, unchanged_id=unchanged_id)
    return (
        PartAssignment(pages, replaced_id=previous.id)
        if previous.decided
        else PartAssignment(pages, continued_id=previous.id)
    )
