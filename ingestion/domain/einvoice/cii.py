"""UN/CEFACT Cross Industry Invoice: Factur-X, ZUGFeRD 2, XRechnung; and ZUGFeRD 1, whose names are older."""

from collections.abc import Iterator

from ingestion.domain.einvoice.business_terms import Terms, many, present, text
from ingestion.domain.einvoice.model import (
    Adjustment,
    EInvoice,
    Line,
    Party,
    Payment,
    Syntax,
    TaxShare,
    Totals,
)
from ingestion.domain.einvoice.nodes import Node
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


def read_cii(root: Node, syntax: Syntax) -> EInvoice:
    """Read an invoice; what is missing is empty, what cannot be read is named."""
    tree, terms = root.renamed(_NAMES), Terms()
    guideline = text(tree, "ExchangedDocumentContext", "GuidelineSpecifiedDocumentContextParameter", "ID")
    header, trade = tree.first("ExchangedDocument"), tree.first("SupplyChainTradeTransaction")
    agreement = trade.first("ApplicableHeaderTradeAgreement") if trade else None
    delivery = trade.first("ApplicableHeaderTradeDelivery") if trade else None
    settlement = trade.first("ApplicableHeaderTradeSettlement") if trade else None
    currency = text(settlement, "InvoiceCurrencyCode").upper()
    return EInvoice(
        syntax=syntax,
        profile=profile_of(guideline, syntax),
        guideline=guideline,
        number=text(header, "ID"),
        type_code=text(header, "TypeCode"),
        issued=terms.day("BT-2", _day(header, "IssueDateTime")),
        due=terms.day("BT-9", _day(settlement, "SpecifiedTradePaymentTerms", "DueDateDateTime")),
        delivered=terms.day("BT-72", _day(delivery, "ActualDeliverySupplyChainEvent", "OccurrenceDateTime")),
        currency=currency,
        seller=_party(agreement, "SellerTradeParty"),
        buyer=_party(agreement, "BuyerTradeParty"),
        lines=tuple(_lines(trade, terms)),
        adjustments=tuple(_adjustments(settlement, terms)),
        taxes=tuple(_tax(each, terms) for each in many(settlement, "ApplicableTradeTax")),
        totals=_totals(settlement, currency, terms),
        payment=_payment(settlement),
        preceding=_preceding(settlement),
        unreadable=terms.unreadable,
    )


def _day(node: Node | None, *path: str) -> Node | None:
    """Find a day's text: below DateTimeString or Date, or in the element itself as the first draft had it."""
    for found in node.each(*path) if node else ():
        for inner in ("DateTimeString", "DateTime", "Date"):
            said = found.first(inner)
            if said is not None and said.text.strip():
                return said
        if found.text.strip():
            return found
    return None


def _party(agreement: Node | None, name: str) -> Party:
    party = agreement.first(name) if agreement else None
    if party is None:
        return Party()
    address = party.first("PostalTradeAddress")
    town = " ".join(present(text(address, "PostcodeCode"), text(address, "CityName")))
    lines = (text(address, part) for part in ("LineOne", "LineTwo", "LineThree", "StreetName"))
    return Party(
        name=text(party, "Name") or text(party, "SpecifiedLegalOrganization", "TradingBusinessName"),
        address=present(*lines, town, text(address, "CountrySubDivisionName")),
        country=text(address, "CountryID").upper(),
        vat_id=_registration(party, _VAT),
        tax_number=_registration(party, ("FC",)),
    )


def _registration(party: Node, schemes: tuple[str, ...]) -> str:
    found = (each for each in party.each("SpecifiedTaxRegistration", "ID"))
    return next((text(each) for each in found if each.attribute("schemeID") in schemes and each.text.strip()), "")


def _lines(trade: Node | None, terms: Terms) -> Iterator[Line]:
    """Yield the positions; a position without an amount is a note between them."""
    for item in many(trade, "IncludedSupplyChainTradeLineItem"):
        settlement = item.first("SpecifiedLineTradeSettlement")
        quantity = item.first("SpecifiedLineTradeDelivery", "BilledQuantity")
        net = settlement.first(_SUMMATION, "LineTotalAmount") if settlement else None
        tax = settlement.first("ApplicableTradeTax") if settlement else None
        price = item.first("SpecifiedLineTradeAgreement", "NetPriceProductTradePrice", "ChargeAmount")
        if net is None and quantity is None and price is None:
            continue
        yield Line(
            number=text(item, "AssociatedDocumentLineDocument", "LineID"),
            name=text(item, "SpecifiedTradeProduct", "Name"),
            quantity=terms.amount("BT-129", quantity),
            unit=quantity.attribute("unitCode") if quantity else "",
            price=terms.amount("BT-146", price),
            net=terms.amount("BT-131", net),
            category=text(tax, "CategoryCode"),
            rate=terms.amount("BT-152", tax.first("RateApplicablePercent") if tax else None),
        )


def _adjustments(settlement: Node | None, terms: Terms) -> Iterator[Adjustment]:
    for each in many(settlement, "SpecifiedTradeAllowanceCharge"):
        flag = text(each, "ChargeIndicator", "Indicator") or text(each, "ChargeIndicator")
        charge = flag.lower() in ("true", "1")
        amount = terms.amount("BT-99" if charge else "BT-92", each.first("ActualAmount"))
        yield Adjustment(charge, amount, text(each, "Reason"))
    for each in many(settlement, "SpecifiedLogisticsServiceCharge"):
        amount = terms.amount("BT-99", each.first("AppliedAmount"))
        yield Adjustment(charge=True, amount=amount, reason=text(each, "Description"))


def _tax(each: Node, terms: Terms) -> TaxShare:
    return TaxShare(
        category=text(each, "CategoryCode"),
        rate=terms.amount("BT-119", each.first("RateApplicablePercent")),
        basis=terms.amount("BT-116", each.first("BasisAmount")),
        amount=terms.amount("BT-117", each.first("CalculatedAmount")),
    )


def _totals(settlement: Node | None, currency: str, terms: Terms) -> Totals:
    summation = settlement.first(_SUMMATION) if settlement else None
    if summation is None:
        return Totals()

    taxes = tuple(summation.each("TaxTotalAmount"))
    own = [each for each in taxes if each.attribute("currencyID").upper() in ("", currency)]
    return Totals(
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


def _payment(settlement: Node | None) -> Payment:
    means = many(settlement, "SpecifiedTradeSettlementPaymentMeans")
    accounts = (text(each, "PayeePartyCreditorFinancialAccount", "IBANID") for each in means)
    banks = (text(each, "PayeeSpecifiedCreditorFinancialInstitution", "BICID") for each in means)
    return Payment(present(*accounts), next(filter(None, banks), ""), text(settlement, "PaymentReference"))


def _preceding(settlement: Node | None) -> tuple[str, ...]:
    found = many(settlement, "InvoiceReferencedDocument")
    return present(*(text(each, "IssuerAssignedID") or text(each, "ID") for each in found))
