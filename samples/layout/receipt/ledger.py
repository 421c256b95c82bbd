"""A trader's cash bill: company register number, columns of quantity, price and amount below each name."""

from random import Random

from samples.content.receipt import Receipt, ReceiptItem
from samples.layout.canvas import Canvas
from samples.layout.fonts import BLACK, Style
from samples.layout.labels import RECEIPT
from samples.layout.receipt.slip import MARGIN, WIDTH, ReceiptSlip, centered, date_line, pair, payment, rule, total_line

_HEADINGS = {"en": ("Qty", "Price"), "de": ("Menge", "Preis"), "fr": ("Qté", "Prix")}
_COLUMNS = (WIDTH * 0.52, WIDTH * 0.74, WIDTH - MARGIN)


def _row(slip: ReceiptSlip, cells: tuple[str, str, str], y: float, style: Style) -> None:
    for x, cell in zip(_COLUMNS, cells, strict=True):
        slip.canvas.text(x, y, cell, style, align="right")


def _item(slip: ReceiptSlip, item: ReceiptItem, code: int, y: float) -> float:
    slip.canvas.text(MARGIN, y, item.name, slip.style)
    y += slip.step
    slip.canvas.text(MARGIN, y, f"{code}", slip.style)
    _row(slip, (str(item.quantity), slip.number(item.price), slip.number(item.amount)), y, slip.style)
    return y + slip.step


def draw_cash_bill(rng: Random, receipt: Receipt, canvas: Canvas) -> float:
    """Draw the receipt; returns the length used."""
    family, size = rng.choice((("helvetica", 8.4), ("fira", 8.6), ("ubuntu", 8.2)))
    label = rng.choice(RECEIPT[receipt.language]["total"])
    slip = ReceiptSlip(canvas, receipt, Style(family, size, color=BLACK), label)
    words = slip.words
    y = centered(slip, 36, receipt.company, slip.style.bold().sized(size * 1.35), "company")
    for line in receipt.address.lines:
        y = centered(slip, y, line, field="address")
    y = centered(slip, y, f"TEL: {receipt.phone}")
    y = centered(slip, y, receipt.tax_id) if receipt.tax_id else y
    title = {"MY": "TAX INVOICE", "DE": "Quittung", "FR": "Ticket de caisse"}.get(receipt.country, "SALES RECEIPT")
    y = centered(slip, y + 6, title, slip.style.bold())
    y = pair(slip, y + 2, f"{words['number']}: CS{receipt.number}", f"{words['till']}: {receipt.till}")
    y = date_line(slip, y, f"{words['date']}: ", f"{words['time']}: {receipt.time}")
    y = pair(slip, y, f"{words['cashier']}: {receipt.cashier}", "")
    y = rule(slip, y, "")
    quantity, price = _HEADINGS[receipt.language]
    _row(slip, (quantity, price, slip.symbol), y, slip.style.bold())
    y = rule(slip, y + slip.step, "")
    code = rng.randint(10_000, 70_000)
    for index, item in enumerate(receipt.items):
        y = _item(slip, item, code + 37 * index, y)
    y = rule(slip, y, "")
    y = _sums(slip, y)
    y = total_line(slip, y + 3, slip.style.bold().sized(size * 1.3))
    y = payment(slip, y + 2)
    y = rule(slip, y, "")
    for line in receipt.thanks:
        y = centered(slip, y + 2, line)
    return y + 16


def _sums(slip: ReceiptSlip, y: float) -> float:
    receipt, words = slip.receipt, slip.words
    y = pair(slip, y, words["items"], str(sum(item.quantity for item in receipt.items)))
    y = pair(slip, y, words["subtotal"], slip.number(receipt.subtotal))
    for rate, _, tax in receipt.taxes:
        label = f"{words['tax']} {rate}%" if receipt.country in ("US", "MY") else words["of"].format(rate=rate)
        y = pair(slip, y, label, slip.number(tax))
    if receipt.country == "MY":
        y = pair(slip, y, "Rounding adjustment", slip.number(receipt.rounding))
    return y
