"""Parts shared by several invoice templates: a block of labelled facts, an address, the page footer."""

from collections.abc import Sequence

from samples.content.invoice import Invoice, SampleParty
from samples.layout.canvas import Canvas
from samples.layout.fonts import Style, wrap
from samples.layout.invoice.look import SupplierLook

INFO = (("number", "invoice_number"), ("issued", "invoice_date"), ("due", "due_date"))


def draw_info(
    canvas: Canvas, look: SupplierLook, invoice: Invoice, left: float, right: float, y: float, *, flush: bool = True
) -> float:
    """Draw number, dates and references as label and value; values end at `right` or start there."""
    align = "right" if flush else "left"
    for label, field in INFO:
        if canvas.has(field):
            canvas.text(left, y, look.label(label), look.body)
            canvas.fact(right, y, field, look.body.bold(), align=align)
            y += look.body.size * 1.5
    for label, value in (
        ("customer_number", invoice.customer_number),
        ("order", invoice.order),
        ("contact", invoice.supplier.contact),
    ):
        canvas.text(left, y, look.label(label), look.body)
        canvas.text(right, y, value, look.body, align=align)
        y += look.body.size * 1.5
    return y


def draw_customer(canvas: Canvas, invoice: Invoice, x: float, y: float, style: Style) -> float:
    """Draw the customer's name and address; returns the next baseline."""
    canvas.text(x, y, invoice.customer.name, style.bold(), field="customer")
    return canvas.lines(x, y + style.size * 1.35, _below(invoice.customer), style)


def draw_supplier(canvas: Canvas, invoice: Invoice, x: float, y: float, style: Style, *, align: str = "left") -> float:
    """Draw the supplier's name and address and record both as fields; returns the next baseline."""
    canvas.text(x, y, invoice.supplier.name, style.bold(), field="supplier", align=align)
    lines = invoice.supplier.address.lines
    return canvas.lines(x, y + style.size * 1.35, lines, style, field="supplier_address", align=align)


def _below(party: SampleParty) -> tuple[str, ...]:
    return party.contact, *party.address.lines


def draw_labelled(
    canvas: Canvas, x: float, y: float, label: str, field: str, style: Style, *, gap: str = ": "
) -> float:
    """Draw "label: value" if the field is printed at all; returns the next baseline."""
    if not canvas.has(field):
        return y
    canvas.parts(x, y, [(label + gap, None), (canvas.facts[field].text, field)], style)
    return y + style.size * 1.35


def draw_columns_foot(
    canvas: Canvas, look: SupplierLook, invoice: Invoice, left: float, right: float, y: float
) -> None:
    """Draw the footer of a business letter: company, contact, register and bank in columns."""
    small, supplier = look.small, invoice.supplier
    canvas.line(left, y - 12, right, y - 12, width=0.5, color=look.accent)
    width = (right - left) / 3
    firm = wrap(supplier.name, small, width - 10)
    canvas.lines(left, y, (*firm, f"www.{supplier.host}", f"office@{supplier.host}"), small)
    middle = left + width
    below = draw_labelled(canvas, middle, y, look.label("vat_id"), "vat_id", small)
    canvas.lines(middle, below, (invoice.register, f"{look.label('phone')} {supplier.phone}"), small)
    last = left + 2 * width + 8
    canvas.text(last, y, look.label("bank"), small.bold())
    draw_labelled(canvas, last, y + small.size * 1.35, "IBAN", "iban", small, gap=" ")


def draw_page_number(canvas: Canvas, look: SupplierLook, x: float, y: float, page: int, pages: int) -> None:
    """Draw "page 1 of 2"."""
    canvas.text(x, y, look.label("page").format(page=page, pages=pages), look.small, align="right")


def closing(look: SupplierLook, invoice: Invoice) -> Sequence[str]:
    """Return the sentences below the sums."""
    revision = (look.label("revision"),) if invoice.revision else ()
    return (*revision, look.label("thanks"), look.label("terms"))
