"""Restaurant bill: quantity first, generous spacing, the table's number, a line for the tip."""

from random import Random

from samples.content.receipt import Receipt
from samples.layout.canvas import Canvas
from samples.layout.fonts import BLACK, Style
from samples.layout.labels import RECEIPT
from samples.layout.receipt.slip import (
    MARGIN,
    WIDTH,
    ReceiptSlip,
    centered,
    date_line,
    pair,
    payment,
    rule,
    tax_lines,
    total_line,
    truncate_to_width,
)

_TABLE = {"en": "Table", "de": "Tisch", "fr": "Table"}


def draw_table_bill(rng: Random, receipt: Receipt, canvas: Canvas) -> float:
    """Draw the receipt; returns the length used."""
    family, size = rng.choice((("ubuntu", 8.4), ("noto", 8.4), ("times", 9.4)))
    label = rng.choice(RECEIPT[receipt.language]["total"])
    slip = ReceiptSlip(canvas, receipt, Style(family, size, color=BLACK), label)
    words = slip.words
    canvas.shape("ellipse", ((WIDTH / 2 - 13, 22), (WIDTH / 2 + 13, 48)), stroke=BLACK, width=1.3)
    canvas.text(WIDTH / 2, 40, receipt.company[0], slip.style.bold().sized(15), align="center")
    y = centered(slip, 68, receipt.company, slip.style.bold().sized(size * 1.55), "company") + 3
    for line in receipt.address.lines:
        y = centered(slip, y, line, field="address")
    y = centered(slip, y, receipt.phone)
    y = rule(slip, y + 6, "")
    y = date_line(slip, y, "", receipt.time)
    table = f"{_TABLE[receipt.language]} {int(receipt.number) % 28 + 1}"
    y = pair(slip, y, table, f"{words['cashier']} {receipt.cashier}")
    y = rule(slip, y + 2, "")
    for item in receipt.items:
        canvas.text(MARGIN, y, f"{item.quantity}", slip.style)
        name = truncate_to_width(item.name, slip.style, WIDTH * 0.58)
        canvas.text(MARGIN + 18, y, name, slip.style)
        canvas.text(WIDTH - MARGIN, y, slip.number(item.amount), slip.style, align="right")
        y += slip.step * 1.18
    y = rule(slip, y + 2, "")
    if receipt.country in ("US", "MY"):
        y = pair(slip, y, words["subtotal"], slip.number(receipt.subtotal))
        on_top = receipt.taxes[0][2] if receipt.country == "US" else receipt.rounding
        y = pair(slip, y, words["tax"] if receipt.country == "US" else "Rounding", slip.number(on_top))
    y = total_line(slip, y + 6, slip.style.bold().sized(size * 1.5))
    y = payment(slip, y + 3)
    tip = receipt.country == "US"
    y = pair(slip, y + 14, "Tip", "____________") if tip else tax_lines(slip, rule(slip, y + 2, ""))
    y = centered(slip, y + 4, receipt.tax_id) if receipt.tax_id else y
    for line in receipt.thanks:
        y = centered(slip, y + 5, line, slip.style.italic())
    return y + 18
