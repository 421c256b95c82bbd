"""The same invoice in every syntax produces the same facts; unusual XML is reported, never guessed."""

from datetime import date
from decimal import Decimal

import pytest

from ingestion.adapters.formats.einvoice.xml import read_xml
from ingestion.domain.einvoice.model import EInvoice, EInvoiceProfile, EInvoiceSyntax
from ingestion.domain.einvoice.parsing import NotAnEInvoice, parse_einvoice
from ingestion.domain.einvoice.profiles import profile_of
from ingestion.domain.einvoice.serialization import pack_einvoice, unpack_einvoice
from tests.support.einvoices import cii, ubl, zugferd1


def parsed(text: str) -> EInvoice:
    return parse_einvoice(read_xml(text.encode()))


SYNTAXES = [
    pytest.param(cii(), EInvoiceSyntax.CII, EInvoiceProfile.EN16931, id="cii"),
    pytest.param(zugferd1(), EInvoiceSyntax.ZUGFERD1, EInvoiceProfile.EN16931, id="zugferd 1"),
    pytest.param(ubl(), EInvoiceSyntax.UBL, EInvoiceProfile.XRECHNUNG, id="ubl"),
    pytest.param(
        ubl(credit=True, type="381"), EInvoiceSyntax.UBL_CREDIT_NOTE, EInvoiceProfile.XRECHNUNG, id="ubl credit note"
    ),
]


@pytest.mark.parametrize(("text", "syntax", "profile"), SYNTAXES)
def test_parse_every_syntax_gives_same_invoice(text: str, syntax: EInvoiceSyntax, profile: EInvoiceProfile) -> None:
    invoice = parsed(text)
    assert (invoice.syntax, invoice.profile) == (syntax, profile)
    assert (invoice.number, invoice.issued, invoice.due) == ("HP-2025-0118", date(2025, 6, 13), date(2025, 7, 13))
    assert (invoice.currency, invoice.preceding) == ("EUR", ("HP-2025-0099",))
    seller = invoice.seller
    assert (seller.name, seller.address, seller.country) == ("Hafenpapier GmbH", ("Am Kai 3", "20457 Hamburg"), "DE")
    assert (seller.vat_id, seller.tax_number) == ("DE136695976", "22/815/4711")
    assert (invoice.buyer.name, invoice.buyer.country) == ("Kunden AG", "DE")
    assert [line.net for line in invoice.lines] == [Decimal("900.00"), Decimal("100.00")]
    first = invoice.lines[0]
    assert (first.number, first.name, first.unit, first.category) == ("1", "Papier", "C62", "S")
    assert (first.quantity, first.price, first.rate) == (Decimal(100), Decimal("9.00"), Decimal(19))
    assert [(each.charge, each.amount) for each in invoice.adjustments] == [(False, Decimal("50.00"))]
    assert [(each.basis, each.amount) for each in invoice.taxes] == [(Decimal("950.00"), Decimal("180.50"))]
    totals = invoice.totals
    assert (totals.lines, totals.net, totals.tax, totals.gross, totals.prepaid, totals.due) == tuple(
        map(Decimal, ("1000.00", "950.00", "180.50", "1130.50", "30.50", "1100.00"))
    )
    assert invoice.payment.accounts == ("DE89370400440532013000",)
    assert (invoice.payment.bic, invoice.payment.reference) == ("COBADEFFXXX", "HP-2025-0118")
    assert invoice.unreadable == ()
    assert invoice.is_credit_note is (syntax is EInvoiceSyntax.UBL_CREDIT_NOTE)
    assert unpack_einvoice(pack_einvoice(invoice)) == invoice


def test_parse_ignores_tax_total_in_accounting_currency() -> None:
    assert parsed(cii()).totals.tax == Decimal("180.50")  # the XML has 9999.99 CHF first


def test_parse_zugferd_draft_date_format_gives_issue_date() -> None:
    text = zugferd1().replace(
        '<IssueDateTime><DateTimeString format="102">20250613</DateTimeString></IssueDateTime>',
        '<IssueDateTime format="102">20250613</IssueDateTime>',
    )
    assert parsed(text).issued == date(2025, 6, 13)


def test_parse_unreadable_values_are_named() -> None:
    invoice = parsed(cii(gross="1.130,50", issued="20250231", line="NaN"))
    assert invoice.unreadable == ("BT-2", "BT-131", "BT-112")
    assert (invoice.totals.gross, invoice.issued, invoice.lines[0].net) == (None, None, None)


@pytest.mark.parametrize("amount", ["1e9", "Infinity", "0x10", "1_000", "9" * 19, "1,00", "--1"])
def test_parse_programming_number_formats_are_unreadable(amount: str) -> None:
    assert "BT-112" in parsed(cii(gross=amount)).unreadable


def test_parse_note_between_lines_is_not_a_line() -> None:
    note = "<IncludedSupplyChainTradeLineItem><AssociatedDocumentLineDocument/></IncludedSupplyChainTradeLineItem>"
    text = cii().replace("<IncludedSupplyChainTradeLineItem>", note + "<IncludedSupplyChainTradeLineItem>", 1)
    assert len(parsed(text).lines) == 2


def test_parse_empty_invoice_has_no_values() -> None:
    bare = '<CrossIndustryInvoice xmlns="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"/>'
    invoice = parsed(bare)
    assert (invoice.number, invoice.totals.gross, invoice.lines, invoice.profile) == (
        "",
        None,
        (),
        EInvoiceProfile.UNKNOWN,
    )


@pytest.mark.parametrize(
    "text",
    [
        "<html/>",
        "<Invoice/>",
        '<Invoice xmlns="urn:example"/>',
        '<Order xmlns="urn:ferd:CrossIndustryDocument:order:1p0"/>',
    ],
)
def test_parse_other_xml_raises_no_einvoice(text: str) -> None:
    with pytest.raises(NotAnEInvoice):
        parsed(text)


@pytest.mark.parametrize(
    ("guideline", "profile"),
    [
        ("urn:factur-x.eu:1p0:minimum", EInvoiceProfile.MINIMUM),
        ("urn:zugferd.de:2p0:minimum", EInvoiceProfile.MINIMUM),
        ("urn:factur-x.eu:1p0:basicwl", EInvoiceProfile.BASIC_WL),
        ("urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic", EInvoiceProfile.BASIC),
        ("urn:cen.eu:en16931:2017", EInvoiceProfile.EN16931),
        ("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended", EInvoiceProfile.EXTENDED),
        ("urn:cen.eu:en16931:2017#compliant#urn:xoev-de:kosit:standard:xrechnung_2.1", EInvoiceProfile.XRECHNUNG),
        ("urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0", EInvoiceProfile.EN16931),
        ("URN:FERD:CrossIndustryDocument:invoice:1p0:BASIC", EInvoiceProfile.BASIC),
        ("urn:ferd:CrossIndustryDocument:invoice:1p0:komfort", EInvoiceProfile.UNKNOWN),
        ("", EInvoiceProfile.UNKNOWN),
    ],
)
def test_profile_of_guideline_gives_profile(guideline: str, profile: EInvoiceProfile) -> None:
    assert profile_of(guideline, EInvoiceSyntax.CII) is profile


@pytest.mark.parametrize("packed", [None, [], {}, {"syntax": "cii"}, {"syntax": "odd", "profile": "basic"}, "x"])
def test_unpack_einvoice_malformed_message_raises_value_error(packed: object) -> None:
    with pytest.raises(ValueError, match="not an e-invoice"):
        unpack_einvoice(packed)


def test_unpack_einvoice_non_numeric_amount_raises_value_error() -> None:
    packed = pack_einvoice(parsed(cii()))
    packed["totals"]["gross"] = "NaN"
    with pytest.raises(ValueError, match="not an e-invoice"):
        unpack_einvoice(packed)
