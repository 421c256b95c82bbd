"""Common names of standards, versions and profiles."""

import pytest

from ingestion.adapters.formats.einvoice.xml import read_xml
from ingestion.domain.einvoice.parsing import parse_einvoice
from ingestion.domain.einvoice.titles import einvoice_title
from tests.support.einvoices import ZUGFERD1, cii, ubl, zugferd1

FX = "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended"
PEPPOL = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
ZUGFERD2 = "urn:cen.eu:en16931:2017#compliant#urn:zugferd.de:2p0:basic"
XRECHNUNG2 = "urn:cen.eu:en16931:2017#compliant#urn:xoev-de:kosit:standard:xrechnung_2.1"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (cii(), "EN 16931 (CII)"),
        (cii(guideline=FX), "Factur-X 1.0 EXTENDED"),
        (cii(guideline="urn:factur-x.eu:1p0:minimum"), "Factur-X 1.0 MINIMUM"),
        (cii(guideline=ZUGFERD2), "ZUGFeRD 2.0 BASIC"),
        (cii(guideline=XRECHNUNG2), "XRechnung 2.1"),
        (cii(guideline="urn:example:own"), "EN 16931 (CII)"),
        (zugferd1(), "ZUGFeRD 1.0 COMFORT"),
        (zugferd1(guideline=ZUGFERD1.replace("comfort", "basic")), "ZUGFeRD 1.0 BASIC"),
        (ubl(), "XRechnung 3.0"),
        (ubl(guideline=PEPPOL), "Peppol BIS Billing 3.0 EN 16931"),
    ],
)
def test_title_of_einvoice_names_standard_version_and_profile(text: str, title: str) -> None:
    assert einvoice_title(parse_einvoice(read_xml(text.encode()))) == title
