"""Invoice of an old accounting program: ruled boxes, captions above values, a single font weight."""

from random import Random

from samples.content.invoice import Invoice
from samples.layout.canvas import Canvas
from samples.layout.fonts import BLACK
from samples.layout.invoice.look import SupplierLook, draw_look
from samples.layout.invoice.parts import closing, draw_customer, draw_labelled, draw_page_number, draw_supplier
from samples.layout.invoice.table import InvoiceColumn, InvoiceTableGrid, draw_sums, draw_table, page_count, sums_height

LEFT, RIGHT = 40.0, 555.0
CELLS = (("number", "invoice_number"), ("issued", "invoice_date"), ("due", "due_date"), ("vat_id", "vat_id"))


def _grid() -> InvoiceTableGrid:
    columns = (
        InvoiceColumn("position", LEFT + 4),
        InvoiceColumn("description", LEFT + 34),
        InvoiceColumn("quantity", 338, "right"),
        InvoiceColumn("unit", 348),
        InvoiceColumn("price", 446, "right"),
        InvoiceColumn("rate", 486, "right"),
        InvoiceColumn("amount", RIGHT - 4, "right"),
    )
    return InvoiceTableGrid(LEFT, RIGHT, columns, 206, 730, 1.6, (0.88, 0.88, 0.88), BLACK, rules=False)


def _boxes(canvas: Canvas, look: SupplierLook, invoice: Invoice) -> None:
    canvas.rect((LEFT, 92, 292, 186), stroke=BLACK)
    canvas.rect((303, 92, RIGHT, 186), stroke=BLACK)
    canvas.text(LEFT + 6, 104, look.label("from"), look.small)
    y = draw_supplier(canvas, invoice, LEFT + 6, 121, look.body)
    canvas.lines(LEFT + 6, y, (f"{look.label('phone')} {invoice.supplier.phone}",), look.body)
    canvas.text(309, 104, look.label("bill_to"), look.small)
    draw_customer(canvas, invoice, 309, 121, look.body)
    width = (RIGHT - LEFT) / len(CELLS)
    for index, (label, field) in enumerate(CELLS):
        x = LEFT + index * width
        canvas.rect((x, 196, x + width, 232), stroke=BLACK)
        if canvas.has(field):
            canvas.text(x + 5, 207, look.label(label), look.small)
            canvas.fact(x + 5, 224, field, look.body)


def _reference(canvas: Canvas, look: SupplierLook, invoice: Invoice) -> None:
    pairs = (
        ("customer_number", invoice.customer_number),
        ("order", invoice.order),
        ("contact", invoice.supplier.contact),
    )
    x = LEFT + 5
    for label, value in pairs:
        x = canvas.text(x, 252, f"{look.label(label)}: {value}", look.body) + 26


def draw_ledger(rng: Random, invoice: Invoice, canvas: Canvas) -> None:
    """Draw the invoice in ruled boxes."""
    family = rng.choice(("courier", "helvetica", "ubuntu-mono"))
    look = draw_look(rng, invoice, family, 8.0 if family == "courier" else 9.0)
    grid = _grid()
    pages = page_count(grid, look, invoice, 284, 110, sums_height(invoice, look))

    def head() -> None:
        canvas.text(LEFT, 68, look.label("title").upper(), look.body.bold().sized(19))
        draw_page_number(canvas, look, RIGHT, 66, canvas.page, pages)
        canvas.line(LEFT, 78, RIGHT, 78, width=1.4)

    def frame(bottom: float) -> None:
        canvas.rect((LEFT, 270 if canvas.page == 1 else 96, RIGHT, bottom), stroke=BLACK)

    def restart() -> float:
        canvas.next_page()
        head()
        return 110

    def go_on() -> float:
        frame(grid.limit + 30)
        return restart()

    head()
    _boxes(canvas, look, invoice)
    _reference(canvas, look, invoice)
    y = draw_table(canvas, grid, look, invoice, 284, go_on)
    frame(y - 4)
    y = restart() if y + sums_height(invoice, look) > grid.limit + 60 else y + 16
    start = y
    y = draw_sums(canvas, look, invoice, 322, RIGHT - 6, y)
    canvas.text(LEFT, start, look.label("bank"), look.body.bold())
    draw_labelled(canvas, LEFT, start + 14, "IBAN", "iban", look.body)
    canvas.lines(LEFT, y + 4, closing(look, invoice), look.body)
    canvas.text(LEFT, 812, f"{invoice.supplier.name} - {invoice.register}", look.small)
