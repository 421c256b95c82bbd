"""Titles of documents are told from names of firms."""

import pytest

from ingestion.domain.extraction.document_titles import is_title

TITLES = (
    "INVOICE|RECHNUNG|Rechnung Nr. 2026-0102|R E C H N U N G|Tax Invoice (Original)|FACTURE N° F-2026-301|Seite 1/2|"
    "Page 1 of 2|Fattura elettronica|CREDIT NOTE|Note d'honoraires|Schlussrechnung|Nota de crédito|INVOICE / RECHNUNG|"
    "Proforma-Rechnung|FACTUUR|Faktura nr. 12|Rechnung vom 05.03.2026"
)
NAMES = (
    "Bill Gates Consulting|Factura Solutions Ltd|Birkenau Feinmechanik GmbH|De Factuur BV|Invoice Software GmbH|"
    "Order Direct plc|Note & Page Stationers|42|Copy Shop Müller"
)


@pytest.mark.parametrize("text", TITLES.split("|"))
def test_is_title_of_document_is_true(text: str) -> None:
    assert is_title(text)


@pytest.mark.parametrize("text", NAMES.split("|"))
def test_is_title_of_firm_is_false(text: str) -> None:
    assert not is_title(text)
