"""Second-engine policy: PP-OCRv6 reads everything, the second engine runs where that pays."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

SECOND_ENGINE_BELOW = 0.8  # a line with a word less likely correct than this is read again
_PAGE_BELOW = 0.8  # on a page read this badly, lines were missed as well
_MOST_LINES = 0.6  # beyond this share of doubted lines, the whole page costs no more


class SecondEngineMode(StrEnum):
    """When the second engine runs beside PP-OCRv6."""

    ALWAYS = "always"  # every page, at the same time, on another core
    DOUBTFUL = "doubtful"  # afterwards, the lines or pages that were not read with confidence
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class ReadScope:
    """Part of a page that the second engine reads: nothing, some `lines` by their index, or the `whole` page."""

    lines: tuple[int, ...] = ()
    whole_page: bool = False


def second_engine_mode(mode: str) -> SecondEngineMode:
    """Choose by a tenant's reading mode: fast uses one engine, standard the second where it pays, thorough always."""
    return {"fast": SecondEngineMode.NEVER, "thorough": SecondEngineMode.ALWAYS}.get(mode, SecondEngineMode.DOUBTFUL)


def second_engine_scope(chances: Sequence[Sequence[float]]) -> ReadScope:
    """Return what to read again after a first reading; `chances` are those of each line's words, by one engine.

    A page on which nothing was found is read again as a whole: the other engine may find something.
    """
    words = [chance for line in chances for chance in line]
    if not words or fmean(words) < _PAGE_BELOW:
        return ReadScope(whole_page=True)
    doubted = tuple(index for index, line in enumerate(chances) if line and min(line) < SECOND_ENGINE_BELOW)
    if len(doubted) > _MOST_LINES * sum(bool(line) for line in chances):
        return ReadScope(whole_page=True)
    return ReadScope(doubted)
