"""What people call an e-invoice: its standard with the version, and its profile."""

import re

from ingestion.domain.einvoice.model import EInvoice, Profile, Syntax

_STANDARDS = (
    (re.compile(r"xrechnung[_\-:](\d+\.\d+)"), "XRechnung {}"),
    (re.compile(r"factur-x\.eu:(\d)p(\d)"), "Factur-X {}.{}"),
    (re.compile(r"zugferd\.de:(\d)p(\d)"), "ZUGFeRD {}.{}"),
    (re.compile(r"urn:ferd:.*:(\d)p(\d)"), "ZUGFeRD {}.{}"),
    (re.compile(r"urn:ferd:invoice:rc"), "ZUGFeRD RC"),
    (re.compile(r"poacc:billing:(?:\d+:)?(\d+\.\d+)"), "Peppol BIS Billing {}"),
)
_WRITTEN_AS = {
    Syntax.CII: "EN 16931 (CII)",
    Syntax.ZUGFERD1: "ZUGFeRD 1.0",
    Syntax.UBL: "EN 16931 (UBL)",
    Syntax.UBL_CREDIT_NOTE: "EN 16931 (UBL)",
}
_PROFILES = {
    Profile.MINIMUM: "MINIMUM",
    Profile.BASIC_WL: "BASIC WL",
    Profile.BASIC: "BASIC",
    Profile.EN16931: "EN 16931",
    Profile.EXTENDED: "EXTENDED",
}
_COMFORT = "COMFORT"  # what ZUGFeRD 1 called the profile that became EN 16931


def standard_of(invoice: EInvoice) -> str:
    """Name the standard with its version, as far as the invoice says; else the syntax that it is written in."""
    plain = invoice.guideline.strip().lower()
    for form, title in _STANDARDS:
        hit = form.search(plain)
        if hit:
            return title.format(*hit.groups())
    return _WRITTEN_AS[invoice.syntax]


def title_of_einvoice(invoice: EInvoice) -> str:
    """Name standard and profile: "Factur-X 1.0 EXTENDED"; the profile is left out where the standard says it."""
    standard, profile = standard_of(invoice), _PROFILES.get(invoice.profile, "")
    if invoice.syntax is Syntax.ZUGFERD1 and invoice.profile is Profile.EN16931:
        profile = _COMFORT
    return standard if not profile or profile in standard else f"{standard} {profile}"
