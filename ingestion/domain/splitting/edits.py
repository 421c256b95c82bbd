"""How people mend a split: each page has one place, and each document there is keeps what it can.

A document whose pages stay as they are keeps its decision. One whose pages change goes on with its next run,
unless it has been decided: then a new document takes its place, and the decided one stays as it was, superseded.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

MOST_PARTS = 2000


class InvalidSplit(ValueError):
    """The parts do not hold each page of the file once."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A document that holds pages of the file now, in their order; `decided` ones are never changed."""

    id: UUID
    pages: tuple[int, ...]
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A part and its document: one that stays, one that goes on, or a new one, which may replace another."""

    pages: tuple[int, ...]
    stays: UUID | None = None
    goes_on: UUID | None = None
    replaces: UUID | None = None

    @property
    def new(self) -> bool:
        """Say whether a document has to be made for it."""
        return self.stays is None and self.goes_on is None


@dataclass(frozen=True, slots=True)
class Mending:
    """What becomes of a file's documents: `over` are those that hold nothing of it any more."""

    places: tuple[Place, ...]
    over: tuple[UUID, ...]


def check_split(parts: Sequence[Sequence[int]], dropped: Iterable[int], pages: int) -> None:
    """Refuse parts that lose or repeat a page, or are empty; raises InvalidSplit with a sentence for people."""
    if not parts:
        _refuse("A file has at least one part.")
    if len(parts) > MOST_PARTS:
        _refuse(f"A file has at most {MOST_PARTS} parts.")
    if not all(parts):
        _refuse("A part has at least one page.")
    placed = [*(number for part in parts for number in part), *dropped]
    if len(placed) != len(set(placed)):
        _refuse("Each page stands in one place only.")
    if set(placed) != set(range(1, pages + 1)):
        _refuse(f"Each of the {pages} pages belongs to a part or is left out.")


def _refuse(why: str) -> None:
    raise InvalidSplit(why)


def plan(
    parts: Sequence[tuple[int, ...]], standing: Sequence[Standing], *, anew: Collection[int] | None = ()
) -> Mending:
    """Find each part's document: first those whose pages stay, then by the most pages in common.

    `anew` are pages that were read again, None for all of them: no part with one of them is what it was.
    """
    stays = {} if anew is None else _unchanged(parts, standing, anew)
    taken = _nearest(
        [index for index in range(len(parts)) if index not in stays],
        parts,
        [one for one in standing if one.id not in stays.values()],
    )
    places = tuple(_place(pages, stays.get(index), taken.get(index)) for index, pages in enumerate(parts))
    kept = {place.stays or place.goes_on for place in places}
    return Mending(places, tuple(one.id for one in standing if one.id not in kept))


def _unchanged(
    parts: Sequence[tuple[int, ...]], standing: Sequence[Standing], anew: Collection[int]
) -> dict[int, UUID]:
    by_pages = {one.pages: one.id for one in standing if not set(one.pages) & set(anew)}
    return {index: by_pages[pages] for index, pages in enumerate(parts) if pages in by_pages}


def _nearest(
    wanted: Sequence[int], parts: Sequence[tuple[int, ...]], standing: Sequence[Standing]
) -> dict[int, Standing]:
    """Give each part the document that shares most pages with it, and each document to one part."""
    shared = [
        (len(set(parts[index]) & set(one.pages)), index, order, one)
        for index in wanted
        for order, one in enumerate(standing)
    ]
    taken: dict[int, Standing] = {}
    used: set[UUID] = set()
    for common, index, _, one in sorted(shared, key=lambda found: (-found[0], found[1], found[2])):
        if common and index not in taken and one.id not in used:
            taken[index] = one
            used.add(one.id)
    return taken


def _place(pages: tuple[int, ...], stays: UUID | None, taken: Standing | None) -> Place:
    if stays is not None or taken is None:
        return Place(pages, stays=stays)
    return Place(pages, replaces=taken.id) if taken.decided else Place(pages, goes_on=taken.id)
