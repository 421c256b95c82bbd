"""Logical order of characters that were taken from their places on the page, from left to right.

This inverts the Unicode bidirectional algorithm (UAX #9) for the characters of one word: right-to-left letters are
reversed, numbers and Latin text inside them keep their order. A file may hold a bracket as typed or as drawn, which is
mirrored: it becomes the one that opens or closes. Letters in the shapes that Arabic fonts draw (presentation forms)
become the letters that people type.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate, groupby, pairwise

from ingestion.domain.page.scripts import LTR_LETTER, RTL_SCRIPT

_NUMBER = r"[0-9\u0660-\u0669\u06f0-\u06f9](?:[.,/:'\u066b\u066c-]?[0-9\u0660-\u0669\u06f0-\u06f9])*"
_LATIN = rf"{LTR_LETTER.pattern}(?:[^\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]*{LTR_LETTER.pattern})?"
_AMOUNT = rf"[$\u20a0-\u20cf\u00a3\u00a5]?{_NUMBER}[%\u066a\u20a0-\u20cf]?"
_RUNS = re.compile(rf"(?P<latin>{_LATIN}[0-9]*)|(?P<number>{_AMOUNT})|(?P<other>.)", re.DOTALL)
_TRAILING = re.compile(rf"(?P<end>[.,;:!?%\u060c\u061b\u061f\u066a]+)(?P<core>{_AMOUNT}|{_LATIN}[0-9]*)")
_LEADING = re.compile(r"[.,;:!?]+(?=\w)")
_MINUS_AFTER = re.compile(rf"(?P<number>{_AMOUNT})(?P<minus>[-\u2212])")
_AFTER = re.compile(rf"(?P<number>{_AMOUNT})[()]")
_BEFORE = re.compile(rf"[()](?P<number>{_AMOUNT})")
_BRACKETS = re.compile(r"[()\[\]{}]")
_OPENING, _CLOSING = "([{", ")]}"
_MIRROR = str.maketrans("()[]{}", ")(][}{")
_CONTROLS = str.maketrans("", "", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LONGEST = 200  # characters: longer ones are no words, and would be slow to analyse
_PRESENTATION = re.compile(r"[\ufb1d-\ufdff\ufe70-\ufefc]")


def logical_word(visual: Sequence[str], *, rtl_line: bool) -> str:
    """Return a word whose characters (with their marks and ligatures) are given from left to right.

    `rtl_line` says whether its line is read from the right: then punctuation at its left edge ends it.
    """
    text = "".join(visual)
    if len(text) > _LONGEST:
        return text
    if not RTL_SCRIPT.search(text):
        return _number_or_latin(text) if rtl_line else text
    if rtl_line:
        return plain_letters(_reversed_runs(visual))
    first, stop = _core(visual)
    return plain_letters("".join((*visual[:first], _reversed_runs(visual[first:stop]), *visual[stop:])))


def move_punctuation(words: Sequence[str]) -> list[str]:
    """Return the words of a right-to-left line, from left to right, with a sign at the left of a Latin run at its end.

    Such a sign ends the run: it is printed on the other side because the line goes on there.
    """
    moved = list(words)
    runs = groupby(range(len(words)), key=lambda place: RTL_SCRIPT.search(words[place]) is None)
    for run in (list(places) for is_ltr, places in runs if is_ltr):
        found = _LEADING.match(words[run[0]])
        if found and len(run) > 1 and LTR_LETTER.search(words[run[0]]) and LTR_LETTER.search(words[run[-1]]):
            moved[run[0]] = words[run[0]][found.end() :]
            moved[run[-1]] += found[0]
    return moved


def plain_letters(text: str) -> str:
    """Replace presentation forms by letters, and drop the invisible controls of direction."""
    return _PRESENTATION.sub(_plain_letter, text).translate(_CONTROLS)


def _plain_letter(found: re.Match[str]) -> str:
    letters = unicodedata.normalize("NFKC", found[0])
    return found[0] if " " in letters.strip() else letters.strip()


def _number_or_latin(text: str) -> str:
    """Return a word without right-to-left letters in a line of them: its punctuation is printed at its left."""
    if found := _TRAILING.fullmatch(text):
        return found["core"] + found["end"]
    if found := _MINUS_AFTER.fullmatch(text):
        return found["minus"] + found["number"]
    if found := _AFTER.fullmatch(text):
        return "(" + found["number"]
    if found := _BEFORE.fullmatch(text):
        return found["number"] + ")"
    return text


def _reversed_runs(visual: Sequence[str]) -> str:
    """Reverse the characters, except inside numbers and Latin text."""
    text = "".join(visual)
    bounds = {0, *accumulate(map(len, visual))}
    runs = [found for found in _RUNS.finditer(text) if found.lastgroup != "other"]
    parts, at = [], 0
    for found in runs:
        parts += _characters(text, bounds, at, found.start())
        parts.append(found[0])
        at = found.end()
    parts += _characters(text, bounds, at, len(text))
    return _with_matching_brackets("".join(reversed(parts)))


def _with_matching_brackets(text: str) -> str:
    """Mirror the brackets of a word if they close before they open."""
    brackets = _BRACKETS.findall(text)
    if not brackets:
        return text
    closes_first = brackets[0] in _CLOSING and (len(brackets) > 1 or text.startswith(brackets[0]))
    opens_last = brackets[-1] in _OPENING and (len(brackets) > 1 or text.endswith(brackets[-1]))
    return text.translate(_MIRROR) if closes_first or opens_last else text


def _characters(text: str, bounds: set[int], start: int, stop: int) -> list[str]:
    """Return the characters of a part of a word; a ligature of several letters is one of them."""
    places = sorted(place for place in bounds | {start, stop} if start <= place <= stop)
    return [text[a:b] for a, b in pairwise(places)]


def _core(visual: Sequence[str]) -> tuple[int, int]:
    """Return where the part between a word's outer punctuation begins and stops."""
    letters = [place for place, character in enumerate(visual) if any(map(str.isalnum, character))]
    return (letters[0], letters[-1] + 1) if letters else (0, 0)
