"""Words from characters: where a line is split, the confidence of its words, and their alternatives."""

from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

_RUNNER_UP_FROM = 0.02
_SPACE_FROM = 0.1  # the model joins words: a blank with this probability is present more often than not
_SPACE_IN_NUMBER = 0.3  # amounts seldom contain blanks
_POINTS = (".", ",")
MAX_WORD_GAP = 2.0
_GAP_PITCHES = 3.0  # a gap this many times the usual pitch is a blank, even if the model detected none


@dataclass(frozen=True, slots=True)
class ReadCharacter:
    """Character as read: its probability, its centre as a share of the line's width, and the runner-up.

    `space` is the greatest probability of a space between it and the previous character, `missed_character` that of
    any other character there that was not read.
    """

    text: str
    probability: float
    position: float
    runner_up: str = ""
    runner_up_probability: float = 0.0
    space: float = 0.0
    missed_character: float = 0.0


@dataclass(frozen=True, slots=True)
class RecognitionTrace:
    """Details of a line's recognition about one of its words, besides its text.

    `second_lowest` is the second smallest probability of its characters, `first` and `last` those at its ends.
    `space_before` and `space_after` are the probabilities of the blanks around it (1 at the line's ends),
    `space_inside` that of a missed blank within, `missed_character` that of a missed character. `widest_step` is its
    widest step in units of the usual step on the line. `before` and `after` are the neighbouring words, "" at the
    ends. `rest_of_line_min` is the smallest probability on the rest of the line, `line_words` the number of words
    there, `line_confidence` the mean probability of all its characters. `left_gap` and `right_gap` are the gaps beside
    the word in widths of its characters, at most MAX_WORD_GAP: close text may belong to it. `line_height` is the
    height of the line in pixels, 0 if not measured. `with_missed_spaces` is the word with the blanks that were nearly
    read in it, "" if there are none.
    """

    second_lowest: float = 1.0
    first: float = 1.0
    last: float = 1.0
    space_before: float = 1.0
    space_after: float = 1.0
    space_inside: float = 0.0
    missed_character: float = 0.0
    widest_step: float = 1.0
    before: str = ""
    after: str = ""
    rest_of_line_min: float = 1.0
    line_words: int = 1
    line_confidence: float = 1.0
    left_gap: float = MAX_WORD_GAP
    right_gap: float = MAX_WORD_GAP
    line_height: float = 0.0
    with_missed_spaces: str = ""


EMPTY_TRACE = RecognitionTrace()


@dataclass(frozen=True, slots=True)
class LineWord:
    """Word within its line, `start` and `stop` are shares of the line's width.

    `mean_confidence` and `min_confidence` are the mean and the smallest probability of its characters; `runner_up` is
    the word with its least certain character replaced by that character's runner-up, "" if none is close.
    """

    text: str
    start: float
    stop: float
    mean_confidence: float
    min_confidence: float
    runner_up: str = ""
    trace: RecognitionTrace = EMPTY_TRACE


@dataclass(frozen=True, slots=True)
class _Group:
    """Characters between two blanks; `space` is the probability of the blank before them."""

    characters: list[ReadCharacter]
    space: float


def split_line(characters: tuple[ReadCharacter, ...]) -> tuple[LineWord, ...]:
    """Split a line into words at its blanks and at gaps that only a blank explains."""
    groups = _groups(characters)
    if not groups:
        return ()
    edges = [0.0]
    edges += [(left.characters[-1].position + right.characters[0].position) / 2 for left, right in pairwise(groups)]
    edges.append(1.0)
    words = [_word(group.characters, *span) for group, span in zip(groups, pairwise(edges), strict=True)]
    pitch = _pitch(characters)
    line_confidence = sum(character.probability for character in characters) / len(characters)
    return tuple(
        replace(word, trace=replace(_trace(groups, words, at, pitch), line_confidence=line_confidence))
        for at, word in enumerate(words)
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
        elif before is not None and not before.text.isspace() and character.position - before.position > limit:
            groups.append(_Group([], character.space))
        if not blank:
            groups[-1].characters.append(character)
        before = character
    return [group for group in groups if group.characters]


def _with_missed_spaces(group: list[ReadCharacter]) -> str:
    """Return the word with the blanks that the model nearly read in it, "" if there are none."""
    text = group[0].text
    for before, character in pairwise(group):
        from_here = _SPACE_IN_NUMBER if _in_number(before.text, character.text) else _SPACE_FROM
        text += (" " if character.space >= from_here else "") + character.text
    return text if " " in text else ""


def _in_number(left: str, right: str) -> bool:
    return (left.isdigit() and (right.isdigit() or right in _POINTS)) or (left in _POINTS and right.isdigit())


def _pitch(characters: tuple[ReadCharacter, ...]) -> float:
    """Return the usual step between characters, 0 if there are too few to measure it."""
    steps = [b.position - a.position for a, b in pairwise(characters) if not (a.text.isspace() or b.text.isspace())]
    return median(steps) if len(steps) > 2 else 0.0


def _word(group: list[ReadCharacter], start: float, stop: float) -> LineWord:
    text = "".join(character.text for character in group)
    chances = [character.probability for character in group]
    least = min(range(len(group)), key=lambda index: chances[index])
    weakest = group[least]
    runner_up = ""
    if weakest.runner_up.strip() and weakest.runner_up_probability >= _RUNNER_UP_FROM:
        runner_up = "".join(c.runner_up if index == least else c.text for index, c in enumerate(group))
    return LineWord(text, start, stop, sum(chances) / len(chances), chances[least], runner_up)


def _trace(groups: list[_Group], words: list[LineWord], at: int, pitch: float) -> RecognitionTrace:
    group, last = groups[at].characters, at + 1 == len(groups)
    chances = sorted(character.probability for character in group)
    steps = [b.position - a.position for a, b in pairwise(group)]
    return RecognitionTrace(
        second_lowest=chances[1] if len(chances) > 1 else 1.0,
        first=group[0].probability,
        last=group[-1].probability,
        space_before=groups[at].space if at else 1.0,
        space_after=1.0 if last else groups[at + 1].space,
        space_inside=max((character.space for character in group[1:]), default=0.0),
        missed_character=max(character.missed_character for character in group),
        widest_step=max(steps) / pitch if steps and pitch else 1.0,
        before=words[at - 1].text if at else "",
        after="" if last else words[at + 1].text,
        rest_of_line_min=min((word.min_confidence for place, word in enumerate(words) if place != at), default=1.0),
        line_words=len(words),
        with_missed_spaces=_with_missed_spaces(group),
    )


def digit_share(text: str) -> float:
    """Return the share of digits among a text's characters."""
    return sum(character.isdigit() for character in text) / len(text) if text else 0.0
