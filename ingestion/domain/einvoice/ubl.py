"""OASIS UBL 2.1, Invoice and CreditNote, in the binding of EN 16931-3-2: XRechnung, Peppol BIS Billing."""

from collections.abc import Iterator

from ingestion.domain.einvoice import model
from ingestion.domain.einvoice.business_terms import TermReader, elements_at, non_empty, text_at
from ingestion.domain.einvoice.nodes import XmlNode
from ingestion.domain.einvoice.profiles import profile_of


def read_ubl(root: XmlNode, syntax: model.EInvoiceSyntax) -> model.EInvoice:
    """Read an invoice or a credit note; missing terms are empty, unreadable ones are listed."""
    terms = TermReader()
    guideline = text_at(root, "CustomizationID")
    currency = text_at(root, "DocumentCurrencyCode").upper()
    due = root.first("DueDate") or root.first("PaymentMeans", "PaymentDueDate")
    return model.EInvoice(
        syntax=syntax,
        profile=profile_of(guideline, syntax),
        guideline=guideline,
        number=text_at(root, "ID"),
        type_code=text_at(root, "InvoiceTypeCode") or text_at(root, "CreditNoteTypeCode"),
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
        preceding=non_empty(
            *(text_at(each) for each in elements_at(root, "BillingReference", "InvoiceDocumentReference", "ID"))
        ),
        unreadable=terms.unreadable,
    )


def _party(party: XmlNode | None) -> model.Party:
    if party is None:
        return model.Party()
    address = party.first("PostalAddress")
    town = " ".join(non_empty(text_at(address, "PostalZone"), text_at(address, "CityName")))
    street = (text_at(address, "StreetName"), text_at(address, "AdditionalStreetName"))
    return model.Party(
        name=text_at(party, "PartyLegalEntity", "RegistrationName") or text_at(party, "PartyName", "Name"),
        address=non_empty(*street, text_at(address, "AddressLine", "Line"), town, text_at(address, "CountrySubentity")),
        country=text_at(address, "Country", "IdentificationCode").upper(),
        vat_id=_registration(party, vat=True),
        tax_number=_registration(party, vat=False),
    )


def _registration(party: XmlNode, *, vat: bool) -> str:
    schemes = party.find_all("PartyTaxScheme")
    fitting = (each for each in schemes if (text_at(each, "TaxScheme", "ID").upper() == "VAT") is vat)
    return next((number for each in fitting if (number := text_at(each, "CompanyID"))), "")


def _lines(root: XmlNode, terms: TermReader) -> Iterator[model.InvoiceLine]:
    for item in (*elements_at(root, "InvoiceLine"), *elements_at(root, "CreditNoteLine")):
        quantity = item.first("InvoicedQuantity") or item.first("CreditedQuantity")
        tax = item.first("Item", "ClassifiedTaxCategory")
        yield model.InvoiceLine(
            number=text_at(item, "ID"),
            name=text_at(item, "Item", "Name"),
            quantity=terms.amount("BT-129", quantity),
            unit=quantity.attribute("unitCode") if quantity else "",
            price=terms.amount("BT-146", item.first("Price", "PriceAmount")),
            net=terms.amount("BT-131", item.first("LineExtensionAmount")),
            category=text_at(tax, "ID"),
            rate=terms.amount("BT-152", tax.first("Percent") if tax else None),
        )


def _adjustments(root: XmlNode, terms: TermReader) -> Iterator[model.Adjustment]:
    for each in elements_at(root, "AllowanceCharge"):
        charge = text_at(each, "ChargeIndicator").lower() in ("true", "1")
        amount = terms.amount("BT-99" if charge else "BT-92", each.first("Amount"))
        yield model.Adjustment(charge, amount, text_at(each, "AllowanceChargeReason"))


def _taxes(root: XmlNode, terms: TermReader) -> Iterator[model.TaxShare]:
    for each in elements_at(root, "TaxTotal", "TaxSubtotal"):
        yield model.TaxShare(
            category=text_at(each, "TaxCategory", "ID"),
            rate=terms.amount("BT-119", each.first("TaxCategory", "Percent")),
            basis=terms.amount("BT-116", each.first("TaxableAmount")),
            amount=terms.amount("BT-117", each.first("TaxAmount")),
        )


def _totals(root: XmlNode, currency: str, terms: TermReader) -> model.InvoiceTotals:
    """Read the totals; a tax total in another currency (BT-111) is only for the tax office and ignored."""
    taxes = tuple(root.find_all("TaxTotal", "TaxAmount"))
    own = [each for each in taxes if each.attribute("currencyID").upper() in ("", currency)]
    tax = terms.amount("BT-110", own[0] if own else None)
    total = root.first("LegalMonetaryTotal")
    if total is None:
        return model.InvoiceTotals(tax=tax)
    return model.InvoiceTotals(
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


def _payment(root: XmlNode) -> model.Payment:
    means = elements_at(root, "PaymentMeans")
    accounts = (text_at(each, "PayeeFinancialAccount", "ID") for each in means)
    banks = (text_at(each, "PayeeFinancialAccount", "FinancialInstitutionBranch", "ID") for each in means)
    references = (text_at(each, "PaymentID") for each in means)
    return model.Payment(non_empty(*accounts), next(filter(None, banks), ""), next(filter(None, references), ""))
