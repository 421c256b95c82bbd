"""Detection of document boundaries in a file: at separator sheets, and where the pages' content indicates them.

Separator sheets always split documents. All other boundaries are estimates with a probability: below
AUTOMATIC_SPLIT_FROM nothing is split, and those from SUGGEST_SPLIT_FROM are shown to people.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from ingestion.domain.extraction.classification import Classification
from ingestion.domain.page.elements import PageReading
from ingestion.domain.splitting.boundaries import Boundary, PageObservation, boundary_chance, is_blank, observe_page

AUTOMATIC_SPLIT_FROM = 0.98
SUGGEST_SPLIT_FROM = 0.5
MAX_SEPARATOR_WORDS = 40  # of a separator sheet, which may explain its purpose
SEPARATOR, BLANK = "separator", "blank"


class SplitMode(StrEnum):
    """How far a tenant allows documents to be split without a person."""

    SEPARATORS = "separators"  # by separator sheets only, and nothing is suggested
    SUGGEST = "suggest"  # other boundaries are shown to people
    AUTOMATIC = "automatic"  # those with a high probability split as well


@dataclass(frozen=True, slots=True)
class SplitRules:
    """Rules of a tenant: `separators` are the texts of a sheet's code or only line; `blank` also splits at empty
    pages.
    """

    mode: SplitMode = SplitMode.SUGGEST
    separators: tuple[str, ...] = ("REFINERY-SEPARATOR", "PATCHT")
    blank: bool = False


@dataclass(frozen=True, slots=True)
class SplitPart:
    """Document within a file: its page numbers there, and the reasons for its first page."""

    pages: tuple[int, ...]
    reasons: tuple[str, ...] = ()
    boundaries: tuple[Boundary, ...] = ()  # where it may contain another document, by its own page numbers


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """Documents of a file: a single part with nothing dropped is a file that is not split."""

    parts: tuple[SplitPart, ...]
    dropped: Mapping[int, str] = field(default_factory=dict)


def find_split_plan(
    pages: Sequence[PageReading], rules: SplitRules, kinds: Sequence[Classification] | None = None
) -> SplitPlan:
    """Find the documents of a file; `kinds` has for each page its classification without context."""
    dropped = {page.number: why for page in pages if (why := _separator_kind(page, rules))}
    if len(dropped) == len(pages):
        return SplitPlan((SplitPart(tuple(page.number for page in pages)),))
    guessed = find_boundaries(pages, dropped, kinds) if rules.mode is not SplitMode.SEPARATORS else {}
    cuts = _cuts(pages, dropped, guessed, rules)
    return SplitPlan(tuple(_parts(pages, dropped, guessed, cuts)), dropped)


def separator_key(text: str) -> str:
    """Return the form in which separators are compared: their text without blanks, case-folded."""
    return "".join(text.split()).casefold()


def _separator_kind(page: PageReading, rules: SplitRules) -> str:
    if page.error:
        return ""
    wanted = {separator_key(text) for text in rules.separators} - {""}
    coded = any(separator_key(code.text) in wanted for code in page.codes) and len(page.words) <= MAX_SEPARATOR_WORDS
    if coded or separator_key(page.text) in wanted:
        return SEPARATOR
    return BLANK if rules.blank and is_blank(page) else ""


def find_boundaries(
    pages: Sequence[PageReading], dropped: Iterable[int], kinds: Sequence[Classification] | None = None
) -> dict[int, Boundary]:
    """Rate each page that follows another one; pages that are empty or unread never begin a document."""
    left, known = set(dropped), dict(zip((page.number for page in pages), kinds or (), strict=False))
    observed = [
        observe_page(page, known.get(page.number)) for page in pages if not page.error and page.number not in left
    ]
    nonblank = [observation for observation in observed if not observation.blank]
    blanks = {sight.page.number for sight in observed if sight.blank}
    found = (_between(before, after, blanks, left) for before, after in pairwise(nonblank))
    return {boundary.page: boundary for boundary in found if boundary}


def _between(before: PageObservation, after: PageObservation, blanks: set[int], dropped: set[int]) -> Boundary | None:
    between = range(before.page.number + 1, after.page.number)
    if any(number in dropped for number in between):
        return None
    chance, reasons = boundary_chance(before, after, blank=any(number in blanks for number in between))
    return Boundary(after.page.number, round(chance, 4), reasons)


def _cuts(
    pages: Sequence[PageReading], dropped: Mapping[int, str], guessed: Mapping[int, Boundary], rules: SplitRules
) -> dict[int, tuple[str, ...]]:
    """Return the pages at which a part begins, with the reasons."""
    cuts: dict[int, tuple[str, ...]] = {}
    for before, page in pairwise(pages):
        if before.number in dropped and page.number not in dropped:
            cuts[page.number] = (dropped[before.number],)
    if rules.mode is SplitMode.AUTOMATIC:
        cuts |= {number: found.reasons for number, found in guessed.items() if found.chance >= AUTOMATIC_SPLIT_FROM}
    return cuts


def _parts(
    pages: Sequence[PageReading],
    dropped: Mapping[int, str],
    guessed: Mapping[int, Boundary],
    cuts: Mapping[int, tuple[str, ...]],
) -> Iterable[SplitPart]:
    stretches: list[list[int]] = [[]]
    for page in pages:
        if page.number in cuts and stretches[-1]:
            stretches.append([])
        if page.number not in dropped:
            stretches[-1].append(page.number)
    for numbers in stretches:
        yield SplitPart(tuple(numbers), cuts.get(numbers[0], ()), _within(numbers, guessed))


def _within(numbers: Sequence[int], guessed: Mapping[int, Boundary]) -> tuple[Boundary, ...]:
    """Return the boundaries inside a part that are worth showing, by the part's own page numbers."""
    return tuple(
        Boundary(place, guessed[number].chance, guessed[number].reasons)
        for place, number in enumerate(numbers[1:], 2)
        if number in guessed and guessed[number].chance >= SUGGEST_SPLIT_FROM
    )
