"""Modern invoice: a coloured band across the head, two columns of parties, a striped table."""

from random import Random

from samples.content.invoice import Invoice
from samples.layout.canvas import Canvas
from samples.layout.fonts import WHITE, Style, text_width
from samples.layout.invoice.look import SupplierLook, draw_look
from samples.layout.invoice.parts import closing, draw_customer, draw_labelled, draw_page_number, draw_supplier
from samples.layout.invoice.table import InvoiceColumn, InvoiceTableGrid, draw_sums, draw_table, page_count, sums_height
from samples.layout.marks import draw_logo, lighter

LEFT, RIGHT = 46.0, 549.0
FACTS = (("number", "invoice_number"), ("issued", "invoice_date"), ("due", "due_date"))


def _grid(look: SupplierLook) -> InvoiceTableGrid:
    columns = (
        InvoiceColumn("description", LEFT + 8),
        InvoiceColumn("quantity_unit", 350, "right"),
        InvoiceColumn("price", 432, "right"),
        InvoiceColumn("rate", 474, "right"),
        InvoiceColumn("amount", RIGHT - 8, "right"),
    )
    stripe = lighter(look.accent, 0.93)
    return InvoiceTableGrid(LEFT, RIGHT, columns, 222, 742, 2.0, look.accent, WHITE, stripe, rules=False)


def _band(canvas: Canvas, look: SupplierLook, invoice: Invoice) -> None:
    canvas.rect((0, 0, canvas.width, 92), fill=look.accent)
    canvas.rect((LEFT - 6, 22, LEFT + 42, 70), fill=WHITE, radius=0.15)
    draw_logo(canvas, LEFT, 28, 36, invoice.supplier.name, look.accent)
    title = Style(look.body.family, 25, "bold", WHITE)
    canvas.text(RIGHT, 57, look.label("title").upper(), title, align="right")
    name = Style(look.body.family, 13, "bold", WHITE)
    room = RIGHT - text_width(look.label("title").upper(), title) - LEFT - 76
    size = min(13.0, 13.0 * room / text_width(invoice.supplier.name, name))
    canvas.text(LEFT + 56, 52, invoice.supplier.name, name.sized(size))


def _parties(canvas: Canvas, look: SupplierLook, invoice: Invoice) -> None:
    caption = look.body.bold().sized(8).colored(look.accent)
    canvas.text(LEFT, 124, look.label("from").upper(), caption)
    y = draw_supplier(canvas, invoice, LEFT, 139, look.body)
    canvas.lines(
        LEFT, y, (f"{look.label('phone')} {invoice.supplier.phone}", f"mail@{invoice.supplier.host}"), look.body
    )
    canvas.text(306, 124, look.label("bill_to").upper(), caption)
    draw_customer(canvas, invoice, 306, 139, look.body)


def _facts(canvas: Canvas, look: SupplierLook, invoice: Invoice) -> None:
    canvas.rect((LEFT, 216, RIGHT, 258), fill=lighter(look.accent, 0.9))
    caption = look.body.sized(7.6).colored(look.accent)
    x = LEFT + 10
    for label, field in FACTS:
        if canvas.has(field):
            canvas.text(x, 231, look.label(label), caption)
            canvas.fact(x, 248, field, look.body.bold().sized(10.5))
        x += 128
    canvas.text(x, 231, look.label("customer_number"), caption)
    canvas.text(x, 248, invoice.customer_number, look.body.sized(10.5))


def _foot(canvas: Canvas, look: SupplierLook, invoice: Invoice, pages: int) -> None:
    canvas.rect((0, 800, canvas.width, canvas.height), fill=lighter(look.accent, 0.9))
    draw_page_number(canvas, look, RIGHT, 824, canvas.page, pages)
    canvas.text(LEFT, 824, f"{invoice.supplier.name}  |  {invoice.register}", look.small)


def _payment(canvas: Canvas, look: SupplierLook, y: float) -> None:
    canvas.text(LEFT, y, look.label("bank"), look.body.bold().colored(look.accent))
    y = draw_labelled(canvas, LEFT, y + 16, "IBAN", "iban", look.body)
    draw_labelled(canvas, LEFT, y + 2, look.label("vat_id"), "vat_id", look.body)


def draw_band(rng: Random, invoice: Invoice, canvas: Canvas) -> None:
    """Draw the invoice under a coloured band."""
    look = draw_look(rng, invoice, rng.choice(("fira", "ubuntu", "noto")), 9.0)
    grid = _grid(look)
    pages = page_count(grid, look, invoice, 292, 80, sums_height(invoice, look))

    def restart() -> float:
        _foot(canvas, look, invoice, pages)
        canvas.next_page()
        canvas.rect((0, 0, canvas.width, 18), fill=look.accent)
        return 80

    _band(canvas, look, invoice)
    _parties(canvas, look, invoice)
    _facts(canvas, look, invoice)
    y = draw_table(canvas, grid, look, invoice, 292, restart)
    y = restart() if y + sums_height(invoice, look) > grid.limit + 60 else y + 10
    _payment(canvas, look, y)
    y = draw_sums(canvas, look, invoice, 322, RIGHT - 8, y)
    canvas.lines(LEFT, min(y + 6, 772), closing(look, invoice)[:2], look.body, leading=1.5)
    _foot(canvas, look, invoice, pages)
