"""Can the text inside a page be believed, or does the page have to be read from its picture?"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_STRANGE_TO = 0.05
_HIDDEN_TO = 0.5
_OFF_PAGE_TO = 0.3
_UNPRINTED_TO = 0.3
_LIKENESS_FROM = 0.6
_STRANGE = frozenset({"Cc", "Cn", "Co", "Cs"})
_PRESENTATION = range(0xFB00, 0xFB07)  # ligatures: fine to read
TRUSTED = 0.995  # a printed word's own text is right but for fonts that lie beyond what the checks below catch


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """What is known of a page's text layer.

    `hidden` is the share of characters drawn without paint, `off_page` the share of words beside the page,
    `unprinted` the share of words with no ink in their box, `likeness` how well a sample of words agrees with
    what an OCR engine sees in their boxes (None when none was looked at), `scanned` that one picture fills
    the page.
    """

    texts: Sequence[str]
    hidden: float
    off_page: float
    unprinted: float
    likeness: float | None
    scanned: bool


def distrust(facts: LayerFacts) -> str | None:
    """Give the reason for which a text layer is not believed, None when it is."""
    reasons = (
        ("empty", not facts.texts),
        ("hidden", facts.hidden > _HIDDEN_TO),
        ("strange_characters", strange_share(facts.texts) > _STRANGE_TO),
        ("off_page", facts.off_page > _OFF_PAGE_TO),
        ("unprinted", facts.unprinted > _UNPRINTED_TO),
        ("unlike_print", facts.likeness is not None and facts.likeness < _LIKENESS_FROM),
        ("scan", facts.scanned),
    )
    return next((reason for reason, holds in reasons if holds), None)


def likeness_of(likenesses: Iterable[float], looks: int) -> float | None:
    """Give the mean of at most so many likenesses, None without one: of those that decide, no more are taken."""
    total, taken = 0.0, 0
    for likeness in likenesses:
        total, taken = total + likeness, taken + 1
        if total >= looks * _LIKENESS_FROM:
            return total / taken
    return total / taken if taken else None


def strange_share(texts: Sequence[str]) -> float:
    """Give the share of characters that no printed page has: private use, unassigned, control, replacement."""
    total = strange = 0
    for text in texts:
        total += len(text)
        strange += sum(character == "\ufffd" or unicodedata.category(character) in _STRANGE for character in text)
        strange += 5 * text.count("(cid:")
    return strange / total if total else 0.0


def sample(texts: Sequence[str], count: int) -> tuple[int, ...]:
    """Choose the words to look at: long enough to tell, spread over the page, not all the same."""
    telling: dict[str, int] = {}
    for index, text in enumerate(texts):
        if sum(character.isalnum() for character in text) >= 4 and len(text) <= 20:
            telling.setdefault(text, index)
    chosen = sorted(telling.values())
    step = max(1, len(chosen) // count)
    return tuple(chosen[::step][:count])
