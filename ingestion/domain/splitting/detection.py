"""Where documents begin in a file that holds several: at separator sheets, and where the pages themselves show it.

Sheets that were laid in on purpose part documents wherever they lie. All else is a guess with a chance: below SURE
nothing is split, and what is above SUGGESTED is shown to people.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from ingestion.domain.extraction.classification import Classification
from ingestion.domain.page.elements import PageReading
from ingestion.domain.splitting.boundaries import Boundary, Seen, chance_between, is_blank, look

SURE = 0.98
SUGGESTED = 0.5
MOST_WORDS = 40  # of a separator sheet, which may say what it is for
SEPARATOR, BLANK = "separator", "blank"


class SplitMode(StrEnum):
    """How far a tenant lets documents be split without a person."""

    SEPARATORS = "separators"  # by sheets laid in on purpose, and nothing is suggested
    SUGGEST = "suggest"  # other boundaries are shown to people
    AUTOMATIC = "automatic"  # those that are sure split as well


@dataclass(frozen=True, slots=True)
class SplitRules:
    """A tenant's rules: `separators` are what a sheet's code or only line says; `blank` lets empty sheets part."""

    mode: SplitMode = SplitMode.SUGGEST
    separators: tuple[str, ...] = ("REFINERY-SEPARATOR", "PATCHT")
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A document within a file: its pages by their numbers there, and why it begins where it does."""

    pages: tuple[int, ...]
    reasons: tuple[str, ...] = ()
    boundaries: tuple[Boundary, ...] = ()  # where it may hold one more, by its own page numbers


@dataclass(frozen=True, slots=True)
class Split:
    """What a file holds: one part with nothing dropped is a file that stays whole."""

    parts: tuple[Part, ...]
    dropped: Mapping[int, str] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Say whether there is nothing to split."""
        return not self.parts or (len(self.parts) == 1 and not self.dropped)


def find_split(
    pages: Sequence[PageReading], rules: SplitRules, kinds: Sequence[Classification] | None = None
) -> Split:
    """Find the documents of a file; `kinds` says for each page what it alone would be taken for."""
    dropped = {page.number: why for page in pages if (why := _separates(page, rules))}
    if len(dropped) == len(pages):
        return Split((Part(tuple(page.number for page in pages)),))
    guessed = find_boundaries(pages, dropped, kinds) if rules.mode is not SplitMode.SEPARATORS else {}
    cuts = _cuts(pages, dropped, guessed, rules)
    return Split(tuple(_parts(pages, dropped, guessed, cuts)), dropped)


def separator_key(text: str) -> str:
    """Give what separators are compared by: their text without blanks, in one case."""
    return "".join(text.split()).casefold()


def _separates(page: PageReading, rules: SplitRules) -> str:
    if page.error:
        return ""
    wanted = {separator_key(text) for text in rules.separators} - {""}
    coded = any(separator_key(code.text) in wanted for code in page.codes) and len(page.words) <= MOST_WORDS
    if coded or separator_key(page.text) in wanted:
        return SEPARATOR
    return BLANK if rules.blank and is_blank(page) else ""


def find_boundaries(
    pages: Sequence[PageReading], dropped: Iterable[int], kinds: Sequence[Classification] | None = None
) -> dict[int, Boundary]:
    """Weigh each page that follows another one of its stretch; pages that are empty or unread begin nothing."""
    left, known = set(dropped), dict(zip((page.number for page in pages), kinds or (), strict=False))
    seen = [look(page, known.get(page.number)) for page in pages if not page.error and page.number not in left]
    written = [sight for sight in seen if not sight.blank]
    blanks = {sight.page.number for sight in seen if sight.blank}
    found = (_between(before, after, blanks, left) for before, after in pairwise(written))
    return {boundary.page: boundary for boundary in found if boundary}


def _between(before: Seen, after: Seen, blanks: set[int], dropped: set[int]) -> Boundary | None:
    between = range(before.page.number + 1, after.page.number)
    if any(number in dropped for number in between):
        return None
    chance, reasons = chance_between(before, after, blank=any(number in blanks for number in between))
    return Boundary(after.page.number, round(chance, 4), reasons)


def _cuts(
    pages: Sequence[PageReading], dropped: Mapping[int, str], guessed: Mapping[int, Boundary], rules: SplitRules
) -> dict[int, tuple[str, ...]]:
    """Give the pages at which a part begins, with the reasons."""
    cuts: dict[int, tuple[str, ...]] = {}
    for before, page in pairwise(pages):
        if before.number in dropped and page.number not in dropped:
            cuts[page.number] = (dropped[before.number],)
    if rules.mode is SplitMode.AUTOMATIC:
        cuts |= {number: found.reasons for number, found in guessed.items() if found.chance >= SURE}
    return cuts


def _parts(
    pages: Sequence[PageReading],
    dropped: Mapping[int, str],
    guessed: Mapping[int, Boundary],
    cuts: Mapping[int, tuple[str, ...]],
) -> Iterable[Part]:
    stretches: list[list[int]] = [[]]
    for page in pages:
        if page.number in cuts and stretches[-1]:
            stretches.append([])
        if page.number not in dropped:
            stretches[-1].append(page.number)
    for numbers in stretches:
        yield Part(tuple(numbers), cuts.get(numbers[0], ()), _within(numbers, guessed))


def _within(numbers: Sequence[int], guessed: Mapping[int, Boundary]) -> tuple[Boundary, ...]:
    """Give the boundaries that are worth showing inside a part, by the part's own page numbers."""
    return tuple(
        Boundary(place, guessed[number].chance, guessed[number].reasons)
        for place, number in enumerate(numbers[1:], 2)
        if number in guessed and guessed[number].chance >= SUGGESTED
    )
