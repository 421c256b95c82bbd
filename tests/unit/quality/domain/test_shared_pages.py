"""Receipts or invoices that share a page are found; what one document prints twice is not."""

import pytest

from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.page.elements import PageReading, Word, WordSource
from quality.domain.shared_pages import find_shared_pages
from refinery.core.types import BoundingBox
from tests.support.call_counts import count_calls

GROCER = """MARIGOLD GROCERS
18 Orchard Street
Tel (603) 555 0142
Date 05/14/2026|17:22
Oat milk|4.20
Olive oil|15.40
SUBTOTAL|19.60
TAX 8%|1.57
TOTAL|21.17
CASH|25.00
CHANGE|3.83
TOTAL SAVINGS|5.40"""
CAFE = """HARBOR CAFE
2 Pier Road
Date 05/14/2026|12:05
Fish soup|11.50
SUBTOTAL|16.00
TAX 8.5%|1.36
TOTAL|17.36
VISA|17.36"""
INVOICE = """Larkfield Components Ltd
INVOICE
Invoice number|LC-3471
Invoice date|13 May 2026
Bill to
Quillon Bakeries plc
Valve seats|360.00
Subtotal|500.00
VAT 20%|100.00
Total GBP|600.00"""
RECHNUNG = """Muster GmbH
Rechnungsnummer|2026-17
Rechnungsdatum|03.05.2026
Beratung|500,00
Zwischensumme|500,00
MwSt 19%|95,00
Gesamtbetrag EUR|595,00"""
COLUMNS = """Larkfield Components Ltd|Invoice date 13 May 2026
Quillon Bakeries plc|Delivery date 1 May 2026
Valve seats|360.00
Gasket kit|140.00
Total weight|12.50
Subtotal|500.00
VAT 20%|100.00
Total|600.00"""
ROUNDED = """SHOP SDN BHD
TEL 03-555 0142
DATE 14/05/2026|17:22
MILK|43.38
SUBTOTAL|43.38
TOTAL|43.38
ROUNDING|0.02
ROUNDED TOTAL|43.40
CASH|50.00
GST SUMMARY|40.92
TAX|2.46
14/05/2026|17:25
THANK YOU"""


def words(text: str, left: float, top: float, *, width: float = 0.4) -> list[Word]:
    """Place a text line by line; what follows a bar ends at the right edge."""
    placed = []
    for row, line in enumerate(text.splitlines()):
        y = top + 0.02 * row
        label, _, value = line.partition("|")
        x = left
        for word in label.split():
            placed.append(_word(word, x, y))
            x += 0.01 * (len(word) + 1)
        x = left + width - 0.01 * len(value)
        for word in value.split():
            placed.append(_word(word, x, y))
            x += 0.01 * (len(word) + 1)
    return placed


def _word(text: str, x: float, y: float) -> Word:
    return Word(text, BoundingBox(x, y, x + 0.01 * len(text), y + 0.014), 0.98, WordSource.RAPIDOCR, 0)


def shared(*parts: list[Word]) -> tuple[int, ...]:
    page = PageReading(1, 1000, 1400, WordSource.RAPIDOCR, 0.98, tuple(word for part in parts for word in part))
    return find_shared_pages(build_document_rows((page,)))


@pytest.mark.parametrize(("left", "right"), [(GROCER, CAFE), (CAFE, GROCER), (INVOICE, RECHNUNG), (GROCER, INVOICE)])
@pytest.mark.parametrize("fall", [0.0, 0.033])
def test_documents_side_by_side_are_found(left: str, right: str, fall: float) -> None:
    assert shared(words(left, 0.05, 0.1), words(right, 0.55, 0.1 + fall)) == (1,)


@pytest.mark.parametrize(("upper", "lower"), [(GROCER, CAFE), (CAFE, GROCER), (INVOICE, RECHNUNG)])
def test_documents_one_above_the_other_are_found(upper: str, lower: str) -> None:
    assert shared(words(upper, 0.05, 0.05), words(lower, 0.08, 0.55)) == (1,)


@pytest.mark.parametrize("text", [GROCER, CAFE, INVOICE, RECHNUNG, COLUMNS, ROUNDED])
def test_single_document_is_not_reported(text: str) -> None:
    assert shared(words(text, 0.05, 0.1, width=0.8)) == ()
    assert shared(words(text, 0.05, 0.1)) == ()


@pytest.mark.parametrize("text", [GROCER, INVOICE])
def test_copies_of_one_document_are_not_reported(text: str) -> None:
    assert shared(words(text, 0.05, 0.1), words(text, 0.55, 0.1)) == ()


def test_payment_slip_beside_invoice_is_not_reported() -> None:
    slip = "Remittance advice\nInvoice number|LC-3471\nInvoice date|13 May 2026\nAmount due|600.00"
    assert shared(words(INVOICE, 0.05, 0.1), words(slip, 0.55, 0.1)) == ()


def test_page_without_words_is_not_reported() -> None:
    assert shared([]) == ()


def page_of_totals(count: int) -> PageReading:
    """Return a page of rows with a total each, whose words leave no gap down the page."""
    placed = [
        Word(text, BoundingBox(x, row / count, x + 0.443, (row + 0.7) / count), 0.98, WordSource.NATIVE, row)
        for row in range(count)
        for text, x in (("TOTAL", 0.06), ("1.00", 0.507))
    ]
    return PageReading(1, 1000, 1400, WordSource.NATIVE, 0.98, tuple(placed))


def test_page_of_many_totals_has_no_quadratic_growth() -> None:
    few, many = (build_document_rows((page_of_totals(count),)) for count in (200, 400))
    assert count_calls(lambda: find_shared_pages(many)) <= 3 * count_calls(lambda: find_shared_pages(few))
