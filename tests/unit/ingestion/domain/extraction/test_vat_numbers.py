"""VAT numbers on pages: cut out of their lines, never an amount of the tax."""

import pytest

from ingestion.domain.schemas import INVOICE
from tests.support.text_pages import normalized

PAGE = """
Birkenau Feinmechanik GmbH
{line}
Rechnung Nr. 2026-0150 vom 11.03.2026
Nettobetrag                  160,00
{tax}
Gesamtbetrag                 190,40
"""
TAX = "Umsatzsteuer 19 %             30,40"


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("USt-IdNr.: DE136695976 Steuernummer: 12/345/67890", "DE136695976"),
        ("Umsatzsteuer-Identifikationsnummer DE 136 695 976 gemäß § 27 a UStG", "DE136695976"),
        ("TVA intracommunautaire : FR 40 303 265 045 - Capital 10 000 euros", "FR40303265045"),
        ("Org.nr NO 923 609 016 MVA", "NO923609016MVA"),
        ("UID: CHE-107.787.577", "CHE107787577"),
        ("VAT Reg No GB 980 7806 84", "GB980780684"),
        ("ABN 51 824 753 556", "51824753556"),
        ("GSTIN: 27AAPFU0939F1ZV", "27AAPFU0939F1ZV"),
        ("P.IVA IT00743110157", "IT00743110157"),
        ("NIF: B58378431", "B58378431"),
        ("VAT No: 12-3456789", "12-3456789"),
    ],
)
def test_vat_number_is_cut_out_of_its_line(line: str, number: str) -> None:
    assert normalized(PAGE.format(line=line, tax=TAX), INVOICE)["vat_id"] == number


@pytest.mark.parametrize(
    "tax",
    [
        TAX,
        "TVA 5,5 %                      5,50\nTVA 20 %                      24,90",
        "MwSt 19 %                 1.234,56",
        "VAT 20% on 160.00             30.40",
        "Mehrwertsteuer 7 %       123 456,78",
    ],
)
def test_amount_of_tax_is_no_vat_number(tax: str) -> None:
    assert normalized(PAGE.format(line="", tax=tax), INVOICE)["vat_id"] == ""
