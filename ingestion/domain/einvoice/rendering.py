"""HTML rendering of an e-invoice that comes without a page: all of its content, in the usual order."""

from collections.abc import Iterator
from decimal import Decimal
from html import escape

from ingestion.domain.einvoice.model import EInvoice, InvoiceLine, Party
from ingestion.domain.einvoice.rendering_labels import InvoiceLocale, locale_of
from ingestion.domain.einvoice.titles import einvoice_title

_NBSP = "\N{NO-BREAK SPACE}"
_UNIT_CODES_OF_ONE = frozenset({"C62", "H87", "EA", "XPP"})  # UN/ECE Recommendation 20: one
MAX_DRAWN_LINES = 2_000  # lines that are drawn; the sums below cover all of them
CSS = """
body { font-family: sans-serif; font-size: 9pt; }
h1 { font-size: 17pt; margin: 0 0 2pt 0; }
h2 { font-size: 9pt; margin: 0 0 2pt 0; color: #555; font-weight: normal; }
p { margin: 0 0 1pt 0; }
.notice { color: #555; font-size: 8pt; margin-bottom: 14pt; }
.name { font-size: 11pt; font-weight: bold; }
table { width: 100%; margin-top: 12pt; }
td, th { padding: 2pt 4pt; vertical-align: top; }
th { text-align: left; font-weight: bold; border-bottom: 1px solid #555; }
.end { text-align: right; }
.total { font-size: 11pt; font-weight: bold; }
"""


def invoice_html(invoice: EInvoice) -> str:
    """Return the body of the page; every text in it is escaped, and it references nothing external."""
    locale = locale_of(invoice)
    title = locale.labels["credit" if invoice.is_credit_note else "invoice"]
    notice = f"{locale.labels['notice']} ({einvoice_title(invoice)})"
    return "".join(
        (
            f"<h1>{_text(title)} {_text(invoice.number)}</h1>",
            f'<p class="notice">{_text(notice)}</p>',
            *_parties(invoice, locale),
            _pairs(_facts(invoice, locale)),
            *_lines(invoice, locale),
            _sums(_totals(invoice, locale), invoice, locale),
            _pairs(_payment(invoice, locale)),
        )
    )


def _text(text: str) -> str:
    """Escape a text and remove control characters."""
    return escape("".join(each if each.isprintable() or each == _NBSP else " " for each in text))


def _parties(invoice: EInvoice, locale: InvoiceLocale) -> Iterator[str]:
    yield "<table><tr>"
    yield f"<td>{_party(invoice.seller, locale.labels['seller'], locale)}</td>"
    yield f"<td>{_party(invoice.buyer, locale.labels['buyer'], locale)}</td>"
    yield "</tr></table>"


def _party(party: Party, title: str, locale: InvoiceLocale) -> str:
    registered = (("vat_id", party.vat_id), ("tax_number", party.tax_number))
    rows = [f"<h2>{_text(title)}</h2>", f'<p class="name">{_text(party.name)}</p>']
    rows += [f"<p>{_text(line)}</p>" for line in (*party.address, party.country) if line]
    rows += [f"<p>{_text(locale.labels[name])}: {_text(number)}</p>" for name, number in registered if number]
    return "".join(rows)


def _facts(invoice: EInvoice, locale: InvoiceLocale) -> Iterator[tuple[str, str]]:
    yield locale.labels["number"], invoice.number
    for name, day in (("issued", invoice.issued), ("due", invoice.due), ("delivered", invoice.delivered)):
        yield locale.labels[name], locale.format_date(day) if day else ""
    yield locale.labels["currency"], invoice.currency
    yield locale.labels["preceding"], ", ".join(invoice.preceding)


def _payment(invoice: EInvoice, locale: InvoiceLocale) -> Iterator[tuple[str, str]]:
    for account in invoice.payment.accounts:
        yield locale.labels["iban"], account
    yield locale.labels["bic"], invoice.payment.bic
    yield locale.labels["reference"], invoice.payment.reference


def _pairs(pairs: Iterator[tuple[str, str]]) -> str:
    rows = "".join(f"<p>{_text(title)}: {_text(value)}</p>" for title, value in pairs if value)
    return f"<p>\N{NO-BREAK SPACE}</p>{rows}" if rows else ""


def _lines(invoice: EInvoice, locale: InvoiceLocale) -> Iterator[str]:
    if not invoice.lines:
        return
    heads = ("position", "name", "quantity", "price", "rate", "net")
    yield "<table><tr>"
    yield from (f"<th{_side(name)}>{_text(locale.labels[name])}</th>" for name in heads)
    yield "</tr>"
    for line in invoice.lines[:MAX_DRAWN_LINES]:
        cells = zip(heads, _cells(line, locale), strict=True)
        yield f"<tr>{''.join(f'<td{_side(name)}>{_text(cell)}</td>' for name, cell in cells)}</tr>"
    if len(invoice.lines) > MAX_DRAWN_LINES:
        yield f"<tr><td>\N{HORIZONTAL ELLIPSIS}</td><td>+ {len(invoice.lines) - MAX_DRAWN_LINES}</td></tr>"
    yield "</table>"


def _side(name: str) -> str:
    return "" if name in ("position", "name") else ' class="end"'


def _cells(line: InvoiceLine, locale: InvoiceLocale) -> tuple[str, ...]:
    quantity = "" if line.quantity is None else f"{_plain(line.quantity, locale)} {_unit(line.unit)}".strip()
    rate = "" if line.rate is None else f"{_plain(line.rate, locale)} %"
    return (line.number, line.name, quantity, _amount(line.price, locale), rate, _amount(line.net, locale))


def _unit(code: str) -> str:
    """Return the unit's code, "" for a code that only counts pieces."""
    return "" if code in _UNIT_CODES_OF_ONE else code


def _plain(number: Decimal, locale: InvoiceLocale) -> str:
    """Format a quantity or a rate without unnecessary decimals."""
    whole = number.to_integral_value()
    return f"{whole:f}" if number == whole else locale.format_amount(number.normalize())


def _amount(amount: Decimal | None, locale: InvoiceLocale) -> str:
    return "" if amount is None else locale.format_amount(amount)


def _totals(invoice: EInvoice, locale: InvoiceLocale) -> Iterator[tuple[str, Decimal | None]]:
    totals, words = invoice.totals, locale.labels
    yield words["lines"], totals.lines
    for each in invoice.adjustments:
        title = words["charge" if each.charge else "allowance"]
        amount = each.amount if each.charge or each.amount is None else -each.amount
        yield f"{title} ({each.reason})" if each.reason else title, amount
    yield words["net_total"], totals.net
    if len(invoice.taxes) > 1:
        for share in invoice.taxes:
            rate = "" if share.rate is None else f" {_plain(share.rate, locale)} %"
            yield f"{words['tax']}{rate}", share.amount
    yield words["tax_total"], totals.tax
    yield words["gross"], totals.gross
    yield words["prepaid"], None if totals.prepaid is None else -totals.prepaid
    yield words["rounding"], totals.rounding
    yield words["payable"], totals.due


def _sums(sums: Iterator[tuple[str, Decimal | None]], invoice: EInvoice, locale: InvoiceLocale) -> str:
    gross = locale.labels["gross"]
    rows = (
        f'<tr{_strong(title == gross)}><td class="end">{_text(title)}</td>'
        f'<td class="end">{_text(f"{locale.format_amount(amount)} {invoice.currency}".strip())}</td></tr>'
        for title, amount in sums
        if amount is not None
    )
    return f"<table>{''.join(rows)}</table>"


def _strong(strong: bool) -> str:
    return ' class="total"' if strong else ""
