"""Composition of a drawing from a kind and a random stream: content, flaws and a template for each kind."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from samples.content.discharge import discharge_facts, make_discharge_letter
from samples.content.identity import identity_facts, make_identity_document
from samples.content.invoice import COUNTRIES as INVOICE_COUNTRIES
from samples.content.invoice import Invoice, contradicting_invoice, invoice_facts, make_invoice, revised_invoice
from samples.content.lab import COUNTRIES as LAB_COUNTRIES
from samples.content.lab import lab_facts, make_lab_report
from samples.content.printed import Facts, render_date
from samples.content.receipt import COUNTRIES as RECEIPT_COUNTRIES
from samples.content.receipt import make_receipt, receipt_facts
from samples.content.xml import invoice_xml, xml_fields
from samples.flaws import apply_flaw
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
from samples.seeds import random_stream

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
TruthTable = tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """Requested properties of a document; None leaves one to the stream. `scan` also allows a received stamp."""

    seed: int
    index: int
    flaws: tuple[str, ...] = ()
    scan: bool = False
    country: str | None = None
    template: str | None = None
    long: bool | None = None

    def rng(self, part: str) -> Random:
        """Return the stream of one part of this document: changing one part leaves the others unchanged."""
        return random_stream(self.seed, self.index, part)

    def country_of(self, countries: tuple[str, ...]) -> str:
        """Return the requested country, else a random one; an ambiguous date needs one that writes in English."""
        if self.country:
            return self.country
        if "ambiguous_date" in self.flaws:
            countries = tuple(country for country in countries if country in ENGLISH)
        return self.rng("country").choice(countries)


@dataclass(frozen=True, slots=True)
class ComposedSample:
    """Drawing with the facts it prints; `lines` and `tests` are tables for the ground truth."""

    drawing: Drawing
    facts: Facts
    family: str
    language: str
    lines: TruthTable = ()
    tests: TruthTable = ()
    xml: bytes = b""
    xml_fields: dict[str, str] = field(default_factory=dict)


def _facts_with_flaws(facts: Facts, kind: str, request: SampleRequest, country: str, style: str) -> Facts:
    for flaw in request.flaws:
        facts = apply_flaw(facts, kind, flaw, request.rng(flaw), country=country, style=style)
    return facts


def _template(request: SampleRequest, templates: Collection[str]) -> str:
    return request.template or request.rng("template").choice(sorted(templates))


def _lines(invoice: Invoice) -> TruthTable:
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


def _received(request: SampleRequest, invoice: Invoice, canvas: Canvas) -> None:
    """Draw the customer's received stamp on some of the invoices that were scanned."""
    rng = request.rng("stamp")
    if not request.scan or rng.random() > 0.35:
        return
    day = invoice.issued + timedelta(days=rng.randint(1, 6))
    text = day.strftime("%d.%m.%Y") if invoice.language != "en" else render_date(day, "{d} {s} {y}", "en").upper()
    draw_stamp(
        canvas, rng, rng.uniform(300, 400), rng.uniform(655, 690), (INVOICE[invoice.language]["received"][0], text)
    )


def _compose_invoice(request: SampleRequest) -> ComposedSample:
    invoice = make_invoice(request.rng("content"), request.country_of(INVOICE_COUNTRIES), long=request.long)
    if "newer_version" in request.flaws:
        invoice = revised_invoice(invoice, request.rng("revision"))
    if "contradiction" in request.flaws:
        invoice = contradicting_invoice(invoice, request.rng("contradiction"))
    facts = _facts_with_flaws(invoice_facts(invoice), "invoice", request, invoice.country, invoice.style)
    name = _template(request, INVOICE_TEMPLATES)
    canvas = Canvas(*A4, facts)
    INVOICE_TEMPLATES[name](request.rng("layout"), invoice, canvas)
    _received(request, invoice, canvas)
    return ComposedSample(
        canvas.finish(),
        facts,
        f"invoice/{name}",
        invoice.language,
        lines=_lines(invoice),
        xml=invoice_xml(invoice),
        xml_fields=xml_fields(invoice),
    )


def _compose_receipt(request: SampleRequest) -> ComposedSample:
    receipt = make_receipt(request.rng("content"), request.country_of(RECEIPT_COUNTRIES))
    facts = _facts_with_flaws(receipt_facts(receipt), "receipt", request, receipt.country, receipt.style)
    name = _template(request, RECEIPT_TEMPLATES)
    canvas = Canvas(WIDTH, LONGEST, facts)
    height = RECEIPT_TEMPLATES[name](request.rng("layout"), receipt, canvas)
    return ComposedSample(canvas.finish(height=height), facts, f"receipt/{name}", receipt.language)


def _compose_lab(request: SampleRequest) -> ComposedSample:
    report = make_lab_report(request.rng("content"), request.country_of(LAB_COUNTRIES))
    facts = _facts_with_flaws(lab_facts(report), "lab_report", request, report.country, report.style)
    name = _template(request, LAB_TEMPLATES)
    canvas = Canvas(*(LETTER if report.country == "US" else A4), facts)
    LAB_TEMPLATES[name](request.rng("layout"), report, canvas)
    tests = tuple(
        {"name": r.name, "value": r.value, "unit": r.unit, "reference": r.reference, "flag": r.flag}
        for r in report.results
    )
    return ComposedSample(canvas.finish(), facts, f"lab_report/{name}", report.language, tests=tests)


def _compose_discharge(request: SampleRequest) -> ComposedSample:
    letter = make_discharge_letter(request.rng("content"))
    facts = _facts_with_flaws(discharge_facts(letter), "discharge_letter", request, "US", letter.style)
    name = _template(request, DISCHARGE_TEMPLATES)
    canvas = Canvas(*LETTER, facts)
    DISCHARGE_TEMPLATES[name](request.rng("layout"), letter, canvas)
    return ComposedSample(canvas.finish(), facts, f"discharge_letter/{name}", "en")


def _compose_identity(request: SampleRequest) -> ComposedSample:
    name = _template(request, TRAVEL_TEMPLATES)
    code, draw, size = TRAVEL_TEMPLATES[name]
    document = make_identity_document(request.rng("content"), code)
    facts = _facts_with_flaws(identity_facts(document), "identity_document", request, "GB", document.style)
    canvas = Canvas(*size, facts)
    draw(request.rng("layout"), document, canvas)
    return ComposedSample(canvas.finish(), facts, f"identity_document/{name}", "en")


_COMPOSERS: dict[str, Callable[[SampleRequest], ComposedSample]] = {
    "invoice": _compose_invoice,
    "receipt": _compose_receipt,
    "lab_report": _compose_lab,
    "discharge_letter": _compose_discharge,
    "identity_document": _compose_identity,
}


def compose(kind: str, request: SampleRequest) -> ComposedSample:
    """Compose a document of `kind`. Raises KeyError for an unknown kind, ValueError for a flaw it cannot have."""
    return _COMPOSERS[kind](request)
