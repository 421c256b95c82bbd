"""Lines of an invoice or receipt and the payment, read from the page, to verify the total.

A line counts when it is below a table's heading and above the first summary (subtotal, tax, total) and ends in
an amount with decimals. The detection is conservative: without a heading there are no lines.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from ingestion.domain.layout.text_rows import DocumentRows, RowSpan, TextRow, bbox_of
from ingestion.domain.normalize import find_amounts
from quality.domain.facts import LineAmount, ReceiptPayment

_HEADING = frozenset(
    tuple(
        (
            "description item items article product service qty quantity unit price amount total hours rate "
            "beschreibung bezeichnung menge anzahl preis e-preis betrag einzelpreis gesamt artikel leistung "
            "designation quantite qte prix montant prestation descripcion cantidad precio importe"
        ).split()
    )
)
_SUMMARY = tuple(
    (
        "subtotal|sub-total|sub total|net total|net amount|total|tax|vat|gst|sst|discount|shipping|amount due|"
        "balance|rounding|zwischensumme|summe|gesamtbetrag|netto|mwst|ust|zzgl|umsatzsteuer|rechnungsbetrag|"
        "sous-total|montant|tva|iva|base imponible|a payer|rabatt|remise"
    ).split("|")
)
_CARRIED = re.compile(  # a column with no other text: goods may be a report, or carried home
    r"^(?:(?:sub-?)?total |amount |sum |balance )?(?:carried|brought) (?:forward|over|down)\b"
    r"|ubertrag\b|\ba reporter\b|^report(?: a nouveau| (?:de )?(?:la )?page\b.*)?:?$"
)
_PAID = re.compile(r"^(?:cash|tendered|paid|bar|gegeben|especes|tunai)\b")
_CARD = re.compile(r"^(?:card|carte|karte|kartenzahlung|ec|visa|mastercard|debit|kredit)\b")
_CHANGE = re.compile(r"^(?:change|wechselgeld|ruckgeld|zuruck|rendu|baki)\b")


def find_line_amounts(doc: DocumentRows) -> tuple[LineAmount, ...]:
    """Return the amounts of the table of goods, which continues over page breaks until its summary."""
    found: list[LineAmount] = []
    inside = False
    for row in doc.rows:
        if _is_heading(row):
            inside = True
        elif inside and _is_summary(row):
            return tuple(found)
        elif inside and not any(_CARRIED.search(column.strip()) for column in row.folded.split("\t")):
            found.extend(_line(row))
    return ()


def find_receipt_payment(doc: DocumentRows) -> ReceiptPayment | None:
    """Return cash and change, or the card payment; None unless each is printed once."""
    cash, change, card = (_amounts_after(doc, label) for label in (_PAID, _CHANGE, _CARD))
    if len(cash) == len(change) == 1:
        return ReceiptPayment(cash[0], change[0])
    return ReceiptPayment(card[0], Decimal(0)) if len(card) == 1 and not cash else None


def _amounts_after(doc: DocumentRows, label: re.Pattern[str]) -> list[Decimal]:
    return [amount for row in doc.rows if label.search(row.folded) for amount in _last_amount(row)]


def _columns(row: TextRow) -> list[str]:
    return row.text.split("\t")


def _is_heading(row: TextRow) -> bool:
    names = {name.strip(".:") for name in row.folded.split()}
    has_number = any(character.isdigit() for character in row.text)
    return len(names & _HEADING) >= 2 and not has_number


def _is_summary(row: TextRow) -> bool:
    """Return whether any column starts with a summary label and the row ends in an amount."""
    return bool(_last_amount(row)) and any(column.lstrip().startswith(_SUMMARY) for column in row.folded.split("\t"))


def _last_amount(row: TextRow) -> list[Decimal]:
    return [match.value for match in list(find_amounts(_columns(row)[-1]))[-1:] if match.has_decimals]


def _line(row: TextRow) -> Iterator[LineAmount]:
    """Yield a line's amount from its last column; it is confirmed if a quantity times a price equals it."""
    last = _last_amount(row)
    if not last:
        return
    before = [match.value for column in _columns(row)[:-1] for match in find_amounts(column)]
    confirmed = any(abs(a * b - last[0]) <= Decimal("0.01") for a, b in combinations(before, 2))
    box = bbox_of([RowSpan(row, 0, len(row.text))])
    if box is None:
        return
    yield LineAmount(row.page, box, last[0], row.text.replace("\t", " "), confirmed)
