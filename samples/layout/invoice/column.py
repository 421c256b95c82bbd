"""Invoice of a small studio: a narrow column of facts on the left, much white space, hairlines."""

from random import Random

from samples.content.invoice import Invoice
from samples.layout.canvas import Canvas
from samples.layout.fonts import wrap
from samples.layout.invoice.look import SupplierLook, draw_look
from samples.layout.invoice.parts import closing, draw_customer, draw_page_number
from samples.layout.invoice.table import InvoiceColumn, InvoiceTableGrid, draw_sums, draw_table, page_count, sums_height
from samples.layout.marks import draw_logo, lighter

LEFT, MAIN, RIGHT = 44.0, 206.0, 551.0
WIDTH = 136.0
FACTS = (("number", "invoice_number"), ("issued", "invoice_date"), ("due", "due_date"), ("vat_id", "vat_id"))


def _grid() -> InvoiceTableGrid:
    columns = (
        InvoiceColumn("description", MAIN),
        InvoiceColumn("quantity_unit", 416, "right"),
        InvoiceColumn("price", 484, "right"),
        InvoiceColumn("amount", RIGHT, "right"),
    )
    return InvoiceTableGrid(MAIN, RIGHT, columns, 142, 726, 2.1)


def _side(canvas: Canvas, look: SupplierLook, invoice: Invoice) -> None:
    caption, supplier = look.body.sized(7.4).colored(look.accent), invoice.supplier
    y = canvas.lines(LEFT, 128, wrap(supplier.name, look.body.bold(), WIDTH), look.body.bold(), field="supplier")
    y = canvas.lines(LEFT, y, supplier.address.lines, look.body, field="supplier_address")
    y = canvas.lines(LEFT, y + 4, (supplier.phone, f"hello@{supplier.host}"), look.body.sized(7.6)) + 16
    for label, field in FACTS:
        if canvas.has(field):
            canvas.text(LEFT, y, look.label(label), caption)
            canvas.fact(LEFT, y + 12, field, look.body)
            y += 31
    canvas.text(LEFT, y, look.label("order"), caption)
    canvas.text(LEFT, y + 12, invoice.order, look.body)
    y += 31
    canvas.text(LEFT, y, look.label("bank"), caption)
    if canvas.has("iban"):
        iban = wrap(canvas.facts["iban"].text, look.body.sized(8.2), WIDTH)
        canvas.lines(LEFT, y + 12, iban, look.body.sized(8.2), field="iban")
    canvas.lines(LEFT, 796, wrap(invoice.register, look.small, WIDTH), look.small)


def draw_column(rng: Random, invoice: Invoice, canvas: Canvas) -> None:
    """Draw the invoice beside a column of facts."""
    look = draw_look(rng, invoice, rng.choice(("fira", "helvetica", "times")), 8.8)
    grid = _grid()
    pages = page_count(grid, look, invoice, 300, 110, sums_height(invoice, look))

    def restart() -> float:
        draw_page_number(canvas, look, RIGHT, 808, canvas.page, pages)
        canvas.next_page()
        canvas.rect((0, 0, 184, canvas.height), fill=lighter(look.accent, 0.94))
        draw_logo(canvas, LEFT, 46, 30, invoice.supplier.name, look.accent)
        return 110

    canvas.rect((0, 0, 184, canvas.height), fill=lighter(look.accent, 0.94))
    draw_logo(canvas, LEFT, 46, 52, invoice.supplier.name, look.accent)
    _side(canvas, look, invoice)
    canvas.text(MAIN, 86, look.label("title"), look.body.sized(26).colored(look.accent))
    canvas.text(MAIN, 140, look.label("bill_to"), look.body.sized(7.4).colored(look.accent))
    draw_customer(canvas, invoice, MAIN, 156, look.body.sized(10))
    canvas.lines(MAIN, 252, (closing(look, invoice)[0],), look.body)
    y = draw_table(canvas, grid, look, invoice, 300, restart)
    y = restart() if y + sums_height(invoice, look) > grid.limit + 60 else y + 8
    y = draw_sums(canvas, look, invoice, 350, RIGHT, y)
    canvas.lines(MAIN, y + 10, wrap(look.label("terms"), look.small, RIGHT - MAIN), look.small)
    draw_page_number(canvas, look, RIGHT, 808, canvas.page, pages)
