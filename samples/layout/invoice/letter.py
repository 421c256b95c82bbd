"""Business letter of DIN 5008: window address left, facts right, bank and register in the footer."""

from random import Random

from samples.content.invoice import Invoice
from samples.layout.canvas import Canvas
from samples.layout.fonts import Style, text_width
from samples.layout.invoice.look import SupplierLook, draw_look
from samples.layout.invoice.parts import closing, draw_columns_foot, draw_customer, draw_info, draw_page_number
from samples.layout.invoice.table import InvoiceColumn, InvoiceTableGrid, draw_sums, draw_table, page_count, sums_height
from samples.layout.marks import draw_logo

LEFT, RIGHT = 62.0, 538.0
FOOT = 778.0


def _grid() -> InvoiceTableGrid:
    columns = (
        InvoiceColumn("position", LEFT + 2),
        InvoiceColumn("description", LEFT + 30),
        InvoiceColumn("quantity", 336, "right"),
        InvoiceColumn("unit", 345),
        InvoiceColumn("price", 440, "right"),
        InvoiceColumn("rate", 476, "right"),
        InvoiceColumn("amount", RIGHT - 2, "right"),
    )
    return InvoiceTableGrid(LEFT, RIGHT, columns, description_width=204, limit=FOOT - 50)


def _head(canvas: Canvas, look: SupplierLook, invoice: Invoice) -> None:
    supplier = invoice.supplier
    title = Style(look.body.family, 17, "bold", look.accent)
    width = text_width(supplier.name, title)
    size = title.size if width < 330 else title.size * 330 / width
    draw_logo(canvas, RIGHT - 42, 36, 42, supplier.name, look.accent)
    canvas.text(RIGHT - 52, 62, supplier.name, title.sized(size), align="right", field="supplier")
    sender = look.small.sized(6.8)
    pieces: list[tuple[str, str | None]] = [(f"{supplier.name}  ·  ", None)]
    for index, line in enumerate(supplier.address.lines):
        pieces += [("  ·  ", None)] if index else []
        pieces.append((line, "supplier_address"))
    if canvas.has("supplier_address"):
        canvas.parts(LEFT, 142, pieces, sender)
        canvas.line(LEFT, 145, LEFT + 235, 145, width=0.3)


def draw_letter(rng: Random, invoice: Invoice, canvas: Canvas) -> None:
    """Draw the invoice as a business letter."""
    look = draw_look(rng, invoice, rng.choice(("helvetica", "noto", "times")), 9.2)
    grid = _grid()
    pages = page_count(grid, look, invoice, 372, 110, sums_height(invoice, look))

    def foot() -> None:
        draw_columns_foot(canvas, look, invoice, LEFT, RIGHT, FOOT)
        draw_page_number(canvas, look, RIGHT, FOOT - 18, canvas.page, pages)

    def restart() -> float:
        foot()
        canvas.next_page()
        canvas.text(LEFT, 70, invoice.supplier.name, look.body.bold())
        return 110

    _head(canvas, look, invoice)
    draw_customer(canvas, invoice, LEFT, 162, look.body.sized(10))
    draw_info(canvas, look, invoice, 350, RIGHT, 152)
    canvas.text(LEFT, 300, look.label("title"), look.body.bold().sized(15))
    canvas.lines(LEFT, 326, (look.label("revision"),) if invoice.revision else (look.label("greeting"),), look.body)
    y = draw_table(canvas, grid, look, invoice, 372, restart)
    y = restart() if y + sums_height(invoice, look) > grid.limit + 60 else y + 6
    y = draw_sums(canvas, look, invoice, 330, RIGHT - 2, y)
    canvas.lines(LEFT, min(y, grid.limit + 18), closing(look, invoice)[-2:], look.body, leading=1.5)
    foot()
