"""Codes: their text is made harmless, stored with the page, and read as payment requests."""

import pytest

from ingestion.domain.extraction import extract_fields
from ingestion.domain.extraction.payment_codes import PaymentCode, parse_payment_code
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.page.barcodes import MAX_BARCODE_TEXT, Barcode, printable_barcode_text
from ingestion.domain.page.elements import PageReading, WordSource
from ingestion.domain.page.serialization import pack_page, unpack_page
from ingestion.domain.schemas import INVOICE
from ingestion.domain.schemas.fields import ExtractedField
from refinery.core.types import BoundingBox
from tests.support.text_pages import native_page

BOX = BoundingBox(0.1, 0.7, 0.3, 0.85)
GIRO = "BCD\n002\n1\nSCT\n\nHansen Tools GmbH\nDE89370400440532013000\nEUR120.50\n\n\nInvoice 4711"
SWISS = (
    "SPC\n0200\n1\nCH5800791123000889012\nS\nRobert Schneider AG\nRue du Lac\n1268\n2501\nBiel\nCH\n"
    + "\n" * 7
    + "3949.75\nCHF\nS\nPia Rutschmann\nMarktgasse\n28\n9400\nRorschach\nCH\nNON\n\nBill no. 3139\nEPD"
)
PAPER = """\
Hansen Tools GmbH

INVOICE
Invoice number: 4711
Invoice date: 2 March 2026

Total due: {total}
"""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\r\nlines\rhere\n", "plain\nlines\nhere\n"),
        ("a\x00b\x1dc\td", "a\\x00b\\x1dc\\x09d"),
        ("safe\u202egnp.exe", "safe\\u202egnp.exe"),
        ("lone \ud800 surrogate", "lone \\ud800 surrogate"),
        ("\U000e0041", "\\U000e0041"),
        ("Zürich €", "Zürich €"),
    ],
)
def test_shown_text_escapes_unprintable_characters(text: str, shown: str) -> None:
    assert printable_barcode_text(text) == shown
    assert printable_barcode_text(shown) == shown


def test_shown_text_is_truncated_after_escaping() -> None:
    assert len(printable_barcode_text("x" * 9000)) == MAX_BARCODE_TEXT
    assert len(printable_barcode_text("\x01" * 3000)) == MAX_BARCODE_TEXT


def test_page_codes_round_trip_and_default_to_none() -> None:
    page = PageReading(1, 100, 100, WordSource.NATIVE, 1.0, codes=(Barcode("qr_code", GIRO, BOX),))
    packed = pack_page(page)
    assert packed["codes"] == [{"format": "qr_code", "text": GIRO, "bbox": [0.1, 0.7, 0.3, 0.85]}]
    assert unpack_page(1, packed) == page
    del packed["codes"]
    assert unpack_page(1, packed).codes == ()


def test_payment_in_reads_epc_and_swiss_codes() -> None:
    assert parse_payment_code(GIRO) == PaymentCode(
        "epc", "DE89370400440532013000", "Hansen Tools GmbH", "120.50", "EUR", ""
    )
    assert parse_payment_code(SWISS) == PaymentCode(
        "swiss", "CH5800791123000889012", "Robert Schneider AG", "3949.75", "CHF", "", "Pia Rutschmann"
    )
    assert parse_payment_code(GIRO.replace("EUR120.50", "EUR7")) is not None
    open_amount = parse_payment_code(GIRO.replace("EUR120.50", ""))
    assert open_amount is not None
    assert open_amount.amount == ""


@pytest.mark.parametrize(
    "broken",
    [
        "https://example.org",
        "",
        GIRO.replace("DE89", "DE88"),
        GIRO.replace("EUR120.50", "USD120.50"),
        GIRO.replace("SCT", "XXX"),
        GIRO.replace("Hansen Tools GmbH", ""),
        SWISS.replace("CH5800", "CH5900"),
        SWISS.replace("3949.75", "3,949.75"),
        SWISS.replace("EPD", "XXX"),
        SWISS.replace("CHF", "USD"),
        "SPC\n0200",
    ],
)
def test_payment_in_incomplete_code_is_none(broken: str) -> None:
    assert parse_payment_code(broken) is None


def invoice(total: str, *codes: str) -> dict[str, ExtractedField]:
    """Read an invoice that prints `total` and has codes; return its fields by name."""
    page = native_page(PAPER.format(total=total))
    found = tuple(Barcode("qr_code", code, BOX) for code in codes)
    whole = PageReading(1, page.width, page.height, page.source, page.confidence, page.words, page.blocks, codes=found)
    return {field.name: field for field in extract_fields(build_document_rows([whole]), INVOICE)}


def test_payment_code_fills_values_that_are_not_printed() -> None:
    without, read = invoice("EUR 120.50"), invoice("EUR 120.50", GIRO)
    assert without["iban"].value == ""
    iban = read["iban"]
    assert (iban.normalized, iban.source, iban.page, iban.bbox) == ("DE89370400440532013000", "code", 1, BOX)
    assert iban.confidence > 0.5
    assert all(verdict.ok for verdict in iban.validations)


def test_payment_code_confirms_printed_total() -> None:
    without, read = invoice("EUR 120.50")["total"], invoice("EUR 120.50", GIRO)["total"]
    assert (read.normalized, read.source, read.bbox) == (without.normalized, without.source, without.bbox)
    assert read.features["proven"] == 1
    assert read.confidence > without.confidence


def test_payment_code_differing_from_print_is_alternative_only() -> None:
    without, read = invoice("EUR 99.00")["total"], invoice("EUR 99.00", GIRO)["total"]
    assert (read.normalized, read.confidence) == (without.normalized, without.confidence)
    assert (read.alternatives[0].value, read.alternatives[0].page, read.alternatives[0].bbox) == ("120.50", 1, BOX)


def test_payment_codes_that_differ_are_ignored() -> None:
    other = GIRO.replace("120.50", "1.00")
    assert invoice("EUR 120.50", GIRO, other) == invoice("EUR 120.50")
    assert invoice("EUR 120.50", GIRO, GIRO)["iban"] == invoice("EUR 120.50", GIRO)["iban"]
