"""Pages that show several documents: receipts on one flatbed scan, invoices side by side or one above the other.

Each part of such a page has a total and the other signs of a receipt or an invoice. Parts with the same total are
copies, a payment slip or a card slip of one document.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from operator import or_

from ingestion.domain.layout.text_rows import DocumentRows, TextRow, build_document_rows
from ingestion.domain.normalize import fold
from ingestion.domain.page.elements import PageReading, Word
from ingestion.domain.page.orientation import rotate_upright

_PARTS = 2
_WORDS_FROM = 8  # of each part
_SHARED_SIGNS = 2  # kinds of signs, beside the total, that each part has
_PLACES = 60  # across a page, where a gap may be
_CROSSING_TO = 0.01  # of a page's words: dust and fold lines are read as words

_AMOUNT = r"(?P<amount>[-+]?\d[\d.,' ]*[.,]\d{2,3})"
_TOTAL_WORDS = (
    r"(?:total|summe|gesamt|gesamtbetrag|gesamtsumme|endbetrag|rechnungsbetrag|zu zahlen|zahlbetrag|totale|totaal"
    r"|jumlah|amount (?:due|payable)|balance due|nett? amount|montant du|net a payer)"
)
_OTHER_TOTALS = (
    r"(?:sub|savings?|saved|discounts?|qty|quantity|items?|tax|vat|gst$|rounding|excl|before|change|weight|points?|pcs|net$"
    r"|units?|count|tendered|paid|cash|card)"
)
_PART_OF_TOTAL = re.compile(r"tot|summe|gesamt|betrag|zahlen|jumlah|amount|balance|montant|payer")
_TOTAL_WORD = re.compile(rf"\b{_TOTAL_WORDS}\b")
_TOTAL = re.compile(
    rf"(?:^|\t)(?P<before>[^\d\t]{{0,20}}?)\b{_TOTAL_WORDS}\b(?P<after>[^\d\t]{{0,30}}(?:\d%)?)"
    rf"(?:[^\da-z+-]|\b[a-z]{{1,3}}\b){{0,8}}?{_AMOUNT}(?!\t?[^\t]{{0,4}}\d+[.,]\d\d)"
)
_OTHER_TOTAL = re.compile(rf"\b{_OTHER_TOTALS}")
_SIGNS = {
    "subtotal": re.compile(r"\b(?:sub[- ]?total|zwischensumme|sous[- ]total|subtotaal|net amount|nettobetrag)\b"),
    "tax": re.compile(r"\b(?:tax|vat|gst|sst|mwst|ust|tva|iva|btw)\b"),
    "date": re.compile(
        r"\b(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4}"
        r"|\d{1,2}\.? (?:jan|feb|ma[ryi]|apr|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]*\.?,? \d{4}"
        r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2},? \d{4})\b"
    ),
    "time": re.compile(r"(?<![\d:])[0-2]?\d:[0-5]\d(?![\d:])|(?<![\d:])[0-2]?\d:[0-5]\d:[0-5]\d(?![\d:])"),
    "number": re.compile(
        r"\b(?:invoice|receipt|bill|order|rechnungs?|beleg|bon|facture)[ -]*(?:no|nr|number|nummer|#)"
    ),
    "payment": re.compile(r"\b(?:cash|change|visa|mastercard|debit|credit card|card|bar|karte|ec-cash|especes|cb)\b"),
    "phone": re.compile(r"\b(?:tel|phone|telefon|telephone|fax)\b"),
    "thanks": re.compile(r"\b(?:thank you|vielen dank|merci|danke|grazie)\b"),
}
_HEAD = frozenset({"date", "time", "number", "phone"})


@dataclass(frozen=True, slots=True)
class _PartSigns:
    """Signs of a receipt or an invoice on a part of a page: its totals, and the kinds of others."""

    totals: frozenset[str]
    kinds: frozenset[str]


def find_shared_pages(doc: DocumentRows) -> tuple[int, ...]:
    """Return the numbers of the pages that seem to show several documents."""
    return tuple(page.number for page in doc.pages if _is_shared(page, doc.on_page(page.number)))


def _is_shared(page: PageReading, rows: Sequence[TextRow]) -> bool:
    totals = [place for place, row in enumerate(rows) if _TOTAL_WORD.search(row.folded)]
    if not totals or sum(len(_TOTAL_WORD.findall(rows[place].folded)) for place in totals) < _PARTS:
        return False
    upright = rotate_upright(page, rows[0].quarter_turns)
    beside = any(_are_two(*sides) for sides in _sides(upright))
    return beside or _are_stacked(rows, totals)


def _has_total(words: Sequence[Word]) -> bool:
    """Return whether a total may be among these words; building their rows takes much longer."""
    return any(_PART_OF_TOTAL.search(fold(word.text)) for word in words)


def _sides(page: PageReading) -> Iterator[tuple[_PartSigns, _PartSigns]]:
    """Yield the signs left and right of each gap that runs down the page."""
    for place in _gaps(page.words):
        left = tuple(word for word in page.words if _middle(word) < place)
        right = tuple(word for word in page.words if _middle(word) >= place)
        if not (_has_total(left) and _has_total(right)):
            continue
        yield _signs(_rows(page, left)), _signs(_rows(page, right))


def _gaps(words: Sequence[Word]) -> Iterator[float]:
    """Yield the middles of the gaps that hardly any word crosses, with enough words on either side."""
    most = _CROSSING_TO * len(words)
    places = [place / _PLACES for place in range(_PLACES // 6, _PLACES * 5 // 6 + 1)]
    wide = [word.bbox for word in words if word.bbox.x0 < word.bbox.x1]
    starts, stops = sorted(box.x0 for box in wide), sorted(box.x1 for box in wide)
    crossing = {place: bisect_left(starts, place) - bisect_right(stops, place) for place in places}
    for is_free, run in groupby(places, key=lambda place: crossing[place] <= most):
        gap = list(run)
        middle = gap[len(gap) // 2]
        before = sum(_middle(word) < middle for word in words)
        if is_free and min(before, len(words) - before) >= _WORDS_FROM:
            yield middle


def _middle(word: Word) -> float:
    return (word.bbox.x0 + word.bbox.x1) / 2


def _rows(page: PageReading, words: tuple[Word, ...]) -> Sequence[TextRow]:
    return build_document_rows((replace(page, words=words),)).rows


def _signs(rows: Sequence[TextRow]) -> _PartSigns:
    texts = [row.folded for row in rows]
    totals = frozenset(amount for text in texts for amount in _totals_in(text))
    return _PartSigns(totals, frozenset(kind for kind, sign in _SIGNS.items() if any(map(sign.search, texts))))


def _totals_in(text: str) -> Iterator[str]:
    """Yield the digits of the totals in a row, not those of a subtotal, a tax, a count or a table with more amounts."""
    for found in _TOTAL.finditer(text):
        if not _OTHER_TOTAL.search(f"{found['before']} {found['after'].strip()}"):
            yield "".join(filter(str.isdigit, found["amount"]))


def _are_two(first: _PartSigns, second: _PartSigns) -> bool:
    """Return whether both parts have totals, all different, and further signs of the same kinds."""
    both = first.totals and second.totals and not first.totals & second.totals
    return bool(both) and len(first.kinds & second.kinds) >= _SHARED_SIGNS


def _are_stacked(rows: Sequence[TextRow], places: Sequence[int]) -> bool:
    """Return whether another document begins after one of these totals: its head, with a date, precedes a total again.

    What one receipt prints below its total (rounding, payment, a summary of taxes) has no head. Each row is read once:
    a page may have thousands of totals.
    """
    signs = [_signs((row,)) for row in rows]
    last = {total: place for place, each in enumerate(signs) for total in each.totals}
    bottom = max(last.values(), default=0)
    kinds_to = list(accumulate((each.kinds for each in signs), or_))
    kinds_from = [*accumulate((each.kinds for each in reversed(signs[: bottom + 1])), or_)][::-1]
    heads, repeated_to = _heads(signs), _last_places(signs, last)
    return any(
        0 <= repeated_to[place] <= place
        and len(kinds_to[place] & kinds_from[place + 1]) >= _SHARED_SIGNS
        and {"date"} <= heads[place + 1] & kinds_to[place]
        and len(heads[place + 1] & _HEAD) >= _SHARED_SIGNS
        for place in places
        if place < bottom
    )


def _heads(signs: Sequence[_PartSigns]) -> list[frozenset[str]]:
    """Return for each row the kinds of signs from it to the next total."""
    none: frozenset[str] = frozenset()
    upwards = accumulate(reversed(signs), lambda head, row: none if row.totals else head | row.kinds, initial=none)
    return [*upwards][::-1]


def _last_places(signs: Sequence[_PartSigns], last: Mapping[str, int]) -> list[int]:
    """Return for each row the last place of any total down to it; -1 if there is none."""
    return list(accumulate((max((last[total] for total in each.totals), default=-1) for each in signs), max))
