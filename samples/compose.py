"""From a kind and a stream to a drawing: content, flaws and a template, composed for each kind of document."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from samples.content.discharge import discharge_facts, make_discharge_letter
from samples.content.identity import identity_facts, make_identity_document
from samples.content.invoice import COUNTRIES as INVOICE_COUNTRIES
from samples.content.invoice import Invoice, contradicting, invoice_facts, make_invoice, revised
from samples.content.lab import COUNTRIES as LAB_COUNTRIES
from samples.content.lab import lab_facts, make_lab_report
from samples.content.printed import Facts, render_date
from samples.content.receipt import COUNTRIES as RECEIPT_COUNTRIES
from samples.content.receipt import make_receipt, receipt_facts
from samples.content.xml import invoice_xml, xml_fields
from samples.flaws import spoil
from samples.layout.canvas import A4, LETTER, Canvas
from samples.layout.clinical.lab import draw_gauges, draw_ruled
from samples.layout.clinical.letter import draw_form, draw_letter
from samples.layout.drawing import Drawing
from samples.layout.invoice.band import draw_band
from samples.layout.invoice.column import draw_column
from samples.layout.invoice.ledger import draw_ledger
from samples.layout.invoice.letter import draw_letter as draw_business_letter
from samples.layout.labels import INVOICE
from samples.layout.marks import draw_stamp
from samples.layout.receipt.grocery import draw_grocery
from samples.layout.receipt.ledger import draw_cash_bill
from samples.layout.receipt.slip import LONGEST, WIDTH
from samples.layout.receipt.table import draw_table_bill
from samples.layout.travel.pages import CARD_SHEET, PASSPORT, draw_card, draw_passport
from samples.seeds import stream

INVOICE_TEMPLATES: dict[str, Callable[[Random, Invoice, Canvas], None]] = {
    "letter": draw_business_letter,
    "band": draw_band,
    "ledger": draw_ledger,
    "column": draw_column,
}
RECEIPT_TEMPLATES = {"grocery": draw_grocery, "cash_bill": draw_cash_bill, "table_bill": draw_table_bill}
LAB_TEMPLATES = {"ruled": draw_ruled, "gauges": draw_gauges}
DISCHARGE_TEMPLATES = {"letter": draw_letter, "form": draw_form}
TRAVEL_TEMPLATES = {"card": ("ID", draw_card, CARD_SHEET), "passport": ("P", draw_passport, PASSPORT)}
ENGLISH = ("GB", "US", "MY", "IE")
Table = tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of one document; None leaves it to the stream. `scan` also allows a received stamp."""

    seed: int
    index: int
    flaws: tuple[str, ...] = ()
    scan: bool = False
    country: str | None = None
    template: str | None = None
    long: bool | None = None

    def rng(self, part: str) -> Random:
        """The stream of one part of this document: changing one part leaves the others as they are."""
        return stream(self.seed, self.index, part)

    def country_of(self, countries: tuple[str, ...]) -> str:
        """The country: as wished, else drawn; an ambiguous date needs one that writes in English."""
        if self.country:
            return self.country
        if "ambiguous_date" in self.flaws:
            countries = tuple(country for country in countries if country in ENGLISH)
        return self.rng("country").choice(countries)


@dataclass(frozen=True, slots=True)
class Composed:
    """A drawing with the facts it prints; `lines` and `tests` are tables for the truth."""

    drawing: Drawing
    facts: Facts
    family: str
    language: str
    lines: Table = ()
    tests: Table = ()
    xml: bytes = b""
    xml_fields: dict[str, str] = field(default_factory=dict)


def _spoiled(facts: Facts, kind: str, wish: Wish, country: str, style: str) -> Facts:
    for flaw in wish.flaws:
        facts = spoil(facts, kind, flaw, wish.rng(flaw), country=country, style=style)
    return facts


def _template(wish: Wish, templates: Collection[str]) -> str:
    return wish.template or wish.rng("template").choice(sorted(templates))


def _lines(invoice: Invoice) -> Table:
    return tuple(
        {
            "description": line.description,
            "quantity": str(line.quantity),
            "unit": line.unit,
            "unit_price": f"{line.price:.2f}",
            "tax_rate": str(line.rate),
            "amount": f"{line.amount:.2f}",
        }
        for line in invoice.lines
    )


def _received(wish: Wish, invoice: Invoice, canvas: Canvas) -> None:
    """Put the customer's received stamp on some of the papers that went through an office."""
    rng = wish.rng("stamp")
    if not wish.scan or rng.random() > 0.35:
        return
    day = invoice.issued + timedelta(days=rng.randint(1, 6))
    text = day.strftime("%d.%m.%Y") if invoice.language != "en" else render_date(day, "{d} {s} {y}", "en").upper()
    draw_stamp(
        canvas, rng, rng.uniform(300, 400), rng.uniform(655, 690), (INVOICE[invoice.language]["received"][0], text)
    )


def _compose_invoice(wish: Wish) -> Composed:
    invoice = make_invoice(wish.rng("content"), wish.country_of(INVOICE_COUNTRIES), long=wish.long)
    if "newer_version" in wish.flaws:
        invoice = revised(invoice, wish.rng("revision"))
    if "contradiction" in wish.flaws:
        invoice = contradicting(invoice, wish.rng("contradiction"))
    facts = _spoiled(invoice_facts(invoice), "invoice", wish, invoice.country, invoice.style)
    name = _template(wish, INVOICE_TEMPLATES)
    canvas = Canvas(*A4, facts)
    INVOICE_TEMPLATES[name](wish.rng("layout"), invoice, canvas)
    _received(wish, invoice, canvas)
    return Composed(
        canvas.finish(),
        facts,
        f"invoice/{name}",
        invoice.language,
        lines=_lines(invoice),
        xml=invoice_xml(invoice),
        xml_fields=xml_fields(invoice),
    )


def _compose_receipt(wish: Wish) -> Composed:
    receipt = make_receipt(wish.rng("content"), wish.country_of(RECEIPT_COUNTRIES))
    facts = _spoiled(receipt_facts(receipt), "receipt", wish, receipt.country, receipt.style)
    name = _template(wish, RECEIPT_TEMPLATES)
    canvas = Canvas(WIDTH, LONGEST, facts)
    height = RECEIPT_TEMPLATES[name](wish.rng("layout"), receipt, canvas)
    return Composed(canvas.finish(height=height), facts, f"receipt/{name}", receipt.language)


def _compose_lab(wish: Wish) -> Composed:
    report = make_lab_report(wish.rng("content"), wish.country_of(LAB_COUNTRIES))
    facts = _spoiled(lab_facts(report), "lab_report", wish, report.country, report.style)
    name = _template(wish, LAB_TEMPLATES)
    canvas = Canvas(*(LETTER if report.country == "US" else A4), facts)
    LAB_TEMPLATES[name](wish.rng("layout"), report, canvas)
    tests = tuple(
        {"name": r.name, "value": r.value, "unit": r.unit, "reference": r.reference, "flag": r.flag}
        for r in report.results
    )
    return Composed(canvas.finish(), facts, f"lab_report/{name}", report.language, tests=tests)


def _compose_discharge(wish: Wish) -> Composed:
    letter = make_discharge_letter(wish.rng("content"))
    facts = _spoiled(discharge_facts(letter), "discharge_letter", wish, "US", letter.style)
    name = _template(wish, DISCHARGE_TEMPLATES)
    canvas = Canvas(*LETTER, facts)
    DISCHARGE_TEMPLATES[name](wish.rng("layout"), letter, canvas)
    return Composed(canvas.finish(), facts, f"discharge_letter/{name}", "en")


def _compose_identity(wish: Wish) -> Composed:
    name = _template(wish, TRAVEL_TEMPLATES)
    code, draw, size = TRAVEL_TEMPLATES[name]
    document = make_identity_document(wish.rng("content"), code)
    facts = _spoiled(identity_facts(document), "identity_document", wish, "GB", document.style)
    canvas = Canvas(*size, facts)
    draw(wish.rng("layout"), document, canvas)
    return Composed(canvas.finish(), facts, f"identity_document/{name}", "en")


_COMPOSERS: dict[str, Callable[[Wish], Composed]] = {
    "invoice": _compose_invoice,
    "receipt": _compose_receipt,
    "lab_report": _compose_lab,
    "discharge_letter": _compose_discharge,
    "identity_document": _compose_identity,
}


def compose(kind: str, wish: Wish) -> Composed:
    """Compose a document of `kind`; raises KeyError for an unknown kind, ValueError for a flaw it cannot have."""
    return _COMPOSERS[kind](wish)
