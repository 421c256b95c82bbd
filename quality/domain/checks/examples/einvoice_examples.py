"""Examples of e-invoices: valid and invalid XML, with pages that agree or differ."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from ingestion.domain.einvoice.mapping import EInvoiceComparison, EInvoiceDifference
from ingestion.domain.einvoice.model import (
    Adjustment,
    EInvoice,
    EInvoiceProfile,
    EInvoiceSyntax,
    InvoiceLine,
    InvoiceTotals,
    Party,
    TaxShare,
)
from quality.domain.checks.examples.builders import BOX, document, fails, not_applicable, passes, unknown
from quality.domain.checks.registry import Examples
from quality.domain.facts import FactSet

ALL = frozenset({"supplier", "invoice_number", "total"})
TOTALS = InvoiceTotals(
    lines=Decimal("1100.42"),
    allowances=Decimal("60.00"),
    net=Decimal("1040.42"),
    tax=Decimal("208.08"),
    gross=Decimal("1248.50"),
    due=Decimal("1248.50"),
)
XML = EInvoice(
    syntax=EInvoiceSyntax.CII,
    profile=EInvoiceProfile.EN16931,
    guideline="urn:cen.eu:en16931:2017",
    number="HP-2025-0118",
    type_code="380",
    issued=date(2025, 6, 13),
    due=date(2025, 7, 13),
    currency="GBP",
    seller=Party("Harbour Paper Ltd", country="GB"),
    buyer=Party("Kunden AG", country="DE"),
    lines=(InvoiceLine("1", "Paper", net=Decimal("1000.00")), InvoiceLine("2", "Ink", net=Decimal("100.42"))),
    adjustments=(Adjustment(charge=False, amount=Decimal("60.00")),),
    taxes=(TaxShare("S", Decimal(20), Decimal("1040.42"), Decimal("208.08")),),
    totals=TOTALS,
)


def _bill(xml: EInvoice | None = XML, **changes: Any) -> FactSet:
    return document(**{"einvoice": xml, "comparison": EInvoiceComparison(ALL), **changes})


def _xml(**changes: Any) -> FactSet:
    return _bill(replace(XML, **changes))


def _totals(**changes: str) -> FactSet:
    return _xml(totals=replace(TOTALS, **{name: Decimal(amount) for name, amount in changes.items()}))


def _compared_field(field: str, xml_value: str, printed: str) -> FactSet:
    return _bill(
        comparison=EInvoiceComparison(ALL | {field}, (EInvoiceDifference(field, xml_value, printed, printed, 1, BOX),))
    )


WITHOUT_XML = document()

EXAMPLES = {
    "einvoice_readable": Examples(
        passing=(passes("in order", _bill()),),
        failing=(
            fails("no XML at all", _bill(None, einvoice_fault="malformed")),
            fails("an order", _bill(None, einvoice_fault="no_invoice")),
            fails("a total in words", _xml(unreadable=("BT-112",))),
        ),
        unknown=(unknown("larger than is read", _bill(None, einvoice_fault="too_large")),),
        adversarial=(
            fails("entities", _bill(None, einvoice_fault="forbidden")),
            fails("a profile of its own", _xml(profile=EInvoiceProfile.UNKNOWN, guideline="urn:ferd:komfort")),
            not_applicable("a page alone", WITHOUT_XML),
        ),
    ),
    "einvoice_sums": Examples(
        passing=(passes("in order", _bill()),),
        failing=(
            fails("a total too high", _totals(gross="1284.50", due="1284.50")),
            fails("lines that make more", _xml(lines=(*XML.lines, InvoiceLine("3", "Glue", net=Decimal("0.01"))))),
            fails("a part paid before is not due", _totals(prepaid="200.00")),
        ),
        unknown=(unknown("no total", _xml(totals=replace(TOTALS, gross=None))),),
        adversarial=(
            passes("no lines where the profile has none", _xml(lines=(), profile=EInvoiceProfile.BASIC_WL)),
            passes("four digits behind the point", _totals(gross="1248.5000")),
            passes(
                "a credit note, all its amounts negative",
                _xml(
                    lines=(InvoiceLine("1", "Paper", net=Decimal("-10.00")),),
                    adjustments=(),
                    taxes=(),
                    totals=InvoiceTotals(
                        lines=Decimal(-10), net=Decimal(-10), tax=Decimal(-2), gross=Decimal(-12), due=Decimal(-12)
                    ),
                ),
            ),
            not_applicable("a page alone", WITHOUT_XML),
        ),
    ),
    "einvoice_complete": Examples(
        passing=(passes("in order", _bill()),),
        failing=(fails("no number", _xml(number="")), fails("no line", _xml(lines=()))),
        unknown=(unknown("a profile of its own", _xml(profile=EInvoiceProfile.UNKNOWN)),),
        adversarial=(
            passes("the smallest profile has no lines", _xml(lines=(), profile=EInvoiceProfile.MINIMUM)),
            passes(
                "a total that cannot be read is another check's",
                _xml(totals=replace(TOTALS, gross=None), unreadable=("BT-112",)),
            ),
            not_applicable("a page alone", WITHOUT_XML),
        ),
    ),
    "einvoice_codes": Examples(
        passing=(passes("in order", _bill()),),
        failing=(fails("no such type", _xml(type_code="999")), fails("no such currency", _xml(currency="EUX"))),
        unknown=(unknown("no code at all", _xml(type_code="", currency="")),),
        adversarial=(
            fails("a country by its car plate", _xml(seller=Party("Harbour Paper Ltd", country="D"))),
            passes("the older dialect's category", _xml(syntax=EInvoiceSyntax.ZUGFERD1, taxes=(TaxShare("IC"),))),
            fails("the same category in the newer one", _xml(taxes=(TaxShare("IC"),))),
        ),
    ),
    "einvoice_differs": Examples(
        passing=(passes("the page shows what the XML says", _bill()),),
        failing=(
            fails("another total", _compared_field("total", "1248.50", "1284.50")),
            fails("another account", _compared_field("iban", "DE89370400440532013000", "DE02120300000000202051")),
        ),
        unknown=(
            unknown("nothing was read", _bill(comparison=EInvoiceComparison())),
            unknown("nobody compared", _bill(comparison=None)),
        ),
        adversarial=(
            not_applicable("XML that cannot be read says nothing", _bill(None, einvoice_fault="malformed")),
            not_applicable("a page alone", WITHOUT_XML),
        ),
    ),
}
