"""The lines of an invoice or receipt, and what was paid, read from the page itself: what the total has to match.

A line counts when it stands below a table's heading and above the first summary (subtotal, tax, total) and
ends in an amount with decimals. This errs on the side of silence: no heading, no lines.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from ingestion.domain.layout.text_rows import Row, Sheet, Span, bbox_of
from ingestion.domain.normalize import find_amounts
from quality.domain.facts import LineAmount, Payment

_HEADING = frozenset(
    ("description", "item", "items", "article", "product", "service", "qty", "quantity", "unit",
     "price", "amount", "total", "hours", "rate", "beschreibung", "bezeichnung", "menge", "anzahl",
     "preis", "e-preis", "betrag", "einzelpreis", "gesamt", "artikel", "leistung", "designation",
     "quantite", "qte", "prix", "montant", "prestation", "descripcion", "cantidad", "precio", "importe")
)  # fmt: skip
_SUMMARY = (
    "subtotal", "sub-total", "sub total", "net total", "net amount", "total", "tax", "vat", "gst",
    "sst", "discount", "shipping", "amount due", "balance", "rounding", "zwischensumme", "summe",
    "gesamtbetrag", "netto", "mwst", "ust", "zzgl", "umsatzsteuer", "rechnungsbetrag", "sous-total",
    "montant", "tva", "iva", "base imponible", "a payer", "rabatt", "remise",
)  # fmt: skip
_CARRIED = re.compile(  # a column that says nothing else: goods may be a report, or carried home
    r"^(?:(?:sub-?)?total |amount |sum |balance )?(?:carried|brought) (?:forward|over|down)\b"
    r"|ubertrag\b|\ba reporter\b|^report(?: a nouveau| (?:de )?(?:la )?page\b.*)?:?$"
)
_PAID = re.compile(r"^(?:cash|tendered|paid|bar|gegeben|especes|tunai)\b")
_CARD = re.compile(r"^(?:card|carte|karte|kartenzahlung|ec|visa|mastercard|debit|kredit)\b")
_CHANGE = re.compile(r"^(?:change|wechselgeld|ruckgeld|zuruck|rendu|baki)\b")


def read_lines(sheet: Sheet) -> tuple[LineAmount, ...]:
    """Read the amounts of the table of goods; it goes on over a page's end until its summary."""
    found: list[LineAmount] = []
    inside = False
    for row in sheet.rows:
        if _is_heading(row):
            inside = True
        elif inside and _is_summary(row):
            return tuple(found)
        elif inside and not any(_CARRIED.search(column.strip()) for column in row.folded.split("\t")):
            found.extend(_line(row))
    return ()


def read_payment(sheet: Sheet) -> Payment | None:
    """Read cash and change, or what a card paid; None unless each is printed once."""
    cash, change, card = (_amounts_after(sheet, label) for label in (_PAID, _CHANGE, _CARD))
    if len(cash) == len(change) == 1:
        return Payment(cash[0], change[0])
    return Payment(card[0], Decimal(0)) if len(card) == 1 and not cash else None


def _amounts_after(sheet: Sheet, label: re.Pattern[str]) -> list[Decimal]:
    return [amount for row in sheet.rows if label.search(row.folded) for amount in _last_amount(row)]


def _columns(row: Row) -> list[str]:
    return row.text.split("\t")


def _is_heading(row: Row) -> bool:
    names = {name.strip(".:") for name in row.folded.split()}
    has_number = any(character.isdigit() for character in row.text)
    return len(names & _HEADING) >= 2 and not has_number


def _is_summary(row: Row) -> bool:
    """A summary's label starts a column (an address may stand beside it), and its row ends in an amount."""
    return bool(_last_amount(row)) and any(
        column.lstrip().startswith(_SUMMARY) for column in row.folded.split("\t")
    )


def _last_amount(row: Row) -> list[Decimal]:
    return [match.value for match in list(find_amounts(_columns(row)[-1]))[-1:] if match.exact]


def _line(row: Row) -> Iterator[LineAmount]:
    """Read a line's amount from its last column; a quantity times a price that makes it confirms it."""
    last = _last_amount(row)
    if not last:
        return
    before = [match.value for column in _columns(row)[:-1] for match in find_amounts(column)]
    confirmed = any(abs(a * b - last[0]) <= Decimal("0.01") for a, b in combinations(before, 2))
    box = bbox_of([Span(row, 0, len(row.text))])
    if box is None:
        return
    yield LineAmount(row.page, box, last[0], row.text.replace("\t", " "), confirmed)
