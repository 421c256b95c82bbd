"""UN/CEFACT Cross Industry Invoice: Factur-X, ZUGFeRD 2, XRechnung; and ZUGFeRD 1, whose names are older."""

from collections.abc import Iterator

from ingestion.domain.einvoice import model
from ingestion.domain.einvoice.business_terms import TermReader, elements_at, non_empty, text_at
from ingestion.domain.einvoice.nodes import XmlNode
from ingestion.domain.einvoice.profiles import profile_of

_SUMMATION = "MonetarySummation"
_NAMES = {
    "SpecifiedExchangedDocumentContext": "ExchangedDocumentContext",
    "HeaderExchangedDocument": "ExchangedDocument",
    "SpecifiedSupplyChainTradeTransaction": "SupplyChainTradeTransaction",
    "ApplicableSupplyChainTradeAgreement": "ApplicableHeaderTradeAgreement",
    "ApplicableSupplyChainTradeDelivery": "ApplicableHeaderTradeDelivery",
    "ApplicableSupplyChainTradeSettlement": "ApplicableHeaderTradeSettlement",
    "SpecifiedSupplyChainTradeAgreement": "SpecifiedLineTradeAgreement",
    "SpecifiedSupplyChainTradeDelivery": "SpecifiedLineTradeDelivery",
    "SpecifiedSupplyChainTradeSettlement": "SpecifiedLineTradeSettlement",
    "SpecifiedTradeSettlementMonetarySummation": _SUMMATION,
    "SpecifiedTradeSettlementHeaderMonetarySummation": _SUMMATION,
    "SpecifiedTradeSettlementLineMonetarySummation": _SUMMATION,
    "ApplicablePercent": "RateApplicablePercent",
}
_VAT = ("VA", "VAT")


def read_cii(root: XmlNode, syntax: model.EInvoiceSyntax) -> model.EInvoice:
    """Read an invoice; missing terms are empty, unreadable ones are listed."""
    tree, terms = root.renamed(_NAMES), TermReader()
    guideline = text_at(tree, "ExchangedDocumentContext", "GuidelineSpecifiedDocumentContextParameter", "ID")
    header, trade = tree.first("ExchangedDocument"), tree.first("SupplyChainTradeTransaction")
    agreement = trade.first("ApplicableHeaderTradeAgreement") if trade else None
    delivery = trade.first("ApplicableHeaderTradeDelivery") if trade else None
    settlement = trade.first("ApplicableHeaderTradeSettlement") if trade else None
    currency = text_at(settlement, "InvoiceCurrencyCode").upper()
    return model.EInvoice(
        syntax=syntax,
        profile=profile_of(guideline, syntax),
        guideline=guideline,
        number=text_at(header, "ID"),
        type_code=text_at(header, "TypeCode"),
        issued=terms.day("BT-2", _day_node(header, "IssueDateTime")),
        due=terms.day("BT-9", _day_node(settlement, "SpecifiedTradePaymentTerms", "DueDateDateTime")),
        delivered=terms.day("BT-72", _day_node(delivery, "ActualDeliverySupplyChainEvent", "OccurrenceDateTime")),
        currency=currency,
        seller=_party(agreement, "SellerTradeParty"),
        buyer=_party(agreement, "BuyerTradeParty"),
        lines=tuple(_lines(trade, terms)),
        adjustments=tuple(_adjustments(settlement, terms)),
        taxes=tuple(_tax(each, terms) for each in elements_at(settlement, "ApplicableTradeTax")),
        totals=_totals(settlement, currency, terms),
        payment=_payment(settlement),
        preceding=_preceding(settlement),
        unreadable=terms.unreadable,
    )


def _day_node(node: XmlNode | None, *path: str) -> XmlNode | None:
    """Find a day's text: below DateTimeString or Date, or in the element itself as in the first draft."""
    for found in node.find_all(*path) if node else ():
        for inner in ("DateTimeString", "DateTime", "Date"):
            inner_node = found.first(inner)
            if inner_node is not None and inner_node.text.strip():
                return inner_node
        if found.text.strip():
            return found
    return None


def _party(agreement: XmlNode | None, name: str) -> model.Party:
    party = agreement.first(name) if agreement else None
    if party is None:
        return model.Party()
    address = party.first("PostalTradeAddress")
    town = " ".join(non_empty(text_at(address, "PostcodeCode"), text_at(address, "CityName")))
    lines = (text_at(address, part) for part in ("LineOne", "LineTwo", "LineThree", "StreetName"))
    return model.Party(
        name=text_at(party, "Name") or text_at(party, "SpecifiedLegalOrganization", "TradingBusinessName"),
        address=non_empty(*lines, town, text_at(address, "CountrySubDivisionName")),
        country=text_at(address, "CountryID").upper(),
        vat_id=_registration(party, _VAT),
        tax_number=_registration(party, ("FC",)),
    )


def _registration(party: XmlNode, schemes: tuple[str, ...]) -> str:
    found = (each for each in party.find_all("SpecifiedTaxRegistration", "ID"))
    return next((text_at(each) for each in found if each.attribute("schemeID") in schemes and each.text.strip()), "")


def _lines(trade: XmlNode | None, terms: TermReader) -> Iterator[model.InvoiceLine]:
    """Yield the invoice lines; a line without an amount is a note between them."""
    for item in elements_at(trade, "IncludedSupplyChainTradeLineItem"):
        settlement = item.first("SpecifiedLineTradeSettlement")
        quantity = item.first("SpecifiedLineTradeDelivery", "BilledQuantity")
        net = settlement.first(_SUMMATION, "LineTotalAmount") if settlement else None
        tax = settlement.first("ApplicableTradeTax") if settlement else None
        price = item.first("SpecifiedLineTradeAgreement", "NetPriceProductTradePrice", "ChargeAmount")
        if net is None and quantity is None and price is None:
            continue
        yield model.InvoiceLine(
            number=text_at(item, "AssociatedDocumentLineDocument", "LineID"),
            name=text_at(item, "SpecifiedTradeProduct", "Name"),
            quantity=terms.amount("BT-129", quantity),
            unit=quantity.attribute("unitCode") if quantity else "",
            price=terms.amount("BT-146", price),
            net=terms.amount("BT-131", net),
            category=text_at(tax, "CategoryCode"),
            rate=terms.amount("BT-152", tax.first("RateApplicablePercent") if tax else None),
        )


def _adjustments(settlement: XmlNode | None, terms: TermReader) -> Iterator[model.Adjustment]:
    for each in elements_at(settlement, "SpecifiedTradeAllowanceCharge"):
        flag = text_at(each, "ChargeIndicator", "Indicator") or text_at(each, "ChargeIndicator")
        charge = flag.lower() in ("true", "1")
        amount = terms.amount("BT-99" if charge else "BT-92", each.first("ActualAmount"))
        yield model.Adjustment(charge, amount, text_at(each, "Reason"))
    for each in elements_at(settlement, "SpecifiedLogisticsServiceCharge"):
        amount = terms.amount("BT-99", each.first("AppliedAmount"))
        yield model.Adjustment(charge=True, amount=amount, reason=text_at(each, "Description"))


def _tax(each: XmlNode, terms: TermReader) -> model.TaxShare:
    return model.TaxShare(
        category=text_at(each, "CategoryCode"),
        rate=terms.amount("BT-119", each.first("RateApplicablePercent")),
        basis=terms.amount("BT-116", each.first("BasisAmount")),
        amount=terms.amount("BT-117", each.first("CalculatedAmount")),
    )


def _totals(settlement: XmlNode | None, currency: str, terms: TermReader) -> model.InvoiceTotals:
    summation = settlement.first(_SUMMATION) if settlement else None
    if summation is None:
        return model.InvoiceTotals()

    taxes = tuple(summation.find_all("TaxTotalAmount"))
    own = [each for each in taxes if each.attribute("currencyID").upper() in ("", currency)]
    return model.InvoiceTotals(
        lines=terms.amount("BT-106", summation.first("LineTotalAmount")),
        allowances=terms.amount("BT-107", summation.first("AllowanceTotalAmount")),
        charges=terms.amount("BT-108", summation.first("ChargeTotalAmount")),
        net=terms.amount("BT-109", summation.first("TaxBasisTotalAmount")),
        tax=terms.amount("BT-110", own[0] if own else None),
        gross=terms.amount("BT-112", summation.first("GrandTotalAmount")),
        prepaid=terms.amount("BT-113", summation.first("TotalPrepaidAmount")),
        rounding=terms.amount("BT-114", summation.first("RoundingAmount")),
        due=terms.amount("BT-115", summation.first("DuePayableAmount")),
    )


def _payment(settlement: XmlNode | None) -> model.Payment:
    means = elements_at(settlement, "SpecifiedTradeSettlementPaymentMeans")
    accounts = (text_at(each, "PayeePartyCreditorFinancialAccount", "IBANID") for each in means)
    banks = (text_at(each, "PayeeSpecifiedCreditorFinancialInstitution", "BICID") for each in means)
    return model.Payment(non_empty(*accounts), next(filter(None, banks), ""), text_at(settlement, "PaymentReference"))


def _preceding(settlement: XmlNode | None) -> tuple[str, ...]:
    found = elements_at(settlement, "InvoiceReferencedDocument")
    return non_empty(*(text_at(each, "IssuerAssignedID") or text_at(each, "ID") for each in found))
