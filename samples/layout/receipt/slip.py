"""Elements shared by all receipts: paper 80 mm wide, lines of label and amount, dashed rules."""

from dataclasses import dataclass
from decimal import Decimal

from samples.content.printed import SYMBOLS, currency_of, render_number, render_quantity
from samples.content.receipt import Receipt
from samples.layout.canvas import Canvas, LinePart
from samples.layout.fonts import Style, text_width, wrap
from samples.layout.labels import RECEIPT

WIDTH = 226.8  # 80 mm
MARGIN = 14.0
LONGEST = 1400.0


@dataclass(frozen=True, slots=True)
class ReceiptSlip:
    """Receipt being drawn: the canvas, its content, style and labels."""

    canvas: Canvas
    receipt: Receipt
    style: Style
    total_label: str

    @property
    def words(self) -> dict[str, str]:
        """Return the printed labels in the receipt's language."""
        chosen = {key: word for key, word in RECEIPT[self.receipt.language].items() if isinstance(word, str)}
        taxes = {"US": "Sales tax", "MY": "GST"}
        return chosen | {"tax": taxes.get(self.receipt.country, chosen["tax"])}

    @property
    def step(self) -> float:
        """Return the line spacing."""
        return self.style.size * 1.32

    @property
    def symbol(self) -> str:
        """Return the currency's symbol."""
        return SYMBOLS[currency_of(self.receipt.country)]

    def number(self, amount: Decimal) -> str:
        """Format an amount as usual in the country."""
        return render_number(amount, self.receipt.country)


def centered(slip: ReceiptSlip, y: float, text: str, style: Style | None = None, field: str | None = None) -> float:
    """Draw centred lines, wrapped if they do not fit; returns the next baseline."""
    style = style or slip.style
    lines = wrap(text, style, WIDTH - 2 * MARGIN)
    return slip.canvas.lines(WIDTH / 2, y, lines, style, leading=1.32, field=field, align="center")


def pair(slip: ReceiptSlip, y: float, left: str, right: str, style: Style | None = None) -> float:
    """Draw a label on the left and a value on the right; returns the next baseline."""
    style = style or slip.style
    slip.canvas.text(MARGIN, y, left, style)
    slip.canvas.text(WIDTH - MARGIN, y, right, style, align="right")
    return y + style.size * 1.32


def rule(slip: ReceiptSlip, y: float, character: str) -> float:
    """Draw a rule: fine dashes for "", coarse ones for "-", double for "="; returns the next baseline."""
    middle = y - slip.style.size * 0.3
    if not character:
        slip.canvas.line(MARGIN, middle, WIDTH - MARGIN, middle, dashes="[2 2] 0", width=0.7)
    else:
        thick = slip.style.size * 0.1
        dashes = "[3 2.4] 0" if character == "-" else None
        slip.canvas.line(MARGIN, middle, WIDTH - MARGIN, middle, dashes=dashes, width=thick)
        if character == "=":
            slip.canvas.line(MARGIN, middle + 2, WIDTH - MARGIN, middle + 2, width=thick)
    return y + slip.step


def date_line(slip: ReceiptSlip, y: float, before: str, after: str) -> float:
    """Draw the line with the date between other words; returns the next baseline."""
    parts: list[LinePart] = []
    if slip.canvas.has("date"):
        parts = [(before, None), (slip.canvas.facts["date"].text, "date"), ("  ", None)]
    slip.canvas.parts(MARGIN, y, [*parts, (after, None)], slip.style)
    return y + slip.step


def total_line(slip: ReceiptSlip, y: float, style: Style) -> float:
    """Draw the total with its currency; returns the next baseline."""
    canvas, total = slip.canvas, slip.canvas.facts["total"].text
    canvas.text(MARGIN, y, slip.total_label, style)
    if slip.receipt.country in ("DE", "FR"):
        parts: list[LinePart] = [(total, "total"), (f" {slip.symbol}", None)]
    else:
        gap = " " if slip.symbol == "RM" else ""
        parts = [(slip.symbol + gap, None), (total, "total")]
    canvas.parts(WIDTH - MARGIN, y, parts, style, align="right")
    return y + style.size * 1.4


def payment(slip: ReceiptSlip, y: float) -> float:
    """Draw the payment; returns the next baseline."""
    receipt, words = slip.receipt, slip.words
    if receipt.cash_given is None:
        y = pair(slip, y, words["card"], slip.number(receipt.total))
        return pair(slip, y, receipt.card, f"Auth {receipt.number}")
    y = pair(slip, y, words["cash"], slip.number(receipt.cash_given))
    return pair(slip, y, words["change"], slip.number(receipt.cash_given - receipt.total))


def tax_lines(slip: ReceiptSlip, y: float) -> float:
    """Draw rate, net and tax of each rate as a small table; returns the next baseline."""
    canvas, words = slip.canvas, slip.words
    middle, right = WIDTH * 0.62, WIDTH - MARGIN
    canvas.text(MARGIN, y, f"{words['tax']} %", slip.style)
    canvas.text(middle, y, words["net"], slip.style, align="right")
    canvas.text(right, y, words["tax"], slip.style, align="right")
    for rate, net, tax in slip.receipt.taxes:
        y += slip.step
        canvas.text(MARGIN, y, f"{render_quantity(rate, slip.receipt.country)} %", slip.style)
        canvas.text(middle, y, slip.number(net), slip.style, align="right")
        canvas.text(right, y, slip.number(tax), slip.style, align="right")
    return y + slip.step


def barcode(slip: ReceiptSlip, y: float) -> float:
    """Draw a barcode of the receipt's number: bars of four widths; returns the next baseline."""
    x, code = WIDTH * 0.2, f"{slip.receipt.till}{slip.receipt.number}{slip.receipt.day:%d%m%y}"
    unit = WIDTH * 0.6 / (len(code) * 5)
    for character in code:
        wide = 1 + int(character) % 3
        slip.canvas.rect((x, y, x + unit * wide, y + 26), fill=(0, 0, 0))
        slip.canvas.rect((x + unit * (wide + 1), y, x + unit * 4, y + 26), fill=(0, 0, 0))
        x += unit * 5
    slip.canvas.text(WIDTH / 2, y + 36, code, slip.style.sized(7), align="center")
    return y + 36 + slip.step


def truncate_to_width(text: str, style: Style, room: float) -> str:
    """Truncate a name as the printer would: at the last character that fits."""
    while text_width(text, style) > room:
        text = text[:-1]
    return text.strip()
