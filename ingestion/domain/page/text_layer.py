"""Trust in the text layer of a page: it is used, or the page is read from its image."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from ingestion.domain.page.similarity import similarity

_STRANGE_TO = 0.05
_STRANGE_TO_ELSE = 0.3  # in a script that no engine reads: ligatures often have no characters
_HIDDEN_TO = 0.5
_OFF_PAGE_TO = 0.3
_WITHOUT_INK_TO = 0.3
_LIKENESS_FROM = 0.6
_STRANGE = frozenset({"Cc", "Cn", "Co", "Cs"})
TRUSTED_WORD_CONFIDENCE = (
    0.995  # a printed word's text is correct except for font defects that the checks below do not catch
)
DOUBTED_WORD_CONFIDENCE = 0.6  # in a font with wrongly mapped glyphs, with one that no reading confirms

_SIMILAR_PLACES = 6  # words one after the other, of which one is checked
_CONFIDENT = 0.95
_UNLIKE_TO = 0.4
_LATIN_LOOKALIKES = str.maketrans(
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03c9"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425"
    "\u0430\u0435\u043a\u043c\u043d\u043e\u043f\u0440\u0441\u0442\u0443\u0445\u0438\u0433\u0432",
    "ABEZHIKMNOPTYXaikvoptuxwABEKMHOPCTYXaekmhonpctyxurb",
)
"""Greek and Cyrillic letters that an engine for Latin reads as Latin ones."""


@dataclass(frozen=True, slots=True)
class TextLayerFacts:
    """Facts about a page's text layer.

    `hidden` is the share of characters drawn without paint, `off_page` the share of words beside the page,
    `without_ink` the share of words with no ink in their box, `likeness` the agreement of a sample of words with
    what an OCR engine reads in their boxes (None if none was read), `scanned` whether one picture fills the page,
    `known_script` whether an engine could read the page instead.
    """

    texts: Sequence[str]
    hidden: float
    off_page: float
    without_ink: float
    likeness: float | None
    scanned: bool
    known_script: bool = True


def distrust_reason(facts: TextLayerFacts) -> str | None:
    """Return the reason to distrust a text layer, None if it is trusted."""
    strange_to = _STRANGE_TO if facts.known_script else _STRANGE_TO_ELSE
    reasons = (
        ("empty", not facts.texts),
        ("hidden", facts.hidden > _HIDDEN_TO),
        ("strange_characters", strange_share(facts.texts) > strange_to),
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


def contradicts(text: str, seen: str, probability: float) -> bool:
    """Return whether a reading in another script is so certain and so different that the layer must be wrong."""
    plain = "".join(c for c in normalize("NFD", text) if not unicodedata.combining(c)).translate(_LATIN_LOOKALIKES)
    alike = similarity(plain.casefold(), seen.casefold())
    return probability >= _CONFIDENT and alike < _UNLIKE_TO and abs(len(text) - len(seen)) <= 1


def strange_share(texts: Sequence[str]) -> float:
    """Return the share of characters that no printed page has: private use, unassigned, control, replacement."""
    total = strange = 0
    for text in texts:
        total += len(text)
        strange += sum(character == "\ufffd" or unicodedata.category(character) in _STRANGE for character in text)
        strange += 5 * text.count("(cid:")
    return strange / total if total else 0.0


def sample_words(texts: Sequence[str], count: int) -> tuple[int, ...]:
    """Choose the words to check: long enough to be informative, spread over the page, with many characters."""
    distinct: dict[str, int] = {}
    for index, text in enumerate(texts):
        if sum(character.isalnum() for character in text) >= 4 and len(text) <= 20:
            distinct.setdefault(text, index)
    chosen = sorted(distinct.values())
    step = max(1, len(chosen) // count)
    parts = [chosen[start : start + step] for start in range(0, len(chosen), step)][:count]
    return tuple(max(part[:_SIMILAR_PLACES], key=lambda index: len(set(texts[index]))) for part in parts)
