"""Table of invoice lines, which may span pages, and the sums below it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from samples.content.invoice import Invoice, SampleLine
from samples.content.printed import SYMBOLS, render_number, render_quantity
from samples.layout.canvas import Canvas
from samples.layout.fonts import Color, Style, wrap
from samples.layout.invoice.look import SupplierLook


@dataclass(frozen=True, slots=True)
class InvoiceColumn:
    """Table column: `x` is its left edge, or its right one if `align` is right."""

    key: str
    x: float
    align: str = "left"


@dataclass(frozen=True, slots=True)
class InvoiceTableGrid:
    """Geometry and style of the table: `describe` is the width of descriptions, `limit` the lowest baseline."""

    left: float
    right: float
    columns: tuple[InvoiceColumn, ...]
    description_width: float
    limit: float
    leading: float = 1.75
    head_fill: Color | None = None
    head_color: Color | None = None
    stripe: Color | None = None
    rules: bool = True


def _cell(invoice: Invoice, position: int, line: SampleLine, key: str) -> str:
    country = invoice.country
    return {
        "position": str(position),
        "quantity": render_quantity(line.quantity, country),
        "unit": line.unit,
        "price": render_number(line.price, country),
        "rate": render_quantity(line.rate, country),
        "amount": render_number(line.amount, country),
        "quantity_unit": f"{render_quantity(line.quantity, country)} {line.unit}",
    }[key]


def _head(canvas: Canvas, grid: InvoiceTableGrid, look: SupplierLook, y: float) -> float:
    size = look.body.size
    if grid.head_fill:
        canvas.rect((grid.left, y - size * 1.45, grid.right, y + size * 0.75), fill=grid.head_fill)
    style = look.body.bold().colored(grid.head_color or look.body.color)
    for column in grid.columns:
        key = "quantity" if column.key == "quantity_unit" else column.key
        canvas.text(column.x, y, look.label(key), style, align=column.align)
    if not grid.head_fill:
        canvas.line(grid.left, y + size * 0.6, grid.right, y + size * 0.6, width=0.9)
    return y + size * 2.2


def _row(
    canvas: Canvas, grid: InvoiceTableGrid, look: SupplierLook, invoice: Invoice, position: int, y: float
) -> float:
    line, size = invoice.lines[position - 1], look.body.size
    described = wrap(line.description, look.body, grid.description_width)
    bottom = y + size * (grid.leading + 1.2 * (len(described) - 1))
    if grid.stripe and position % 2 == 0:
        top = y - size * (grid.leading / 2 + 0.35)
        canvas.rect((grid.left, top, grid.right, top + bottom - y), fill=grid.stripe)
    for column in grid.columns:
        if column.key == "description":
            canvas.lines(column.x, y, described, look.body, leading=1.2)
        else:
            text = _cell(invoice, position, line, column.key)
            canvas.text(column.x, y, text, look.body, align=column.align)
    if grid.rules:
        rule = bottom - size * (grid.leading / 2 + 0.35)
        canvas.line(grid.left, rule, grid.right, rule, width=0.3, color=(0.75, 0.76, 0.78))
    return bottom


def _draw_carried_sum(
    canvas: Canvas, grid: InvoiceTableGrid, look: SupplierLook, invoice: Invoice, upto: int, y: float, key: str
) -> float:
    amount = sum((line.amount for line in invoice.lines[:upto]), Decimal())
    style = look.body.italic()
    canvas.text(grid.right - 130, y, look.label(key), style, align="right")
    canvas.text(grid.right - 4, y, render_number(amount, invoice.country), style, align="right")
    return y + look.body.size * grid.leading


def draw_table(
    canvas: Canvas, grid: InvoiceTableGrid, look: SupplierLook, invoice: Invoice, y: float, restart: Callable[[], float]
) -> float:
    """Draw all lines; `restart` starts the next page and returns its first baseline. Returns the next baseline."""
    y = _head(canvas, grid, look, y)
    for position in range(1, len(invoice.lines) + 1):
        if y > grid.limit:
            _draw_carried_sum(canvas, grid, look, invoice, position - 1, y, "carry")
            y = _head(canvas, grid, look, restart())
            y = _draw_carried_sum(canvas, grid, look, invoice, position - 1, y, "brought")
        y = _row(canvas, grid, look, invoice, position, y)
    return y


def page_count(
    grid: InvoiceTableGrid, look: SupplierLook, invoice: Invoice, first: float, following: float, sums: float
) -> int:
    """Return the number of pages for the table and `sums` points of sums below it, by a dry run on a scratch canvas."""
    scrap = Canvas(1, 1, {})

    def restart() -> float:
        scrap.next_page()
        return following

    y = draw_table(scrap, grid, look, invoice, first, restart)
    return scrap.page + (1 if y + sums > grid.limit + 60 else 0)


def _amount(canvas: Canvas, x: float, y: float, text: str, field: str | None, style: Style) -> None:
    canvas.text(x, y, text, style, align="right", field=field)


def sums_height(invoice: Invoice, look: SupplierLook) -> float:
    """Return the height of the block of sums in points."""
    return look.body.size * 1.7 * (len(invoice.taxes) + 3.5)


def draw_sums(canvas: Canvas, look: SupplierLook, invoice: Invoice, left: float, right: float, y: float) -> float:
    """Draw net, taxes and total between `left` and `right`; returns the next baseline."""
    step, body, country = look.body.size * 1.7, look.body, invoice.country
    canvas.text(left, y, look.label("net"), body)
    canvas.fact(right, y, "net_total", body, align="right")
    single = len(invoice.taxes) == 1
    for rate, net, tax in invoice.taxes:
        y += step
        values = {"rate": render_quantity(rate, country), "net": render_number(net, country)}
        canvas.text(left, y, look.label("tax").format(**values), body)
        _amount(canvas, right, y, render_number(tax, country), "tax_total" if single else None, body)
    if not single:
        y += step
        canvas.text(left, y, look.label("taxes"), body)
        canvas.fact(right, y, "tax_total", body, align="right")
    return _grand_total(canvas, look, invoice, left, right, y + step * 0.55)


def _grand_total(canvas: Canvas, look: SupplierLook, invoice: Invoice, left: float, right: float, y: float) -> float:
    canvas.line(left, y, right, y, width=0.8)
    y += look.body.size * 1.6
    style = look.body.bold().sized(look.body.size * 1.15)
    total, symbol = canvas.facts["total"].text, SYMBOLS[invoice.currency]
    if look.symbol_first:
        canvas.text(left, y, look.label("total"), style)
        canvas.parts(right, y, [(symbol, "currency"), (total, "total")], style, align="right")
    else:
        canvas.parts(left, y, [(look.label("total") + " ", None), (invoice.currency, "currency")], style)
        canvas.fact(right, y, "total", style, align="right")
    canvas.line(left, y + 4, right, y + 4, width=0.8)
    canvas.line(left, y + 5.6, right, y + 5.6, width=0.4)
    return y + look.body.size * 3
