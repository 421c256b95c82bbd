"""Trust in the text layer of a page: it is used, or the page is read from its image."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_STRANGE_TO = 0.05
_HIDDEN_TO = 0.5
_OFF_PAGE_TO = 0.3
_WITHOUT_INK_TO = 0.3
_LIKENESS_FROM = 0.6
_STRANGE = frozenset({"Cc", "Cn", "Co", "Cs"})
TRUSTED_WORD_CONFIDENCE = (
    0.995  # a printed word's text is correct except for font defects that the checks below do not catch
)


@dataclass(frozen=True, slots=True)
class TextLayerFacts:
    """Facts about a page's text layer.

    `hidden` is the share of characters drawn without paint, `off_page` the share of words beside the page,
    `without_ink` the share of words with no ink in their box, `likeness` the agreement of a sample of words with
    what an OCR engine reads in their boxes (None if none was read), `scanned` whether one picture fills the page.
    """

    texts: Sequence[str]
    hidden: float
    off_page: float
    without_ink: float
    likeness: float | None
    scanned: bool


def distrust_reason(facts: TextLayerFacts) -> str | None:
    """Return the reason to distrust a text layer, None if it is trusted."""
    reasons = (
        ("empty", not facts.texts),
        ("hidden", facts.hidden > _HIDDEN_TO),
        ("strange_characters", strange_share(facts.texts) > _STRANGE_TO),
        ("off_page", facts.off_page > _OFF_PAGE_TO),
        ("unprinted", facts.without_ink > _WITHOUT_INK_TO),
        ("unlike_print", facts.likeness is not None and facts.likeness < _LIKENESS_FROM),
        ("scan", facts.scanned),
    )
    return next((reason for reason, holds in reasons if holds), None)


def mean_likeness(likenesses: Iterable[float], samples: int) -> float | None:
    """Return the mean of at most `samples` likenesses, None without any; stop as soon as the result is decided."""
    total, taken = 0.0, 0
    for likeness in likenesses:
        total, taken = total + likeness, taken + 1
        if total >= samples * _LIKENESS_FROM:
            return total / taken
    return total / taken if taken else None


def strange_share(texts: Sequence[str]) -> float:
    """Return the share of characters that no printed page has: private use, unassigned, control, replacement."""
    total = strange = 0
    for text in texts:
        total += len(text)
        strange += sum(character == "\ufffd" or unicodedata.category(character) in _STRANGE for character in text)
        strange += 5 * text.count("(cid:")
    return strange / total if total else 0.0


def sample_words(texts: Sequence[str], count: int) -> tuple[int, ...]:
    """Choose the words to check: long enough to be informative, spread over the page, all different."""
    distinct: dict[str, int] = {}
    for index, text in enumerate(texts):
        if sum(character.isalnum() for character in text) >= 4 and len(text) <= 20:
            distinct.setdefault(text, index)
    chosen = sorted(distinct.values())
    step = max(1, len(chosen) // count)
    return tuple(chosen[::step][:count])
