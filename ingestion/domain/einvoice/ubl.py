"""OASIS UBL 2.1, Invoice and CreditNote, as EN 16931-3-2 binds it: XRechnung, Peppol BIS Billing."""

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


def read_ubl(root: Node, syntax: Syntax) -> EInvoice:
    """Read an invoice or a credit note; what is missing is empty, what cannot be read is named."""
    terms = Terms()
    guideline = text(root, "CustomizationID")
    currency = text(root, "DocumentCurrencyCode").upper()
    due = root.first("DueDate") or root.first("PaymentMeans", "PaymentDueDate")
    return EInvoice(
        syntax=syntax,
        profile=profile_of(guideline, syntax),
        guideline=guideline,
        number=text(root, "ID"),
        type_code=text(root, "InvoiceTypeCode") or text(root, "CreditNoteTypeCode"),
        issued=terms.day("BT-2", root.first("IssueDate")),
        due=terms.day("BT-9", due),
        delivered=terms.day("BT-72", root.first("Delivery", "ActualDeliveryDate")),
        currency=currency,
        seller=_party(root.first("AccountingSupplierParty", "Party")),
        buyer=_party(root.first("AccountingCustomerParty", "Party")),
        lines=tuple(_lines(root, terms)),
        adjustments=tuple(_adjustments(root, terms)),
        taxes=tuple(_taxes(root, terms)),
        totals=_totals(root, currency, terms),
        payment=_payment(root),
        preceding=present(
            *(text(each) for each in many(root, "BillingReference", "InvoiceDocumentReference", "ID"))
        ),
        unreadable=terms.unreadable,
    )


def _party(party: Node | None) -> Party:
    if party is None:
        return Party()
    address = party.first("PostalAddress")
    town = " ".join(present(text(address, "PostalZone"), text(address, "CityName")))
    street = (text(address, "StreetName"), text(address, "AdditionalStreetName"))
    return Party(
        name=text(party, "PartyLegalEntity", "RegistrationName") or text(party, "PartyName", "Name"),
        address=present(*street, text(address, "AddressLine", "Line"), town, text(address, "CountrySubentity")),
        country=text(address, "Country", "IdentificationCode").upper(),
        vat_id=_registration(party, vat=True),
        tax_number=_registration(party, vat=False),
    )


def _registration(party: Node, *, vat: bool) -> str:
    schemes = party.each("PartyTaxScheme")
    fitting = (each for each in schemes if (text(each, "TaxScheme", "ID").upper() == "VAT") is vat)
    return next((number for each in fitting if (number := text(each, "CompanyID"))), "")


def _lines(root: Node, terms: Terms) -> Iterator[Line]:
    for item in (*many(root, "InvoiceLine"), *many(root, "CreditNoteLine")):
        quantity = item.first("InvoicedQuantity") or item.first("CreditedQuantity")
        tax = item.first("Item", "ClassifiedTaxCategory")
        yield Line(
            number=text(item, "ID"),
            name=text(item, "Item", "Name"),
            quantity=terms.amount("BT-129", quantity),
            unit=quantity.attribute("unitCode") if quantity else "",
            price=terms.amount("BT-146", item.first("Price", "PriceAmount")),
            net=terms.amount("BT-131", item.first("LineExtensionAmount")),
            category=text(tax, "ID"),
            rate=terms.amount("BT-152", tax.first("Percent") if tax else None),
        )


def _adjustments(root: Node, terms: Terms) -> Iterator[Adjustment]:
    for each in many(root, "AllowanceCharge"):
        charge = text(each, "ChargeIndicator").lower() in ("true", "1")
        amount = terms.amount("BT-99" if charge else "BT-92", each.first("Amount"))
        yield Adjustment(charge, amount, text(each, "AllowanceChargeReason"))


def _taxes(root: Node, terms: Terms) -> Iterator[TaxShare]:
    for each in many(root, "TaxTotal", "TaxSubtotal"):
        yield TaxShare(
            category=text(each, "TaxCategory", "ID"),
            rate=terms.amount("BT-119", each.first("TaxCategory", "Percent")),
            basis=terms.amount("BT-116", each.first("TaxableAmount")),
            amount=terms.amount("BT-117", each.first("TaxAmount")),
        )


def _totals(root: Node, currency: str, terms: Terms) -> Totals:
    """Read the totals; a tax total in another currency (BT-111) is for the tax office alone."""
    taxes = tuple(root.each("TaxTotal", "TaxAmount"))
    own = [each for each in taxes if each.attribute("currencyID").upper() in ("", currency)]
    tax = terms.amount("BT-110", own[0] if own else None)
    total = root.first("LegalMonetaryTotal")
    if total is None:
        return Totals(tax=tax)
    return Totals(
        lines=terms.amount("BT-106", total.first("LineExtensionAmount")),
        allowances=terms.amount("BT-107", total.first("AllowanceTotalAmount")),
        charges=terms.amount("BT-108", total.first("ChargeTotalAmount")),
        net=terms.amount("BT-109", total.first("TaxExclusiveAmount")),
        tax=tax,
        gross=terms.amount("BT-112", total.first("TaxInclusiveAmount")),
        prepaid=terms.amount("BT-113", total.first("PrepaidAmount")),
        rounding=terms.amount("BT-114", total.first("PayableRoundingAmount")),
        due=terms.amount("BT-115", total.first("PayableAmount")),
    )


def _payment(root: Node) -> Payment:
    means = many(root, "PaymentMeans")
    accounts = (text(each, "PayeeFinancialAccount", "ID") for each in means)
    banks = (text(each, "PayeeFinancialAccount", "FinancialInstitutionBranch", "ID") for each in means)
    references = (text(each, "PaymentID") for each in means)
    return Payment(present(*accounts), next(filter(None, banks), ""), next(filter(None, references), ""))
