"""Supermarket receipt: one item per line, tax letters, a barcode."""

from random import Random

from samples.content.receipt import Receipt, ReceiptItem
from samples.layout.canvas import Canvas
from samples.layout.fonts import BLACK, Style
from samples.layout.labels import RECEIPT
from samples.layout.receipt.slip import (
    MARGIN,
    WIDTH,
    ReceiptSlip,
    barcode,
    centered,
    date_line,
    pair,
    payment,
    rule,
    tax_lines,
    total_line,
    truncate_to_width,
)


def _item(slip: ReceiptSlip, item: ReceiptItem, y: float, letter: str) -> float:
    amount = f"{slip.number(item.amount)} {letter}"
    y = pair(slip, y, truncate_to_width(item.name, slip.style, WIDTH - 2 * MARGIN - slip.style.size * 5), amount)
    if item.quantity > 1:
        slip.canvas.text(MARGIN + 16, y, f"{item.quantity} x {slip.number(item.price)}", slip.style)
        y += slip.step
    return y


def draw_grocery(rng: Random, receipt: Receipt, canvas: Canvas) -> float:
    """Draw the receipt; returns the length used."""
    family, size = rng.choice((("ubuntu-mono", 9.4), ("cascadia", 7.8), ("courier", 8.6)))
    label = rng.choice(RECEIPT[receipt.language]["total"])
    slip = ReceiptSlip(canvas, receipt, Style(family, size, color=BLACK), label)
    mark = rng.choice(("-", "="))
    y = centered(slip, 34, receipt.company, slip.style.bold().sized(size * 1.5), "company") + 2
    for line in receipt.address.lines:
        y = centered(slip, y, line, field="address")
    y = centered(slip, y, receipt.phone)
    y = centered(slip, y, receipt.tax_id) if receipt.tax_id else y
    y = rule(slip, y + 6, mark)
    rates = [rate for rate, _, _ in receipt.taxes]
    for item in receipt.items:
        y = _item(slip, item, y, "ABC"[rates.index(item.rate)])
    y = rule(slip, y, mark)
    if receipt.country in ("US", "MY"):
        y = pair(slip, y, slip.words["subtotal"], slip.number(receipt.subtotal))
    if receipt.country == "US":
        y = pair(slip, y, slip.words["tax"], slip.number(receipt.taxes[0][2]))
    if receipt.rounding:
        y = pair(slip, y, "Rounding", slip.number(receipt.rounding))
    y = total_line(slip, y + 5, slip.style.bold().sized(size * 1.45))
    y = payment(slip, y + 2)
    y = rule(slip, y, mark)
    y = tax_lines(slip, y) if receipt.country != "US" else y
    words = slip.words
    y = date_line(slip, y + 4, f"{words['date']}: ", receipt.time)
    y = pair(slip, y, f"{words['till']} {receipt.till}", f"{words['number']} {receipt.number}")
    y = pair(slip, y, f"{words['cashier']}: {receipt.cashier}", "")
    for line in receipt.thanks:
        y = centered(slip, y + 4, line)
    return barcode(slip, y + 4) + 18 if rng.random() < 0.6 else y + 18
