"""Lines of an invoice or receipt and the payment, read from the page, to verify the total.

A line counts when it is below a table's heading and above the summary, and ends in an amount that is printed as the
document prints amounts: with decimals, or whole. Labelled amounts between the lines (discount, freight, a sum carried
over) are none of them. The detection is conservative: without a heading there are no lines.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import Enum

from rapidfuzz import fuzz

from ingestion.domain.extraction.amount_roles import AmountRole
from ingestion.domain.extraction.amount_rows import AmountRow, is_product
from ingestion.domain.extraction.amount_summary import find_amount_rows
from ingestion.domain.layout.text_rows import DocumentRows, RowSpan, TextRow, bbox_of
from ingestion.domain.normalize import find_amounts
from quality.domain.facts import LineAmount, ReceiptPayment

LEAST_WHOLE_AMOUNT = 10
SAME_HEADING = 85.0  # similarity of two headings, 0..100, of which one was read on the next page
_HEADING = frozenset(
    tuple(
        (
            "description item items article product service qty quantity unit price amount total hours rate "
            "beschreibung bezeichnung menge anzahl preis e-preis betrag einzelpreis gesamt artikel leistung "
            "designation quantite qte prix montant prestation descripcion cantidad precio importe concepto unidades "
            "descrizione quantita prezzo importo totale omschrijving aantal prijs bedrag totaal artikelen "
            "descricao quantidade preco valor beskrivelse antall antal pris belop"
        ).split()
    )
)
_PAID = re.compile(r"^(?:cash|tendered|paid|bar|gegeben|especes|tunai)\b")
_CARD = re.compile(r"^(?:card|carte|karte|kartenzahlung|ec|visa|mastercard|debit|kredit)\b")
_CHANGE = re.compile(r"^(?:change|wechselgeld|ruckgeld|zuruck|rendu|baki)\b")


def find_line_amounts(doc: DocumentRows, amounts: Sequence[AmountRow] | None = None) -> tuple[LineAmount, ...]:
    """Return the amounts of the table of goods, which continues over subtotals and page breaks until its taxes.

    Below a subtotal only confirmed lines count, until the heading is repeated or a sum is brought forward. `amounts`
    are those of `find_amount_rows`. Without a summary there are no lines.
    """
    by_row: dict[int, list[AmountRow]] = {}
    for amount in find_amount_rows(doc) if amounts is None else amounts:
        by_row.setdefault(amount.span.row.index, []).append(amount)
    table = _GoodsTable()
    for row in doc.rows:
        table.read(row, by_row.get(row.index, ()))
        if table.part is _Part.BELOW:
            break
    return tuple(table.lines) if table.summed else ()


class _Part(Enum):
    """Part of a document that a row belongs to."""

    ABOVE = 1
    GOODS = 2
    SUBTOTAL = 3
    BELOW = 4


_PART_AFTER = {
    AmountRole.SUM: _Part.SUBTOTAL,
    AmountRole.PREPAID: _Part.SUBTOTAL,
    AmountRole.WITHHOLDING: _Part.SUBTOTAL,
    AmountRole.TAX: _Part.BELOW,
    AmountRole.CARRIED: _Part.GOODS,
}


class _GoodsTable:
    """Lines of goods, collected row by row; `summed` after the first sum or tax."""

    def __init__(self) -> None:
        self.part = _Part.ABOVE
        self.lines: list[LineAmount] = []
        self.summed = False
        self._heading = ""

    def read(self, row: TextRow, amounts: Sequence[AmountRow]) -> None:
        """Read the next row with its amounts."""
        role = next((amount.role for amount in amounts if amount.role is not AmountRole.OTHER), None)
        if _is_heading(row):
            self._begin(row)
        elif self.part is not _Part.ABOVE and role is not None:
            self.part = _PART_AFTER.get(role, self.part)
            self.summed |= role in (AmountRole.SUM, AmountRole.TAX)
        elif self.part is not _Part.ABOVE:
            found = [line for line in _line(row) if line.confirmed or self.part is _Part.GOODS]
            rated = any(amount.rate is not None for amount in amounts)
            if found and self._is_sum(row, found[0], rated=rated):
                self.part = _Part.SUBTOTAL
            else:
                self.lines += found

    def _is_sum(self, row: TextRow, line: LineAmount, *, rated: bool) -> bool:
        """Return whether a row with one amount sums up the lines, whatever its label: all of them, or one tax rate."""
        sums = len(self.lines) > 1 or any(each.confirmed for each in self.lines)
        alone = sums and not line.confirmed and len(row.amounts) == 1
        same = line.amount == sum((each.amount for each in self.lines), Decimal(0))
        return alone and (same or (rated and all(each.confirmed for each in self.lines)))

    def _begin(self, row: TextRow) -> None:
        """Begin the table, or continue it if its heading is repeated."""
        if not self.lines:
            self._heading = row.folded
        if fuzz.ratio(self._heading, row.folded) >= SAME_HEADING:
            self.part = _Part.GOODS


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
    has_number = any(map(str.isdigit, row.text))
    return len(names & _HEADING) >= 2 and not has_number


def _last_amount(row: TextRow) -> list[Decimal]:
    last = list(find_amounts(_columns(row)[-1], row.numbers))[-1:]
    return [match.value for match in last if match.is_exact(row.numbers)]


def _line(row: TextRow) -> Iterator[LineAmount]:
    """Yield a line's amount from its last column; it is confirmed if a quantity times a price equals it.

    An amount that is not printed as the document prints amounts counts only if it is confirmed.
    """
    before = [match.value for column in _columns(row)[:-1] for match in find_amounts(column, row.numbers)]
    last = _last_amount(row) or [amount for amount in _whole_amount(row) if is_product(before, amount)]
    box = bbox_of([RowSpan(row, 0, len(row.text))])
    if last and box:
        confirmed = is_product(before, last[0])
        yield LineAmount(row.page, box, last[0], row.text.replace("\t", " "), confirmed)


def _whole_amount(row: TextRow) -> Iterator[Decimal]:
    """Yield the number in the last column, if it is the only text there and not too small for an amount."""
    column = _columns(row)[-1].strip()
    for match in find_amounts(column, row.numbers):
        if match.start == 0 and match.stop == len(column) and match.value >= LEAST_WHOLE_AMOUNT:
            yield match.value
