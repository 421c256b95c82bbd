"""What a specification identifier (BT-24) promises."""

import re

from ingestion.domain.einvoice.model import Profile, Syntax

_CEN = "urn:cen.eu:en16931:2017"
_FIXED = {
    "urn:factur-x.eu:1p0:minimum": Profile.MINIMUM,
    "urn:zugferd.de:2p0:minimum": Profile.MINIMUM,
    "urn:factur-x.eu:1p0:basicwl": Profile.BASIC_WL,
    "urn:zugferd.de:2p0:basicwl": Profile.BASIC_WL,
    "urn:ferd:crossindustrydocument:invoice:1p0:basic": Profile.BASIC,
    "urn:ferd:crossindustrydocument:invoice:1p0:comfort": Profile.EN16931,
    "urn:ferd:crossindustrydocument:invoice:1p0:extended": Profile.EXTENDED,
    "urn:ferd:invoice:rc:basic": Profile.BASIC,
    "urn:ferd:invoice:rc:comfort": Profile.EN16931,
    "urn:ferd:invoice:rc:extended": Profile.EXTENDED,
    _CEN: Profile.EN16931,
}
_WITHIN = (
    (re.compile(r"xrechnung[_\-:]"), Profile.XRECHNUNG),
    (re.compile(r"(?:factur-x\.eu|zugferd\.de):[12]p\d:extended$"), Profile.EXTENDED),
    (re.compile(r"(?:factur-x\.eu|zugferd\.de):[12]p\d:basic$"), Profile.BASIC),
    (re.compile(r"fdc:peppol\.eu:"), Profile.EN16931),
    (re.compile(r"fdc:nen\.nl:|fdc:www\.efaktura|ctc-fr|cius"), Profile.EN16931),
)


def profile_of(guideline: str, syntax: Syntax) -> Profile:
    """Tell the profile; UNKNOWN for an identifier that promises nothing known.

    Writers join the parts by "#compliant#", "#conformant#" or ":compliant:"; capitals mean nothing.
    """
    plain = guideline.strip().lower()
    if plain in _FIXED:
        return _FIXED[plain]
    if plain.startswith(_CEN):
        return next((profile for form, profile in _WITHIN if form.search(plain)), Profile.UNKNOWN)
    if syntax in (Syntax.UBL, Syntax.UBL_CREDIT_NOTE) and plain.startswith("urn:www.cenbii.eu:"):
        return Profile.BASIC  # the forerunner of EN 16931, with the same totals
    return Profile.UNKNOWN
