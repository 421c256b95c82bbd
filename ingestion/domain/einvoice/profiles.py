"""Profiles that specification identifiers (BT-24) denote."""

import re

from ingestion.domain.einvoice.model import EInvoiceProfile, EInvoiceSyntax

_CEN = "urn:cen.eu:en16931:2017"
_FIXED = {
    "urn:factur-x.eu:1p0:minimum": EInvoiceProfile.MINIMUM,
    "urn:zugferd.de:2p0:minimum": EInvoiceProfile.MINIMUM,
    "urn:factur-x.eu:1p0:basicwl": EInvoiceProfile.BASIC_WL,
    "urn:zugferd.de:2p0:basicwl": EInvoiceProfile.BASIC_WL,
    "urn:ferd:crossindustrydocument:invoice:1p0:basic": EInvoiceProfile.BASIC,
    "urn:ferd:crossindustrydocument:invoice:1p0:comfort": EInvoiceProfile.EN16931,
    "urn:ferd:crossindustrydocument:invoice:1p0:extended": EInvoiceProfile.EXTENDED,
    "urn:ferd:invoice:rc:basic": EInvoiceProfile.BASIC,
    "urn:ferd:invoice:rc:comfort": EInvoiceProfile.EN16931,
    "urn:ferd:invoice:rc:extended": EInvoiceProfile.EXTENDED,
    _CEN: EInvoiceProfile.EN16931,
}
_WITHIN = (
    (re.compile(r"xrechnung[_\-:]"), EInvoiceProfile.XRECHNUNG),
    (re.compile(r"(?:factur-x\.eu|zugferd\.de):[12]p\d:extended$"), EInvoiceProfile.EXTENDED),
    (re.compile(r"(?:factur-x\.eu|zugferd\.de):[12]p\d:basic$"), EInvoiceProfile.BASIC),
    (re.compile(r"fdc:peppol\.eu:"), EInvoiceProfile.EN16931),
    (re.compile(r"fdc:nen\.nl:|fdc:www\.efaktura|ctc-fr|cius"), EInvoiceProfile.EN16931),
)


def profile_of(guideline: str, syntax: EInvoiceSyntax) -> EInvoiceProfile:
    """Return the profile; UNKNOWN for an unknown identifier.

    Writers join the parts by "#compliant#", "#conformant#" or ":compliant:"; case is ignored.
    """
    plain = guideline.strip().lower()
    if plain in _FIXED:
        return _FIXED[plain]
    if plain.startswith(_CEN):
        return next((profile for form, profile in _WITHIN if form.search(plain)), EInvoiceProfile.UNKNOWN)
    if syntax in (EInvoiceSyntax.UBL, EInvoiceSyntax.UBL_CREDIT_NOTE) and plain.startswith("urn:www.cenbii.eu:"):
        return EInvoiceProfile.BASIC  # the predecessor of EN 16931, with the same totals
    return EInvoiceProfile.UNKNOWN
