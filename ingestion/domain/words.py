"""Characters become words: where a line is cut, what its parts are worth, and which other reading is near."""

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

_RIVAL_FROM = 0.02
_GAP_PITCHES = 3.0  # a gap this many times the usual pitch is a blank, even if the model saw none


@dataclass(frozen=True, slots=True)
class ReadCharacter:
    """A character as read: its probability, its centre as a share of the line's width, and the runner-up."""

    text: str
    probability: float
    at: float
    rival: str = ""
    rival_probability: float = 0.0


@dataclass(frozen=True, slots=True)
class LineWord:
    """A word within its line, `start` and `stop` shares of the line's width.

    `mean` and `least` are the mean and the smallest probability of its characters; `rival` is the word with
    its least sure character replaced by the runner-up, "" where none is near.
    """

    text: str
    start: float
    stop: float
    mean: float
    least: float
    rival: str = ""


def split_line(characters: tuple[ReadCharacter, ...]) -> tuple[LineWord, ...]:
    """Cut a line into words at its blanks and at gaps that only a blank explains."""
    groups = _groups(characters)
    if not groups:
        return ()
    edges = [0.0]
    edges += [(left[-1].at + right[0].at) / 2 for left, right in pairwise(groups)]
    edges.append(1.0)
    return tuple(_word(group, *span) for group, span in zip(groups, pairwise(edges), strict=True))


def _groups(characters: tuple[ReadCharacter, ...]) -> list[list[ReadCharacter]]:
    limit = _widest_gap(characters)
    groups: list[list[ReadCharacter]] = [[]]
    before: ReadCharacter | None = None
    for character in characters:
        blank = character.text.isspace()
        if blank or (before is not None and not before.text.isspace() and character.at - before.at > limit):
            groups.append([])
        if not blank:
            groups[-1].append(character)
        before = character
    return [group for group in groups if group]


def _widest_gap(characters: tuple[ReadCharacter, ...]) -> float:
    steps = [b.at - a.at for a, b in pairwise(characters) if not (a.text.isspace() or b.text.isspace())]
    return _GAP_PITCHES * median(steps) if len(steps) > 2 else 1.0


def _word(group: list[ReadCharacter], start: float, stop: float) -> LineWord:
    text = "".join(character.text for character in group)
    chances = [character.probability for character in group]
    least = min(range(len(group)), key=lambda index: chances[index])
    doubted = group[least]
    rival = ""
    if doubted.rival.strip() and doubted.rival_probability >= _RIVAL_FROM:
        rival = "".join(c.rival if index == least else c.text for index, c in enumerate(group))
    return LineWord(text, start, stop, sum(chances) / len(chances), chances[least], rival)


def edit_distance(a: str, b: str) -> int:
    """Count the insertions, deletions and replacements that make `b` of `a` (Levenshtein)."""
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (left != right))
    return row[-1]


def similarity(a: str, b: str) -> float:
    """Give 1 for equal texts, 0 for texts that share nothing: 1 - distance / longer length."""
    longer = max(len(a), len(b))
    return 1.0 if not longer else 1 - edit_distance(a, b) / longer


def digit_share(text: str) -> float:
    """Give the share of digits among a text's characters."""
    return sum(character.isdigit() for character in text) / len(text) if text else 0.0
