"""An invoice as XML: the Cross Industry Invoice of Factur-X 1.0 and ZUGFeRD 2, profile EN 16931."""

from decimal import Decimal
from xml.sax.saxutils import escape

from samples.content.invoice import Invoice, SampleLine, SampleParty

_NAMES = "urn:un:unece:uncefact:data:standard"
_UNITS = {"hours": "HUR", "Std.": "HUR", "heure": "HUR", "month": "MON", "Monat": "MON", "mois": "MON"}
_PIECE = "C62"  # UN/ECE Recommendation 20: one


def invoice_xml(invoice: Invoice) -> bytes:
    """Return the XML of the invoice; its sums are correct, even if the printed page is not."""
    body = "".join(
        (
            "<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>",
            _tag("ID", "urn:cen.eu:en16931:2017"),
            "</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>",
            f"<rsm:ExchangedDocument>{_tag('ID', invoice.number)}{_tag('TypeCode', '380')}",
            f"<ram:IssueDateTime>{_day(f'{invoice.issued:%Y%m%d}')}</ram:IssueDateTime></rsm:ExchangedDocument>",
            "<rsm:SupplyChainTradeTransaction>",
            *(_line(number, line) for number, line in enumerate(invoice.lines, 1)),
            _agreement(invoice),
            "<ram:ApplicableHeaderTradeDelivery/>",
            _settlement(invoice),
            "</rsm:SupplyChainTradeTransaction>",
        )
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<rsm:CrossIndustryInvoice xmlns:rsm="{_NAMES}:CrossIndustryInvoice:100"'
        f' xmlns:ram="{_NAMES}:ReusableAggregateBusinessInformationEntity:100"'
        f' xmlns:udt="{_NAMES}:UnqualifiedDataType:100">{body}</rsm:CrossIndustryInvoice>\n'
    ).encode()


def xml_fields(invoice: Invoice) -> dict[str, str]:
    """Return the values of the kind's fields in the XML, normalised."""
    return {
        "supplier": invoice.supplier.name,
        "supplier_address": invoice.supplier.address.joined,
        "customer": invoice.customer.name,
        "invoice_number": invoice.number,
        "invoice_date": invoice.issued.isoformat(),
        "due_date": invoice.due.isoformat(),
        "currency": invoice.currency,
        "net_total": f"{invoice.net_total:.2f}",
        "tax_total": f"{invoice.tax_total:.2f}",
        "total": f"{invoice.net_total + invoice.tax_total:.2f}",
        "iban": invoice.iban,
        "vat_id": invoice.vat_id,
    }


def _tag(name: str, text: object, **attributes: str) -> str:
    given = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<ram:{name}{given}>{escape(str(text))}</ram:{name}>"


def _day(text: str) -> str:
    return f'<udt:DateTimeString format="102">{text}</udt:DateTimeString>'


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _tax(rate: Decimal, before: str = "", basis: str = "") -> str:
    category = _tag("CategoryCode", "S") + _tag("RateApplicablePercent", rate)
    return f"<ram:ApplicableTradeTax>{before}{_tag('TypeCode', 'VAT')}{basis}{category}</ram:ApplicableTradeTax>"


def _line(number: int, line: SampleLine) -> str:
    price = _tag("ChargeAmount", _money(line.price))
    return (
        "<ram:IncludedSupplyChainTradeLineItem>"
        f"<ram:AssociatedDocumentLineDocument>{_tag('LineID', number)}</ram:AssociatedDocumentLineDocument>"
        f"<ram:SpecifiedTradeProduct>{_tag('Name', line.description)}</ram:SpecifiedTradeProduct>"
        "<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice>"
        f"{price}</ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement><ram:SpecifiedLineTradeDelivery>"
        f"{_tag('BilledQuantity', line.quantity, unitCode=_UNITS.get(line.unit, _PIECE))}"
        f"</ram:SpecifiedLineTradeDelivery><ram:SpecifiedLineTradeSettlement>{_tax(line.rate)}"
        "<ram:SpecifiedTradeSettlementLineMonetarySummation>"
        f"{_tag('LineTotalAmount', _money(line.amount))}</ram:SpecifiedTradeSettlementLineMonetarySummation>"
        "</ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>"
    )


def _party(name: str, party: SampleParty, vat_id: str = "") -> str:
    lines = "".join(
        _tag(place, text) for place, text in zip(("LineOne", "LineTwo", "LineThree"), party.address.lines, strict=False)
    )
    registration = f"<ram:SpecifiedTaxRegistration>{_tag('ID', vat_id, schemeID='VA')}</ram:SpecifiedTaxRegistration>"
    return (
        f"<ram:{name}>{_tag('Name', party.name)}<ram:PostalTradeAddress>{lines}"
        f"{_tag('CountryID', party.address.country)}</ram:PostalTradeAddress>"
        f"{registration if vat_id else ''}</ram:{name}>"
    )


def _agreement(invoice: Invoice) -> str:
    return (
        "<ram:ApplicableHeaderTradeAgreement>"
        f"{_party('SellerTradeParty', invoice.supplier, invoice.vat_id)}"
        f"{_party('BuyerTradeParty', invoice.customer)}"
        f"<ram:BuyerOrderReferencedDocument>{_tag('IssuerAssignedID', invoice.order)}"
        "</ram:BuyerOrderReferencedDocument></ram:ApplicableHeaderTradeAgreement>"
    )


def _settlement(invoice: Invoice) -> str:
    net, tax = invoice.net_total, invoice.tax_total
    shares = "".join(
        _tax(rate, _tag("CalculatedAmount", _money(amount)), _tag("BasisAmount", _money(basis)))
        for rate, basis, amount in invoice.taxes
    )
    return (
        f"<ram:ApplicableHeaderTradeSettlement>{_tag('PaymentReference', invoice.number)}"
        f"{_tag('InvoiceCurrencyCode', invoice.currency)}"
        f"<ram:SpecifiedTradeSettlementPaymentMeans>{_tag('TypeCode', '58')}"
        "<ram:PayeePartyCreditorFinancialAccount>"
        f"{_tag('IBANID', invoice.iban)}</ram:PayeePartyCreditorFinancialAccount>"
        f"</ram:SpecifiedTradeSettlementPaymentMeans>{shares}<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime>"
        f"{_day(f'{invoice.due:%Y%m%d}')}</ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>"
        "<ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
        f"{_tag('LineTotalAmount', _money(net))}{_tag('TaxBasisTotalAmount', _money(net))}"
        f"{_tag('TaxTotalAmount', _money(tax), currencyID=invoice.currency)}"
        f"{_tag('GrandTotalAmount', _money(net + tax))}{_tag('DuePayableAmount', _money(net + tax))}"
        "</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>"
    )
