"""Builders of e-invoices: one invoice in every syntax, with each value replaceable."""

import re
from pathlib import Path
from typing import Final

import pymupdf

FACTUR_X: Final = "urn:cen.eu:en16931:2017"
ZUGFERD1: Final = "urn:ferd:CrossIndustryDocument:invoice:1p0:comfort"
XRECHNUNG: Final = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
_CII = "urn:un:unece:uncefact:data:standard"

BILL: Final = {
    "guideline": FACTUR_X,
    "number": "HP-2025-0118",
    "type": "380",
    "issued": "20250613",
    "due": "20250713",
    "currency": "EUR",
    "seller": "Hafenpapier GmbH",
    "buyer": "Kunden AG",
    "vat_id": "DE136695976",
    "iban": "DE89370400440532013000",
    "lines": "1000.00",
    "line": "900.00",
    "second": "100.00",
    "allowance": "50.00",
    "net": "950.00",
    "tax": "180.50",
    "gross": "1130.50",
    "prepaid": "30.50",
    "due_amount": "1100.00",
}
"""An invoice that adds up: two lines, an allowance, 19 % tax and a prepaid amount."""

_HEAD = """<ExchangedDocumentContext><GuidelineSpecifiedDocumentContextParameter><ID>{guideline}</ID>
</GuidelineSpecifiedDocumentContextParameter></ExchangedDocumentContext>
<ExchangedDocument><ID>{number}</ID><TypeCode>{type}</TypeCode>
<IssueDateTime><DateTimeString format="102">{issued}</DateTimeString></IssueDateTime></ExchangedDocument>"""
_LINE = """<IncludedSupplyChainTradeLineItem><AssociatedDocumentLineDocument><LineID>{n}</LineID>
</AssociatedDocumentLineDocument><SpecifiedTradeProduct><Name>{name}</Name></SpecifiedTradeProduct>
<SpecifiedLineTradeAgreement><NetPriceProductTradePrice><ChargeAmount>{price}</ChargeAmount>
</NetPriceProductTradePrice></SpecifiedLineTradeAgreement>
<SpecifiedLineTradeDelivery><BilledQuantity unitCode="C62">{quantity}</BilledQuantity></SpecifiedLineTradeDelivery>
<SpecifiedLineTradeSettlement><ApplicableTradeTax><TypeCode>VAT</TypeCode><CategoryCode>S</CategoryCode>
<RateApplicablePercent>19.00</RateApplicablePercent></ApplicableTradeTax>
<SpecifiedTradeSettlementLineMonetarySummation><LineTotalAmount>{net}</LineTotalAmount>
</SpecifiedTradeSettlementLineMonetarySummation></SpecifiedLineTradeSettlement>
</IncludedSupplyChainTradeLineItem>"""
_TRADE = """<ApplicableHeaderTradeAgreement><SellerTradeParty><Name>{seller}</Name><PostalTradeAddress>
<PostcodeCode>20457</PostcodeCode><LineOne>Am Kai 3</LineOne><CityName>Hamburg</CityName><CountryID>DE</CountryID>
</PostalTradeAddress><SpecifiedTaxRegistration><ID schemeID="FC">22/815/4711</ID></SpecifiedTaxRegistration>
<SpecifiedTaxRegistration><ID schemeID="VA">{vat_id}</ID></SpecifiedTaxRegistration></SellerTradeParty>
<BuyerTradeParty><Name>{buyer}</Name><PostalTradeAddress><CountryID>DE</CountryID></PostalTradeAddress>
</BuyerTradeParty></ApplicableHeaderTradeAgreement>
<ApplicableHeaderTradeDelivery/>
<ApplicableHeaderTradeSettlement><PaymentReference>{number}</PaymentReference>
<TaxCurrencyCode>CHF</TaxCurrencyCode>
<InvoiceCurrencyCode>{currency}</InvoiceCurrencyCode>
<SpecifiedTradeSettlementPaymentMeans><TypeCode>58</TypeCode><PayeePartyCreditorFinancialAccount><IBANID>{iban}</IBANID>
</PayeePartyCreditorFinancialAccount><PayeeSpecifiedCreditorFinancialInstitution><BICID>COBADEFFXXX</BICID>
</PayeeSpecifiedCreditorFinancialInstitution></SpecifiedTradeSettlementPaymentMeans>
<ApplicableTradeTax><CalculatedAmount>{tax}</CalculatedAmount><TypeCode>VAT</TypeCode>
<BasisAmount>{net}</BasisAmount><CategoryCode>S</CategoryCode>
<RateApplicablePercent>19.00</RateApplicablePercent></ApplicableTradeTax>
<SpecifiedTradeAllowanceCharge><ChargeIndicator><Indicator>false</Indicator></ChargeIndicator>
<ActualAmount>{allowance}</ActualAmount><Reason>Treuerabatt</Reason><CategoryTradeTax><TypeCode>VAT</TypeCode>
<CategoryCode>S</CategoryCode><RateApplicablePercent>19.00</RateApplicablePercent></CategoryTradeTax>
</SpecifiedTradeAllowanceCharge>
<SpecifiedTradePaymentTerms><DueDateDateTime><DateTimeString format="102">{due}</DateTimeString></DueDateDateTime>
</SpecifiedTradePaymentTerms>
<SpecifiedTradeSettlementHeaderMonetarySummation><LineTotalAmount>{lines}</LineTotalAmount>
<AllowanceTotalAmount>{allowance}</AllowanceTotalAmount><TaxBasisTotalAmount>{net}</TaxBasisTotalAmount>
<TaxTotalAmount currencyID="CHF">9999.99</TaxTotalAmount>
<TaxTotalAmount currencyID="{currency}">{tax}</TaxTotalAmount>
<GrandTotalAmount>{gross}</GrandTotalAmount><TotalPrepaidAmount>{prepaid}</TotalPrepaidAmount>
<DuePayableAmount>{due_amount}</DuePayableAmount></SpecifiedTradeSettlementHeaderMonetarySummation>
<InvoiceReferencedDocument><IssuerAssignedID>HP-2025-0099</IssuerAssignedID></InvoiceReferencedDocument>
</ApplicableHeaderTradeSettlement>"""
_OUTER = "CrossIndustryInvoice|ExchangedDocumentContext|ExchangedDocument|SupplyChainTradeTransaction"
_SIMPLE = "DateTimeString|Indicator"
_OLD_NAMES = {
    "ExchangedDocumentContext>": "SpecifiedExchangedDocumentContext>",
    "<ExchangedDocument>": "<HeaderExchangedDocument>",
    "</ExchangedDocument>": "</HeaderExchangedDocument>",
    "SupplyChainTradeTransaction>": "SpecifiedSupplyChainTradeTransaction>",
    "ApplicableHeaderTrade": "ApplicableSupplyChainTrade",
    "SpecifiedLineTrade": "SpecifiedSupplyChainTrade",
    "SettlementHeaderMonetary": "SettlementMonetary",
    "SettlementLineMonetary": "SettlementMonetary",
    "RateApplicablePercent": "ApplicablePercent",
}


def cii(**changes: str) -> str:
    """Return the invoice as Cross Industry Invoice XML; `changes` replace its values."""
    return _in_namespaces(_plain_cii(**changes))


def _plain_cii(**changes: str) -> str:
    """Return the invoice with all elements in the root's namespace, as the dialects share them."""
    values = BILL | changes
    first = _LINE.format(n=1, name="Papier", price="9.00", quantity="100", net=values["line"])
    second = _LINE.format(n=2, name="Lieferung", price=values["second"], quantity="1", net=values["second"])
    return _cii_document(values, first + second)


def cii_without_lines(**changes: str) -> str:
    """Return the invoice without lines, as in the smaller Factur-X profiles."""
    return _in_namespaces(_cii_document(BILL | changes, ""))


def _in_namespaces(text: str) -> str:
    """Return the XML with each element in the namespace that the standard gives it."""
    for names, prefix in ((_OUTER, "r"), (_SIMPLE, "u")):
        text = re.sub(rf"(</?)({names})(?=[ >])", rf"\1{prefix}:\2", text)
    own = f'xmlns:r="{_CII}:CrossIndustryInvoice:100" xmlns:u="{_CII}:UnqualifiedDataType:100"'
    inner = f'{own} xmlns="{_CII}:ReusableAggregateBusinessInformationEntity:100"'
    return text.replace(f'xmlns="{_CII}:CrossIndustryInvoice:100"', inner)


def _cii_document(values: dict[str, str], lines: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><CrossIndustryInvoice xmlns="{_CII}:CrossIndustryInvoice:100">'
        f"{_HEAD.format(**values)}<SupplyChainTradeTransaction>{lines}{_TRADE.format(**values)}"
        "</SupplyChainTradeTransaction></CrossIndustryInvoice>"
    )


def zugferd1(**changes: str) -> str:
    """Return the invoice in the ZUGFeRD 1 dialect."""
    text = _plain_cii(**{"guideline": ZUGFERD1, **changes})
    for new, old in _OLD_NAMES.items():
        text = text.replace(new, old)
    text = text.replace("SpecifiedSpecified", "Specified")
    return text.replace("CrossIndustryInvoice", "CrossIndustryDocument").replace(
        f"{_CII}:CrossIndustryDocument:100", "urn:ferd:CrossIndustryDocument:invoice:1p0"
    )


_AMOUNT = r"<(\w*Amount)>"


def _day(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"


def ubl(*, credit: bool = False, **changes: str) -> str:
    """Return the invoice as UBL: an Invoice or a CreditNote."""
    values = BILL | {"guideline": XRECHNUNG} | changes
    root, line, count = (
        ("CreditNote", "CreditNoteLine", "Credited") if credit else ("Invoice", "InvoiceLine", "Invoiced")
    )
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<q:{root} xmlns:q="{_UBL}:{root}-2" xmlns:a="{_UBL}:CommonAggregateComponents-2"
 xmlns="{_UBL}:CommonBasicComponents-2">
<CustomizationID>{values["guideline"]}</CustomizationID><ID>{values["number"]}</ID>
<IssueDate>{_day(values["issued"])}</IssueDate><DueDate>{_day(values["due"])}</DueDate>
<{root}TypeCode>{values["type"]}</{root}TypeCode><DocumentCurrencyCode>{values["currency"]}</DocumentCurrencyCode>
<a:BillingReference><a:InvoiceDocumentReference><ID>HP-2025-0099</ID></a:InvoiceDocumentReference></a:BillingReference>
<a:AccountingSupplierParty><a:Party><a:PartyName><Name>Papier am Hafen</Name></a:PartyName>
<a:PostalAddress><StreetName>Am Kai 3</StreetName><CityName>Hamburg</CityName><PostalZone>20457</PostalZone>
<a:Country><IdentificationCode>DE</IdentificationCode></a:Country></a:PostalAddress>
<a:PartyTaxScheme><CompanyID>22/815/4711</CompanyID><a:TaxScheme><ID>FC</ID></a:TaxScheme></a:PartyTaxScheme>
<a:PartyTaxScheme><CompanyID>{values["vat_id"]}</CompanyID><a:TaxScheme><ID>VAT</ID></a:TaxScheme></a:PartyTaxScheme>
<a:PartyLegalEntity><RegistrationName>{values["seller"]}</RegistrationName></a:PartyLegalEntity></a:Party>
</a:AccountingSupplierParty><a:AccountingCustomerParty><a:Party><a:PostalAddress><a:Country>
<IdentificationCode>DE</IdentificationCode></a:Country></a:PostalAddress><a:PartyLegalEntity>
<RegistrationName>{values["buyer"]}</RegistrationName></a:PartyLegalEntity></a:Party></a:AccountingCustomerParty>
<a:PaymentMeans><PaymentMeansCode>58</PaymentMeansCode><PaymentID>{values["number"]}</PaymentID><a:PayeeFinancialAccount><ID>{values["iban"]}</ID>
<a:FinancialInstitutionBranch><ID>COBADEFFXXX</ID></a:FinancialInstitutionBranch></a:PayeeFinancialAccount>
</a:PaymentMeans><a:AllowanceCharge><ChargeIndicator>false</ChargeIndicator>
<AllowanceChargeReason>Treuerabatt</AllowanceChargeReason><Amount>{values["allowance"]}</Amount><a:TaxCategory>
<ID>S</ID><Percent>19</Percent><a:TaxScheme><ID>VAT</ID></a:TaxScheme></a:TaxCategory></a:AllowanceCharge>
<a:TaxTotal><TaxAmount currencyID="{values["currency"]}">{values["tax"]}</TaxAmount><a:TaxSubtotal>
<TaxableAmount>{values["net"]}</TaxableAmount><TaxAmount>{values["tax"]}</TaxAmount><a:TaxCategory><ID>S</ID>
<Percent>19</Percent><a:TaxScheme><ID>VAT</ID></a:TaxScheme></a:TaxCategory></a:TaxSubtotal></a:TaxTotal>
<a:LegalMonetaryTotal><LineExtensionAmount>{values["lines"]}</LineExtensionAmount>
<TaxExclusiveAmount>{values["net"]}</TaxExclusiveAmount><TaxInclusiveAmount>{values["gross"]}</TaxInclusiveAmount>
<AllowanceTotalAmount>{values["allowance"]}</AllowanceTotalAmount><PrepaidAmount>{values["prepaid"]}</PrepaidAmount>
<PayableAmount>{values["due_amount"]}</PayableAmount></a:LegalMonetaryTotal>
<a:{line}><ID>1</ID><{count}Quantity unitCode="C62">100</{count}Quantity>
<LineExtensionAmount>{values["line"]}</LineExtensionAmount><a:Item><Name>Papier</Name><a:ClassifiedTaxCategory>
<ID>S</ID><Percent>19</Percent><a:TaxScheme><ID>VAT</ID></a:TaxScheme></a:ClassifiedTaxCategory></a:Item>
<a:Price><PriceAmount>9.00</PriceAmount></a:Price>
</a:{line}><a:{line}><ID>2</ID><{count}Quantity unitCode="C62">1</{count}Quantity>
<LineExtensionAmount>{values["second"]}</LineExtensionAmount><a:Item><Name>Lieferung</Name><a:ClassifiedTaxCategory>
<ID>S</ID><Percent>19</Percent><a:TaxScheme><ID>VAT</ID></a:TaxScheme></a:ClassifiedTaxCategory></a:Item>
<a:Price><PriceAmount>{values["second"]}</PriceAmount></a:Price></a:{line}>
</q:{root}>"""
    return re.sub(_AMOUNT, rf'<\1 currencyID="{values["currency"]}">', text)


PAGE: Final = """\
Hafenpapier GmbH
Am Kai 3
20457 Hamburg
Rechnung
Kunden AG
Rechnungsnummer: HP-2025-0118
Rechnungsdatum: 13.06.2025
Fällig am: 13.07.2025
Papier 900,00
Lieferung 100,00
Nettobetrag: 950,00 EUR
Umsatzsteuer: 180,50 EUR
Gesamtbetrag: 1.130,50 EUR
IBAN: DE89 3704 0044 0532 0130 00
USt-IdNr: DE136695976"""
"""The invoice as printed on its page."""


def hybrid(path: Path, xml: bytes, *, page: str = PAGE, name: str = "factur-x.xml") -> Path:
    """Write a PDF that prints `page` and embeds `xml`."""
    with pymupdf.open() as document:
        sheet = document.new_page(width=595, height=842)
        for row, line in enumerate(page.splitlines()):
            sheet.insert_text((72, 80 + 24 * row), line, fontsize=11)
        document.embfile_add(name, xml, filename=name)
        document.save(path)
    return path
