"""Probability that a page begins a new document, from signs for and against it.

The probability is a logistic curve over the signs. Its weights were set by hand and compared with generated stacks:
`python -m benchmarks.splitting_fit` fits them with a ridge around these values, and changes none by more than 0.6
except the intercept. It would raise that, because documents begin on most pages of a generated stack. In files that
offices receive they do not, and an extra page in a document is easier to correct than a contract that was split.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp

from ingestion.domain.extraction.classification import Classification
from ingestion.domain.normalize import fold
from ingestion.domain.page.elements import BlockKind, PageReading

INTERCEPT = -2.6
WEIGHTS: Mapping[str, float] = {
    "counter_restarts": 4.6,  # the page is "page 1 of n"
    "counter_ended": 1.6,  # and the page before is the last of its count, "page m of m"
    "counter_goes_on": -6.0,  # "page 3 of 5" after "page 2 of 5"
    "counter_later": -3.5,  # page 2 or later, but not the next one of the same count
    "other_number": 3.4,  # both pages have a document number, and the numbers differ
    "same_number": -4.6,
    "title": 2.4,  # the page has a document title at its top
    "title_repeated": -1.2,  # the same title as on the page before: a running head
    "other_kind": 2.4,  # the kind of each page is certain, and the kinds differ
    "letterhead": 1.5,  # the top of the page differs from that of the page before
    "same_head": -1.6,
    "blank_before": 0.7,  # or the back of a sheet
    "other_size": 1.6,
    "closed": 0.8,  # the page before ends like a letter
    "carried": -3.0,  # "carried forward", "continued"
    "sentence_goes_on": -2.2,
}
REASONS = ("counter_restarts", "other_number", "other_kind", "title", "letterhead", "other_size", "blank_before")
TITLE_TOP_SHARE, HEAD_LINES = 0.3, 8
SURE_KIND_FROM = 0.75
TITLE_WORDS = 8

_COUNTER = re.compile(
    r"(?<![\w/.-])(?:page|seite|blatt|pagina|p|s)\b\.?\s*+(?::\s*+)?(\d{1,3})\s*+(?:of|von|sur|de|di|/)\s*(\d{1,3})(?![\d/.])"
)
_BARE_COUNTER = re.compile(r"\s*+(?:[-\u2013(]\s*+)?(\d{1,3})\s*(?:/|of|von)\s*(\d{1,3})\s*+(?:[-\u2013)]\s*+)?")
_NUMBER = re.compile(
    r"\b(?:invoice|credit note|receipt|report|order|policy|claim|case|document|contract|delivery note|specimen|mrn"
    r"|rechnungs?|gutschrifts?|beleg|befund|auftrags?|vertrags?|fall|lieferschein|facture|commande|avoir)"
    r"[\s\-]*+(?:number|no|nr|num|numero|nummer|id|n°|#)?[\s.:#°-]*+(?=[a-z0-9/.-]{0,200}\d)([a-z]{0,6}[-/]?[a-z0-9][a-z0-9/.-]{2,})"
)
_TITLE = re.compile(
    r"^(?:tax invoice|invoice|credit note|receipt|delivery note|purchase order|order confirmation|statement"
    r"|reminder|discharge (?:summary|letter)|laboratory report|lab(?:oratory)? results?|medical report|report"
    r"|contract|certificate|application|rechnung|gutschrift|quittung|lieferschein|mahnung|auftragsbestatigung|angebot"
    r"|entlassungs(?:brief|bericht)|arztbrief|laborbefund|befund(?:bericht)?|vertrag|antrag|facture|avoir|recu"
    r"|bon de livraison|devis|lettre de sortie|compte rendu)\b"
)
_CLOSED = re.compile(r"\b(?:regards|sincerely|faithfully|grussen|gruss|salutations|thank you for your business)\b")
_CARRIED = re.compile(
    r"\b(?:carried forward|brought forward|continued|continuation|ubertrag|fortsetzung|a reporter"
    r"|report page|suite)\b"
)
_SENTENCE_ENDS = (".", "!", "?", ":", ";", ")")


@dataclass(frozen=True, slots=True)
class Boundary:
    """Place where a document may begin: its first page, the probability, and the signs for it."""

    page: int
    chance: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageObservation:
    """Signs on a page of its position in a document."""

    page: PageReading
    lines: tuple[str, ...]
    counter: tuple[int, int] | None
    numbers: frozenset[str]
    title: str
    kind: str

    @property
    def blank(self) -> bool:
        """Return whether the page is empty."""
        return is_blank(self.page)


def is_blank(page: PageReading) -> bool:
    """Return whether a page that was read is empty: no word, no code, no picture, hardly any ink."""
    has_ink = page.measures is None or page.measures.ink >= 0.002
    figure = any(block.kind is not BlockKind.CHECK_BOX for block in page.blocks)
    return not (page.error or page.words or page.codes or figure or has_ink)


def observe_page(page: PageReading, kind: Classification | None) -> PageObservation:
    """Collect the signs on a page; `kind` is the page's classification without its context."""
    lines = tuple(fold(" ".join(word.text for word in line)) for line in page.lines)
    named = kind.key if kind and kind.confidence >= SURE_KIND_FROM else ""
    return PageObservation(page, lines, _counter(lines), _numbers(lines), _title(page), named)


def boundary_chance(before: PageObservation, page: PageObservation, *, blank: bool) -> tuple[float, tuple[str, ...]]:
    """Return probability and reasons of a boundary between two pages, with `blank` if an empty page is between them."""
    signs = boundary_signs(before, page, blank=blank)
    exponent = INTERCEPT + sum(WEIGHTS[name] for name in signs)
    return 1 / (1 + exp(-exponent)), tuple(name for name in REASONS if name in signs)


def boundary_signs(before: PageObservation, page: PageObservation, *, blank: bool) -> frozenset[str]:
    """Return the signs for and against a new document on `page`."""
    found = {
        **_counted(before.counter, page.counter),
        "other_number": bool(before.numbers and page.numbers and not before.numbers & page.numbers),
        "same_number": bool(before.numbers & page.numbers),
        "title": bool(page.title) and page.title != before.title,
        "title_repeated": bool(page.title) and page.title == before.title,
        "other_kind": bool(before.kind and page.kind and before.kind != page.kind),
        **_compare_heads(before, page),
        "blank_before": blank,
        "other_size": _sizes_differ(before.page, page.page),
        "closed": any(_CLOSED.search(line) for line in before.lines[-8:]),
        "carried": any(_CARRIED.search(line) for line in (*page.lines[:12], *before.lines[-4:])),
        "sentence_goes_on": _sentence_continues(before.page, page.page),
    }
    return frozenset(name for name, holds in found.items() if holds)


def _counted(before: tuple[int, int] | None, now: tuple[int, int] | None) -> dict[str, bool]:
    if now is None:
        return {}
    if now[0] == 1:
        return {"counter_restarts": True, "counter_ended": before is not None and before[0] == before[1]}
    goes_on = before is not None and before == (now[0] - 1, now[1])
    return {"counter_goes_on": goes_on, "counter_later": not goes_on}


def _counter(lines: Sequence[str]) -> tuple[int, int] | None:
    """Read "page 1 of 3" anywhere; without the word "page" only as a separate line at the top or foot."""
    hits = [_COUNTER.search(line) for line in lines]
    hits += [_BARE_COUNTER.fullmatch(line) for line in (*lines[:2], *lines[-3:])]
    read = [(int(hit[1]), int(hit[2])) for hit in hits if hit]
    return next(((number, of) for number, of in read if 1 <= number <= of), None)


def _numbers(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(hit[1].strip("./-") for line in list(lines)[:25] for hit in _NUMBER.finditer(line))


def _title(page: PageReading) -> str:
    """Return the title in the page's upper third: a short line that begins with the name of a document kind."""
    for line in page.lines:
        text = fold(" ".join(word.text for word in line))
        high = line[0].bbox.y0 < TITLE_TOP_SHARE + 0.03
        if high and len(line) <= TITLE_WORDS and _TITLE.match(text):
            return text
    return ""


def _compare_heads(before: PageObservation, page: PageObservation) -> dict[str, bool]:
    """Compare the first lines of two pages: a running head is equal except for its number."""
    mine, theirs = _head_words(page), _head_words(before)
    if not mine or not theirs:
        return {}
    alike = len(mine & theirs) / min(len(mine), len(theirs))
    return {"letterhead": alike < 0.25 and len(mine) >= 6, "same_head": alike > 0.7}


def _head_words(page: PageObservation) -> frozenset[str]:
    words = (word for line in page.lines[:HEAD_LINES] for word in line.split())
    return frozenset(word for word in words if len(word) > 2 and not any(map(str.isdigit, word)))


def _sizes_differ(before: PageReading, page: PageReading) -> bool:
    """Compare proportions: all pages are rendered at a similar size, so a receipt differs by its shape."""
    mine, theirs = page.height / max(page.width, 1), before.height / max(before.width, 1)
    return not 0.93 < mine / max(theirs, 0.01) < 1.07


def _sentence_continues(before: PageReading, page: PageReading) -> bool:
    """Return whether the page's end cuts a sentence: no full stop before, a small letter after, both in prose."""
    last, first = before.lines[-1:], page.lines[:1]
    if not last or not first or len(last[0]) < 6 or len(first[0]) < 4:
        return False
    return not last[0][-1].text.endswith(_SENTENCE_ENDS) and first[0][0].text[:1].islower()
