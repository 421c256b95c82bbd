"""The lines of an invoice or receipt, read from the page itself: what the total has to match.

A line counts when it stands below a table's heading and above the first summary (subtotal, tax, total) and
ends in an amount with decimals. This errs on the side of silence: no heading, no lines.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import reduce
from itertools import combinations

from ingestion.domain.layout import PageReading, Word
from ingestion.domain.normalize import find_amounts, fold
from quality.domain.facts import LineAmount
from refinery.types import BoundingBox

_HEADING = frozenset(
    ("description", "item", "items", "article", "product", "service", "qty", "quantity", "unit", "price", "amount",
     "total", "hours", "rate", "beschreibung", "bezeichnung", "menge", "preis", "betrag", "einzelpreis", "gesamt",
     "artikel", "leistung", "designation", "quantite", "prix", "montant", "descripcion", "cantidad", "precio",
     "importe")
)  # fmt: skip
_SUMMARY = (
    "subtotal", "sub-total", "sub total", "net total", "net amount", "total", "tax", "vat", "gst", "sst",
    "discount", "shipping", "amount due", "balance", "rounding", "zwischensumme", "summe", "gesamtbetrag", "netto",
    "mwst", "sous-total", "tva", "iva", "base imponible",
)  # fmt: skip


def read_lines(pages: Sequence[PageReading]) -> tuple[LineAmount, ...]:
    """Read the amounts of all tables of goods; a table goes on over a page's end until its summary."""
    found: list[LineAmount] = []
    inside = False
    for page in pages:
        for row in _rows(page):
            text = " ".join(word.text for word in row)
            if inside and _is_summary(text):
                return tuple(found)
            if _is_heading(row):
                inside = True
            elif inside:
                found.extend(_line(page.number, row, text))
    return ()


def _rows(page: PageReading) -> Iterator[list[Word]]:
    """Group words into rows across the page: engines report a table's cells as lines of their own."""
    row: list[Word] = []
    middle = 0.0
    for word in sorted(page.words, key=lambda word: word.bbox.y0 + word.bbox.y1):
        centre = (word.bbox.y0 + word.bbox.y1) / 2
        if row and centre - middle > 0.6 * row[0].bbox.height:
            yield sorted(row, key=lambda word: word.bbox.x0)
            row = []
        if not row:
            middle = centre
        row.append(word)
    if row:
        yield sorted(row, key=lambda word: word.bbox.x0)


def _is_heading(row: Sequence[Word]) -> bool:
    names = {fold(word.text).strip(".:") for word in row}
    has_amount = any(character.isdigit() for word in row for character in word.text)
    return len(names & _HEADING) >= 2 and not has_amount


def _is_summary(text: str) -> bool:
    return fold(text).lstrip().startswith(_SUMMARY)


def _line(page: int, row: Sequence[Word], text: str) -> Iterator[LineAmount]:
    amounts = list(find_amounts(text))
    if not amounts or not amounts[-1].exact:
        return
    last = amounts[-1].value
    before = [match.value for match in amounts[:-1]]
    confirmed = any(abs(a * b - last) <= Decimal("0.01") for a, b in combinations(before, 2))
    box = reduce(BoundingBox.union, (word.bbox for word in row))
    yield LineAmount(page, box, last, text, confirmed)
