"""Features of a word's probability to be correct, as numbers by name."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from statistics import fmean, median

from ingestion.domain.ocr.agreement import ComparedWord, OcrWord
from ingestion.domain.ocr.lexicon import Lexicon
from ingestion.domain.ocr.line_words import RecognitionTrace
from ingestion.domain.ocr.word_shapes import shape_of
from ingestion.domain.page.similarity import edit_distance

_NEAR = 0.001
_LONG = 20
_MANY = 10  # words on a line, or the same word on a page
_TIGHT = 0.1  # probability of a missed blank: the page's print is narrow
_OPENS, _CLOSES = ("(", "[", "{"), (":", ";", ".", ",", ")")


@dataclass(frozen=True, slots=True)
class PageContext:
    """Page that a word is on: scan quality and narrow print affect the whole page.

    `min_confidence` is the mean of the words' `min_confidence` in log odds, `line_confidence` that of all characters
    on their lines. `single_letter_share`, `punctuation_share`, `tight_share`, `looks_joined_share`, `known_share` and
    `known_in_two_share` are shares of words: those of one character, without letters or digits, with a blank that may
    have been missed, that look like two, that the lexicon has, that it has only as two. `missed_space` and
    `missed_character` are the mean probabilities of a missed blank or character. `line_height` is the usual height of
    a line in pixels, `word_counts` how often each word was read. `own_digests` are the digests of the page's document,
    if the lexicon was built from it, used while the model is fitted on it.
    """

    min_confidence: float = 0.0
    single_letter_share: float = 0.0
    punctuation_share: float = 0.0
    tight_share: float = 0.0
    missed_space: float = 0.0
    missed_character: float = 0.0
    line_confidence: float = 0.0
    looks_joined_share: float = 0.0
    known_in_two_share: float = 0.0
    known_share: float = 0.0
    line_height: float = 0.0
    word_counts: Mapping[str, int] = field(default_factory=dict)
    own_digests: frozenset[int] = frozenset()


def page_context(words: Sequence[OcrWord], lexicon: Lexicon, own_digests: frozenset[int] = frozenset()) -> PageContext:
    """Compute the context from all words of a page, or of the part of it that was read."""
    if not words:
        return PageContext(own_digests=own_digests)
    return PageContext(
        min_confidence=fmean(logit(word.min_confidence) for word in words),
        single_letter_share=fmean(len(word.text) == 1 for word in words),
        punctuation_share=fmean(not any(map(str.isalnum, word.text)) for word in words),
        tight_share=fmean(word.trace.space_inside > _TIGHT for word in words),
        missed_space=fmean(word.trace.space_inside for word in words),
        missed_character=fmean(word.trace.missed_character for word in words),
        line_confidence=fmean(logit(word.trace.line_confidence) for word in words),
        looks_joined_share=fmean(_looks_joined(word.text) for word in words),
        known_in_two_share=fmean(_is_known_in_two(word.text, lexicon, own_digests) for word in words),
        known_share=fmean(lexicon.log_frequency(word.text, own_digests) > 0 for word in words),
        line_height=median(word.trace.line_height for word in words),
        word_counts=Counter(word.text.casefold() for word in words),
        own_digests=own_digests,
    )


def _looks_joined(text: str) -> float:
    shape = shape_of(text)
    return max(shape["colon_inside"], shape["glued"])


def _is_known_in_two(text: str, lexicon: Lexicon, own_digests: frozenset[int]) -> bool:
    return lexicon.log_frequency(text, own_digests) == 0 < lexicon.split_log_frequency(text, own_digests)


def word_features(compared: Sequence[ComparedWord], page: PageContext, lexicon: Lexicon) -> list[dict[str, float]]:
    """Return each word's features; `compared` is ordered line by line, as read."""
    found = []
    for at, each in enumerate(compared):
        word = each.word
        values = shape_of(word.text) | _of_text(word.text) | _of_print(word) | _of_line(word.trace)
        values |= _of_page(word, page) | _of_lexicon(each, lexicon, page.own_digests) | _of_second_engine(each)
        values["near_alike"] = _near_alike(compared, at)
        found.append(values)
    return found


def logit(chance: float) -> float:
    """Return the log odds of a probability, limited to values distinguishable from certainty."""
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
        "mean": logit(word.mean_confidence),
        "least": logit(word.min_confidence),
        "second": logit(trace.second_lowest),
        "first": logit(trace.first),
        "last": logit(trace.last),
        "rival": float(word.runner_up != ""),
        "space_before": logit(trace.space_before),
        "space_after": logit(trace.space_after),
        "space_inside": trace.space_inside,
        "lost": trace.missed_character,
        "stretch": min(trace.widest_step, 4.0),
    }


def _of_line(trace: RecognitionTrace) -> dict[str, float]:
    return {
        "company": logit(trace.rest_of_line_min),
        "line": float(min(trace.line_words, _MANY)),
        "even": logit(trace.line_confidence),
        "left": trace.left_gap,
        "right": trace.right_gap,
        "starts": float(trace.before == ""),
        "ends": float(trace.after == ""),
        "after_mark": float(trace.after.startswith(_CLOSES)),
        "after_opens": float(trace.after.startswith(_OPENS)),
        "before_colon": float(trace.before.endswith(":")),
        "beside_mark": float(_is_mark(trace.before)) + float(_is_mark(trace.after)),
        "beside_single": float(len(trace.before) == 1) + float(len(trace.after) == 1),
    }


def _of_page(word: OcrWord, page: PageContext) -> dict[str, float]:
    tall = word.trace.line_height
    return {
        "doubt": page.min_confidence,
        "singles": page.single_letter_share,
        "marks": page.punctuation_share,
        "tight": page.tight_share,
        "page_known": page.known_share,
        "tall": log(tall) if tall else 0.0,
        "taller": log(tall / page.line_height) if tall and page.line_height else 0.0,
        "times": float(min(page.word_counts.get(word.text.casefold(), 1), _MANY)),
    }


def _of_lexicon(compared: ComparedWord, lexicon: Lexicon, own_digests: frozenset[int]) -> dict[str, float]:
    """Return how well known the word is, and the words that would result if a blank were added or missing."""
    word, trace = compared.word, compared.word.trace
    return {
        "known": lexicon.log_frequency(word.text, own_digests),
        "known_joined_left": lexicon.log_frequency(trace.before + word.text, own_digests) if trace.before else 0.0,
        "known_joined_right": lexicon.log_frequency(word.text + trace.after, own_digests) if trace.after else 0.0,
        "known_split": lexicon.split_log_frequency(word.text, own_digests),
        "known_rival": lexicon.log_frequency(word.runner_up, own_digests),
        "known_heard": lexicon.log_frequency(compared.second_text, own_digests),
    }


def _of_second_engine(compared: ComparedWord) -> dict[str, float]:
    second_text, text = compared.second_text, compared.word.text
    alike = second_text != "" and compared.likeness >= 1
    bare = second_text.replace(" ", "")
    return {
        "heard": float(second_text != ""),
        "alike": float(alike),
        "same": float(second_text == text),
        "same_folded": float(second_text.casefold() == text.casefold()),
        "likeness": compared.likeness,
        "sure_alike": compared.second_confidence if alike else 0.0,
        "sure_unlike": compared.second_confidence if second_text and not alike else 0.0,
        "apart": float(" " in second_text and bare == text),
        "edits": float(min(edit_distance(text, bare), 6)) if second_text else 7.0,
        "longer": float(len(bare) - len(text)) if second_text else 0.0,
        "rival_heard": float(second_text != "" and compared.word.runner_up == second_text),
        "page": compared.page_agreement,
    }


def _near_alike(compared: Sequence[ComparedWord], at: int) -> float:
    """Return the mean likeness of the word's neighbours on its line, its own if it has none."""
    trace, near = compared[at].word.trace, []
    if trace.before and at and compared[at - 1].word.text == trace.before:
        near.append(compared[at - 1].likeness)
    if trace.after and at + 1 < len(compared) and compared[at + 1].word.text == trace.after:
        near.append(compared[at + 1].likeness)
    return fmean(near) if near else compared[at].likeness


def _is_mark(text: str) -> bool:
    return text != "" and not any(map(str.isalnum, text))
