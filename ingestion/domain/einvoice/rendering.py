"""An e-invoice that comes without a page, as HTML to draw one from: all that it says, in the usual order."""

from collections.abc import Iterator
from decimal import Decimal
from html import escape

from ingestion.domain.einvoice.model import EInvoice, Line, Party
from ingestion.domain.einvoice.rendering_labels import Manner, manner_of
from ingestion.domain.einvoice.titles import title_of_einvoice

_TOGETHER = "\N{NO-BREAK SPACE}"
_PIECES = frozenset({"C62", "H87", "EA", "XPP"})  # UN/ECE Recommendation 20: one
LINES_TO = 2_000  # lines that are drawn; the sums below them stand for all
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
    """Write the body of the page; every text in it is escaped, and nothing in it refers elsewhere."""
    manner = manner_of(invoice)
    title = manner.words["credit" if invoice.credits else "invoice"]
    notice = f"{manner.words['notice']} ({title_of_einvoice(invoice)})"
    return "".join(
        (
            f"<h1>{_text(title)} {_text(invoice.number)}</h1>",
            f'<p class="notice">{_text(notice)}</p>',
            *_parties(invoice, manner),
            _pairs(_facts(invoice, manner)),
            *_lines(invoice, manner),
            _sums(_totals(invoice, manner), invoice, manner),
            _pairs(_payment(invoice, manner)),
        )
    )


def _text(text: str) -> str:
    """Escape a text, without the characters that steer what prints them."""
    return escape("".join(each if each.isprintable() or each == _TOGETHER else " " for each in text))


def _parties(invoice: EInvoice, manner: Manner) -> Iterator[str]:
    yield "<table><tr>"
    yield f"<td>{_party(invoice.seller, manner.words['seller'], manner)}</td>"
    yield f"<td>{_party(invoice.buyer, manner.words['buyer'], manner)}</td>"
    yield "</tr></table>"


def _party(party: Party, title: str, manner: Manner) -> str:
    registered = (("vat_id", party.vat_id), ("tax_number", party.tax_number))
    rows = [f"<h2>{_text(title)}</h2>", f'<p class="name">{_text(party.name)}</p>']
    rows += [f"<p>{_text(line)}</p>" for line in (*party.address, party.country) if line]
    rows += [f"<p>{_text(manner.words[name])}: {_text(number)}</p>" for name, number in registered if number]
    return "".join(rows)


def _facts(invoice: EInvoice, manner: Manner) -> Iterator[tuple[str, str]]:
    yield manner.words["number"], invoice.number
    for name, day in (("issued", invoice.issued), ("due", invoice.due), ("delivered", invoice.delivered)):
        yield manner.words[name], manner.day(day) if day else ""
    yield manner.words["currency"], invoice.currency
    yield manner.words["preceding"], ", ".join(invoice.preceding)


def _payment(invoice: EInvoice, manner: Manner) -> Iterator[tuple[str, str]]:
    for account in invoice.payment.accounts:
        yield manner.words["iban"], account
    yield manner.words["bic"], invoice.payment.bic
    yield manner.words["reference"], invoice.payment.reference


def _pairs(pairs: Iterator[tuple[str, str]]) -> str:
    rows = "".join(f"<p>{_text(title)}: {_text(value)}</p>" for title, value in pairs if value)
    return f"<p>\N{NO-BREAK SPACE}</p>{rows}" if rows else ""


def _lines(invoice: EInvoice, manner: Manner) -> Iterator[str]:
    if not invoice.lines:
        return
    heads = ("position", "name", "quantity", "price", "rate", "net")
    yield "<table><tr>"
    yield from (f"<th{_side(name)}>{_text(manner.words[name])}</th>" for name in heads)
    yield "</tr>"
    for line in invoice.lines[:LINES_TO]:
        cells = zip(heads, _cells(line, manner), strict=True)
        yield f"<tr>{''.join(f'<td{_side(name)}>{_text(cell)}</td>' for name, cell in cells)}</tr>"
    if len(invoice.lines) > LINES_TO:
        yield f"<tr><td>\N{HORIZONTAL ELLIPSIS}</td><td>+ {len(invoice.lines) - LINES_TO}</td></tr>"
    yield "</table>"


def _side(name: str) -> str:
    return "" if name in ("position", "name") else ' class="end"'


def _cells(line: Line, manner: Manner) -> tuple[str, ...]:
    quantity = "" if line.quantity is None else f"{_plain(line.quantity, manner)} {_unit(line.unit)}".strip()
    rate = "" if line.rate is None else f"{_plain(line.rate, manner)} %"
    return (line.number, line.name, quantity, _amount(line.price, manner), rate, _amount(line.net, manner))


def _unit(code: str) -> str:
    """Leave out the code that says no more than the number does."""
    return "" if code in _PIECES else code


def _plain(number: Decimal, manner: Manner) -> str:
    """Write a quantity or a rate without needless decimals."""
    whole = number.to_integral_value()
    return f"{whole:f}" if number == whole else manner.amount(number.normalize())


def _amount(amount: Decimal | None, manner: Manner) -> str:
    return "" if amount is None else manner.amount(amount)


def _totals(invoice: EInvoice, manner: Manner) -> Iterator[tuple[str, Decimal | None]]:
    totals, words = invoice.totals, manner.words
    yield words["lines"], totals.lines
    for each in invoice.adjustments:
        title = words["charge" if each.charge else "allowance"]
        amount = each.amount if each.charge or each.amount is None else -each.amount
        yield f"{title} ({each.reason})" if each.reason else title, amount
    yield words["net_total"], totals.net
    if len(invoice.taxes) > 1:
        for share in invoice.taxes:
            rate = "" if share.rate is None else f" {_plain(share.rate, manner)} %"
            yield f"{words['tax']}{rate}", share.amount
    yield words["tax_total"], totals.tax
    yield words["gross"], totals.gross
    yield words["prepaid"], None if totals.prepaid is None else -totals.prepaid
    yield words["rounding"], totals.rounding
    yield words["payable"], totals.due


def _sums(sums: Iterator[tuple[str, Decimal | None]], invoice: EInvoice, manner: Manner) -> str:
    gross = manner.words["gross"]
    rows = (
        f'<tr{_strong(title == gross)}><td class="end">{_text(title)}</td>'
        f'<td class="end">{_text(f"{manner.amount(amount)} {invoice.currency}".strip())}</td></tr>'
        for title, amount in sums
        if amount is not None
    )
    return f"<table>{''.join(rows)}</table>"


def _strong(strong: bool) -> str:
    return ' class="total"' if strong else ""
