"""Which engine is asked what: PP-OCRv6 reads everything, its witness is heard where that pays."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

DOUBTED_BELOW = 0.8  # a line with a word less likely right than this is worth a second look
_PAGE_BELOW = 0.8  # of a page read this badly, lines were missed as well
_MOST_LINES = 0.6  # beyond this share of doubted lines, the whole page costs no more


class Hearing(StrEnum):
    """When the witness is heard beside PP-OCRv6."""

    ALWAYS = "always"  # of every page, at the same time, on another core
    DOUBTFUL = "doubtful"  # afterwards, of the lines or pages that were not read with confidence
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Question:
    """What the witness is asked: nothing, some `lines` by their index, or the `whole` page."""

    lines: tuple[int, ...] = ()
    whole: bool = False


def hearing_for(mode: str) -> Hearing:
    """Choose by a tenant's reading mode: fast has one engine, standard asks where it pays, thorough always."""
    return {"fast": Hearing.NEVER, "thorough": Hearing.ALWAYS}.get(mode, Hearing.DOUBTFUL)


def question(chances: Sequence[Sequence[float]]) -> Question:
    """Say what to ask after a first reading; `chances` are those of each line's words, by one engine alone.

    A page on which nothing was found is asked about as a whole: perhaps the other finds something.
    """
    words = [chance for line in chances for chance in line]
    if not words or fmean(words) < _PAGE_BELOW:
        return Question(whole=True)
    doubted = tuple(index for index, line in enumerate(chances) if line and min(line) < DOUBTED_BELOW)
    if len(doubted) > _MOST_LINES * sum(bool(line) for line in chances):
        return Question(whole=True)
    return Question(doubted)
