"""What speaks for a word and what against it, as numbers by name: the features of its chance to be right."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from statistics import fmean, median

from ingestion.domain.ocr.agreement import Judged, OcrWord
from ingestion.domain.ocr.lexicon import Lexicon
from ingestion.domain.ocr.line_words import Trace, edit_distance
from ingestion.domain.ocr.word_shapes import shape_of

_NEAR = 0.001
_LONG = 20
_MANY = 10  # words on a line, or the same word on a page
_TIGHT = 0.1  # a blank overlooked with this chance: the page's print stands close
_OPENS, _CLOSES = ("(", "[", "{"), (":", ";", ".", ",", ")")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The page that a word stands on: a bad scan is bad all over, and print set close is so everywhere.

    `doubt` is the mean of the words' `least` in log odds, `even` that of all characters on their lines. `singles`,
    `marks`, `tight`, `joined`, `known` and `parted` are shares of words: of one letter, of none, with a blank that
    may have been overlooked, that look like two, that the lexicon has, that it has as two alone. `space` and
    `lost` are the mean chances that a blank or a letter was overlooked. `tall` is the usual height of a line in
    pixels, `times` how often each word was read. `own` are the digests of a paper that the lexicon was made of,
    while chances are fitted on it.
    """

    doubt: float = 0.0
    singles: float = 0.0
    marks: float = 0.0
    tight: float = 0.0
    space: float = 0.0
    lost: float = 0.0
    even: float = 0.0
    joined: float = 0.0
    parted: float = 0.0
    known: float = 0.0
    tall: float = 0.0
    times: Mapping[str, int] = field(default_factory=dict)
    own: frozenset[int] = frozenset()


def surroundings(words: Sequence[OcrWord], lexicon: Lexicon, own: frozenset[int] = frozenset()) -> Surroundings:
    """Look at all words of a page, or of the part of it that was read."""
    if not words:
        return Surroundings(own=own)
    return Surroundings(
        doubt=fmean(logit(word.least) for word in words),
        singles=fmean(len(word.text) == 1 for word in words),
        marks=fmean(not any(map(str.isalnum, word.text)) for word in words),
        tight=fmean(word.trace.space_inside > _TIGHT for word in words),
        space=fmean(word.trace.space_inside for word in words),
        lost=fmean(word.trace.lost for word in words),
        even=fmean(logit(word.trace.even) for word in words),
        joined=fmean(_looks_joined(word.text) for word in words),
        parted=fmean(_is_parted(word.text, lexicon, own) for word in words),
        known=fmean(lexicon.known(word.text, own) > 0 for word in words),
        tall=median(word.trace.tall for word in words),
        times=Counter(word.text.casefold() for word in words),
        own=own,
    )


def _looks_joined(text: str) -> float:
    shape = shape_of(text)
    return max(shape["colon_inside"], shape["glued"])


def _is_parted(text: str, lexicon: Lexicon, own: frozenset[int]) -> bool:
    return lexicon.known(text, own) == 0 < lexicon.parted(text, own)


def evidence(judged: Sequence[Judged], page: Surroundings, lexicon: Lexicon) -> list[dict[str, float]]:
    """Give each word's features; `judged` stand line by line, as they were read."""
    found = []
    for at, each in enumerate(judged):
        word = each.word
        values = shape_of(word.text) | _of_text(word.text) | _of_print(word) | _of_line(word.trace)
        values |= _of_page(word, page) | _of_lexicon(each, lexicon, page.own) | _of_witness(each)
        values["near_alike"] = _near_alike(judged, at)
        found.append(values)
    return found


def logit(chance: float) -> float:
    """Give the log odds of a chance, within what a chance can be told apart from certainty."""
    inside = min(max(chance, _NEAR), 1 - _NEAR)
    return log(inside / (1 - inside))


def _of_text(text: str) -> dict[str, float]:
    return {
        "length": float(min(len(text), _LONG)),
        "colon_first": float(text.startswith((":", "-", "."))),
        "stop_last": float(text.endswith(".")),
        "comma_last": float(text.endswith((",", ";"))),
        "stops": float(min(sum(text[1:-1].count(mark) for mark in ".,/-"), 4)),
        "bracket_inside": float("(" in text[1:] or ")" in text[:-1]),
        "letters": float(sum(map(str.isalpha, text))),
    }


def _of_print(word: OcrWord) -> dict[str, float]:
    trace = word.trace
    return {
        "mean": logit(word.mean),
        "least": logit(word.least),
        "second": logit(trace.second),
        "first": logit(trace.first),
        "last": logit(trace.last),
        "rival": float(word.rival != ""),
        "space_before": logit(trace.space_before),
        "space_after": logit(trace.space_after),
        "space_inside": trace.space_inside,
        "lost": trace.lost,
        "stretch": min(trace.stretch, 4.0),
    }


def _of_line(trace: Trace) -> dict[str, float]:
    return {
        "company": logit(trace.company),
        "line": float(min(trace.line, _MANY)),
        "even": logit(trace.even),
        "left": trace.left,
        "right": trace.right,
        "starts": float(trace.before == ""),
        "ends": float(trace.after == ""),
        "after_mark": float(trace.after.startswith(_CLOSES)),
        "after_opens": float(trace.after.startswith(_OPENS)),
        "before_colon": float(trace.before.endswith(":")),
        "beside_mark": float(_is_mark(trace.before)) + float(_is_mark(trace.after)),
        "beside_single": float(len(trace.before) == 1) + float(len(trace.after) == 1),
    }


def _of_page(word: OcrWord, page: Surroundings) -> dict[str, float]:
    tall = word.trace.tall
    return {
        "doubt": page.doubt,
        "singles": page.singles,
        "marks": page.marks,
        "tight": page.tight,
        "page_known": page.known,
        "tall": log(tall) if tall else 0.0,
        "taller": log(tall / page.tall) if tall and page.tall else 0.0,
        "times": float(min(page.times.get(word.text.casefold(), 1), _MANY)),
    }


def _of_lexicon(judged: Judged, lexicon: Lexicon, own: frozenset[int]) -> dict[str, float]:
    """Say how well known the word is, and what would stand there if a blank were too many or too few."""
    word, trace = judged.word, judged.word.trace
    return {
        "known": lexicon.known(word.text, own),
        "known_joined_left": lexicon.known(trace.before + word.text, own) if trace.before else 0.0,
        "known_joined_right": lexicon.known(word.text + trace.after, own) if trace.after else 0.0,
        "known_parted": lexicon.parted(word.text, own),
        "known_rival": lexicon.known(word.rival, own),
        "known_heard": lexicon.known(judged.heard, own),
    }


def _of_witness(judged: Judged) -> dict[str, float]:
    heard, text = judged.heard, judged.word.text
    alike = heard != "" and judged.likeness >= 1
    bare = heard.replace(" ", "")
    return {
        "heard": float(heard != ""),
        "alike": float(alike),
        "same": float(heard == text),
        "same_folded": float(heard.casefold() == text.casefold()),
        "likeness": judged.likeness,
        "sure_alike": judged.sure if alike else 0.0,
        "sure_unlike": judged.sure if heard and not alike else 0.0,
        "apart": float(" " in heard and bare == text),
        "edits": float(min(edit_distance(text, bare), 6)) if heard else 7.0,
        "longer": float(len(bare) - len(text)) if heard else 0.0,
        "rival_heard": float(heard != "" and judged.word.rival == heard),
        "page": judged.page,
    }


def _near_alike(judged: Sequence[Judged], at: int) -> float:
    """Give the mean likeness of the words beside it on its line, its own where it stands alone."""
    trace, near = judged[at].word.trace, []
    if trace.before and at and judged[at - 1].word.text == trace.before:
        near.append(judged[at - 1].likeness)
    if trace.after and at + 1 < len(judged) and judged[at + 1].word.text == trace.after:
        near.append(judged[at + 1].likeness)
    return fmean(near) if near else judged[at].likeness


def _is_mark(text: str) -> bool:
    return text != "" and not any(map(str.isalnum, text))
