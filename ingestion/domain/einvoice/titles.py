"""Titles of e-invoices for people: the standard with its version, and the profile."""

import re

from ingestion.domain.einvoice.model import EInvoice, EInvoiceProfile, EInvoiceSyntax

_STANDARDS = (
    (re.compile(r"xrechnung[_\-:](\d+\.\d+)"), "XRechnung {}"),
    (re.compile(r"factur-x\.eu:(\d)p(\d)"), "Factur-X {}.{}"),
    (re.compile(r"zugferd\.de:(\d)p(\d)"), "ZUGFeRD {}.{}"),
    (re.compile(r"urn:ferd:.*:(\d)p(\d)"), "ZUGFeRD {}.{}"),
    (re.compile(r"urn:ferd:invoice:rc"), "ZUGFeRD RC"),
    (re.compile(r"poacc:billing:(?:\d+:)?(\d+\.\d+)"), "Peppol BIS Billing {}"),
)
_SYNTAX_TITLES = {
    EInvoiceSyntax.CII: "EN 16931 (CII)",
    EInvoiceSyntax.ZUGFERD1: "ZUGFeRD 1.0",
    EInvoiceSyntax.UBL: "EN 16931 (UBL)",
    EInvoiceSyntax.UBL_CREDIT_NOTE: "EN 16931 (UBL)",
}
_PROFILES = {
    EInvoiceProfile.MINIMUM: "MINIMUM",
    EInvoiceProfile.BASIC_WL: "BASIC WL",
    EInvoiceProfile.BASIC: "BASIC",
    EInvoiceProfile.EN16931: "EN 16931",
    EInvoiceProfile.EXTENDED: "EXTENDED",
}
_COMFORT = "COMFORT"  # ZUGFeRD 1's name of the profile that became EN 16931


def standard_title(invoice: EInvoice) -> str:
    """Return the standard with its version, as far as the invoice states it; otherwise the syntax."""
    plain = invoice.guideline.strip().lower()
    for form, title in _STANDARDS:
        hit = form.search(plain)
        if hit:
            return title.format(*hit.groups())
    return _SYNTAX_TITLES[invoice.syntax]


def einvoice_title(invoice: EInvoice) -> str:
    """Return standard and profile: "Factur-X 1.0 EXTENDED"; without the profile if the standard implies it."""
    standard, profile = standard_title(invoice), _PROFILES.get(invoice.profile, "")
    if invoice.syntax is EInvoiceSyntax.ZUGFERD1 and invoice.profile is EInvoiceProfile.EN16931:
        profile = _COMFORT
    return standard if not profile or profile in standard else f"{standard} {profile}"
