"""Characters become words: where a line is cut, what its parts are worth, and which other reading is near."""

from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

_RIVAL_FROM = 0.02
_SPACE_FROM = 0.1  # the model glues words: where it gives a blank this chance, one stands more often than not
_SPACE_IN_NUMBER = 0.3  # an amount seldom falls apart
_POINTS = (".", ",")
APART_TO = 2.0
_GAP_PITCHES = 3.0  # a gap this many times the usual pitch is a blank, even if the model saw none


@dataclass(frozen=True, slots=True)
class ReadCharacter:
    """A character as read: its probability, its centre as a share of the line's width, and the runner-up.

    `space` is the greatest probability that a space had between it and the character before, `lost` that of any
    other character there that was not read.
    """

    text: str
    probability: float
    at: float
    rival: str = ""
    rival_probability: float = 0.0
    space: float = 0.0
    lost: float = 0.0


@dataclass(frozen=True, slots=True)
class Trace:
    """What the reading of a line tells of one of its words, besides its text.

    `second` is the second smallest probability of its characters, `first` and `last` those at its ends.
    `space_before` and `space_after` say how sure the blanks around it are (1 at the line's ends), `space_inside`
    how likely one was overlooked within, `lost` how likely a character was. `stretch` is its widest step in steps
    usual on the line. `before` and `after` are the words beside it, "" at the ends. `company` is the smallest
    probability on the rest of the line, `line` counts the words there, `even` is the mean probability of all its
    characters. `left` and `right` are the gaps beside the word in widths of its own characters, at most APART_TO:
    what stands close may belong to it. `tall` is the height of the line in pixels, 0 where nobody measured.
    `parted` is the word with the blanks that were nearly read in it, "" where none was.
    """

    second: float = 1.0
    first: float = 1.0
    last: float = 1.0
    space_before: float = 1.0
    space_after: float = 1.0
    space_inside: float = 0.0
    lost: float = 0.0
    stretch: float = 1.0
    before: str = ""
    after: str = ""
    company: float = 1.0
    line: int = 1
    even: float = 1.0
    left: float = APART_TO
    right: float = APART_TO
    tall: float = 0.0
    parted: str = ""


NO_TRACE = Trace()


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
    trace: Trace = NO_TRACE


@dataclass(frozen=True, slots=True)
class _Group:
    """Characters between two blanks; `space` is how sure the blank before them is."""

    characters: list[ReadCharacter]
    space: float


def split_line(characters: tuple[ReadCharacter, ...]) -> tuple[LineWord, ...]:
    """Cut a line into words at its blanks and at gaps that only a blank explains."""
    groups = _groups(characters)
    if not groups:
        return ()
    edges = [0.0]
    edges += [(left.characters[-1].at + right.characters[0].at) / 2 for left, right in pairwise(groups)]
    edges.append(1.0)
    words = [_word(group.characters, *span) for group, span in zip(groups, pairwise(edges), strict=True)]
    pitch = _pitch(characters)
    even = sum(character.probability for character in characters) / len(characters)
    return tuple(
        replace(word, trace=replace(_trace(groups, words, at, pitch), even=even)) for at, word in enumerate(words)
    )


def _groups(characters: tuple[ReadCharacter, ...]) -> list[_Group]:
    pitch = _pitch(characters)
    limit = _GAP_PITCHES * pitch if pitch else 1.0
    groups = [_Group([], 1.0)]
    before: ReadCharacter | None = None
    for character in characters:
        blank = character.text.isspace()
        if blank:
            groups.append(_Group([], character.probability))
        elif before is not None and not before.text.isspace() and character.at - before.at > limit:
            groups.append(_Group([], character.space))
        if not blank:
            groups[-1].characters.append(character)
        before = character
    return [group for group in groups if group.characters]


def _parted(group: list[ReadCharacter]) -> str:
    """Give the word with the blanks that the model nearly read in it, "" where there is none."""
    text = group[0].text
    for before, character in pairwise(group):
        from_here = _SPACE_IN_NUMBER if _in_number(before.text, character.text) else _SPACE_FROM
        text += (" " if character.space >= from_here else "") + character.text
    return text if " " in text else ""


def _in_number(left: str, right: str) -> bool:
    return (left.isdigit() and (right.isdigit() or right in _POINTS)) or (left in _POINTS and right.isdigit())


def _pitch(characters: tuple[ReadCharacter, ...]) -> float:
    """Give the usual step between characters, 0 where there are too few to tell."""
    steps = [b.at - a.at for a, b in pairwise(characters) if not (a.text.isspace() or b.text.isspace())]
    return median(steps) if len(steps) > 2 else 0.0


def _word(group: list[ReadCharacter], start: float, stop: float) -> LineWord:
    text = "".join(character.text for character in group)
    chances = [character.probability for character in group]
    least = min(range(len(group)), key=lambda index: chances[index])
    doubted = group[least]
    rival = ""
    if doubted.rival.strip() and doubted.rival_probability >= _RIVAL_FROM:
        rival = "".join(c.rival if index == least else c.text for index, c in enumerate(group))
    return LineWord(text, start, stop, sum(chances) / len(chances), chances[least], rival)


def _trace(groups: list[_Group], words: list[LineWord], at: int, pitch: float) -> Trace:
    group, last = groups[at].characters, at + 1 == len(groups)
    chances = sorted(character.probability for character in group)
    steps = [b.at - a.at for a, b in pairwise(group)]
    return Trace(
        second=chances[1] if len(chances) > 1 else 1.0,
        first=group[0].probability,
        last=group[-1].probability,
        space_before=groups[at].space if at else 1.0,
        space_after=1.0 if last else groups[at + 1].space,
        space_inside=max((character.space for character in group[1:]), default=0.0),
        lost=max(character.lost for character in group),
        stretch=max(steps) / pitch if steps and pitch else 1.0,
        before=words[at - 1].text if at else "",
        after="" if last else words[at + 1].text,
        company=min((word.least for place, word in enumerate(words) if place != at), default=1.0),
        line=len(words),
        parted=_parted(group),
    )


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
