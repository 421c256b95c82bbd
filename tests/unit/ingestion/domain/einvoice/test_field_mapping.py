"""Mapping of XML values to the page: fields get XML values and page boxes; differences are reported."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ingestion.adapters.formats.einvoice.xml import read_xml
from ingestion.domain.einvoice.mapping import XML_FEATURE, MappedEInvoice, einvoice_values, map_einvoice
from ingestion.domain.einvoice.model import TaxShare
from ingestion.domain.einvoice.parsing import parse_einvoice
from ingestion.domain.einvoice.serialization import unpack_einvoice
from ingestion.domain.extraction import extract_fields
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.page.elements import PageReading, Word, WordSource
from ingestion.domain.schemas import INVOICE, LAB_REPORT
from ingestion.domain.schemas.fields import ExtractedField
from refinery.core.types import BoundingBox
from tests.support.einvoices import PAGE, cii


def page(text: str) -> PageReading:
    words = []
    for line, content in enumerate(text.splitlines()):
        left = 0.1
        for part in content.split():
            box = BoundingBox(left, 0.05 + 0.03 * line, left + 0.01 * len(part), 0.07 + 0.03 * line)
            words.append(Word(part, box, 1.0, WordSource.NATIVE, line))
            left = box.x1 + 0.008
    return PageReading(1, 1654, 2339, WordSource.NATIVE, 1.0, tuple(words))


def mapped_einvoice(text: str = PAGE, **changes: str) -> MappedEInvoice:
    doc = build_document_rows((page(text),))
    invoice = parse_einvoice(read_xml(cii(**changes).encode()))
    return map_einvoice(invoice, doc, INVOICE, extract_fields(doc, INVOICE))


def field(found: MappedEInvoice, name: str) -> ExtractedField:
    return next(each for each in found.fields if each.name == name)


def test_fields_come_from_xml_with_box_of_printed_value() -> None:
    found = mapped_einvoice()
    assert {each.name for each in found.fields} == {spec.name for spec in INVOICE.fields}
    for each in found.fields:
        assert (each.source, each.confidence) == ("xml", 1.0), each.name
        assert each.bbox is not None, each.name
    total = field(found, "total")
    assert (total.value, total.normalized, total.page) == ("1.130,50 EUR", "1130.50", 1)
    assert total.bbox is not None
    assert 0.41 <= total.bbox.y0 <= 0.42  # the thirteenth line
    assert field(found, "invoice_date").normalized == "2025-06-13"
    assert field(found, "iban").normalized == "DE89370400440532013000"
    assert found.comparison.differences == ()
    assert len(found.comparison.compared) == len(INVOICE.fields) - 1  # all except the address


@pytest.mark.parametrize(
    ("old", "new", "name", "printed"),
    [
        ("1.130,50", "1.310,50", "total", "1310.50"),
        ("950,00", "590,00", "net_total", "590.00"),
        ("HP-2025-0118", "HP-2025-0119", "invoice_number", "HP-2025-0119"),
        ("13.06.2025", "14.06.2025", "invoice_date", "2025-06-14"),
        ("DE89 3704 0044 0532 0130 00", "DE02 1203 0000 0000 2020 51", "iban", "DE02120300000000202051"),
        ("DE136695976", "DE811569869", "vat_id", "DE811569869"),
    ],
)
def test_page_value_differing_from_xml_is_reported(old: str, new: str, name: str, printed: str) -> None:
    found = mapped_einvoice(PAGE.replace(old, new))
    (difference,) = (each for each in found.comparison.differences if each.field == name)
    assert (difference.page_value, difference.page) == (printed, 1)
    assert difference.bbox is not None
    stands = field(found, name)
    assert (stands.source, stands.normalized) == ("xml", difference.xml_value)
    assert [other.value for other in stands.alternatives] == [difference.text]


def test_altered_total_is_reported_although_right_amount_is_printed_elsewhere() -> None:
    text = PAGE.replace("Gesamtbetrag: 1.130,50", "Gesamtbetrag: 1.310,50") + "\nRatenplan 1.130,50"
    assert [each.field for each in mapped_einvoice(text).comparison.differences] == ["total"]


def test_total_replaced_by_other_invoice_amount_is_reported() -> None:
    assert [each.field for each in mapped_einvoice(PAGE.replace("1.130,50", "950,00")).comparison.differences] == [
        "total"
    ]


def test_amount_due_beside_total_is_no_difference() -> None:
    text = PAGE + "\nZahlbetrag: 1.100,00 EUR"
    assert mapped_einvoice(text).comparison.differences == ()


def test_second_account_on_page_is_no_difference() -> None:
    text = PAGE.replace("IBAN: ", "IBAN: DE02 1203 0000 0000 2020 51\nIBAN: ")
    assert mapped_einvoice(text).comparison.differences == ()


def test_credit_note_printed_with_minus_sign_is_no_difference() -> None:
    text = PAGE.replace("950,00 EUR", "-950,00 EUR").replace("180,50", "-180,50").replace("1.130,50", "-1.130,50")
    assert mapped_einvoice(text, type="381").comparison.differences == ()


def test_name_printed_on_two_lines_is_found() -> None:
    found = mapped_einvoice(PAGE.replace("Hafenpapier GmbH", "Hafenpapier\nGmbH"))
    supplier = field(found, "supplier")
    assert (supplier.value, supplier.normalized) == ("Hafenpapier GmbH", "Hafenpapier GmbH")
    assert supplier.bbox is not None


@pytest.mark.parametrize("money", ["EUR 1.130,50", "1.130,50 EUR", "1.130,50\nAlle Preise in EUR"])
def test_currency_box_covers_only_the_currency_mark(money: str) -> None:
    """The box contains neither the amount nor the rest of the line."""
    currency = field(mapped_einvoice(PAGE.replace(" EUR", "").replace("1.130,50", money)), "currency")
    assert (currency.value, currency.normalized) == ("EUR", "EUR")
    assert currency.bbox is not None
    assert currency.bbox.x1 - currency.bbox.x0 < 0.04


def test_value_not_printed_keeps_xml_spelling() -> None:
    found = mapped_einvoice(PAGE.replace("Fällig am: 13.07.2025\n", ""))
    due = field(found, "due_date")
    assert (due.value, due.normalized, due.bbox, due.page) == ("2025-07-13", "2025-07-13", None, None)
    assert "due_date" not in found.comparison.compared


def test_value_missing_in_xml_keeps_extracted_field() -> None:
    found = mapped_einvoice(iban="")
    account = field(found, "iban")
    assert account.normalized == "DE89370400440532013000"
    assert account.source != "xml"
    assert XML_FEATURE not in account.features


def test_broken_sum_lowers_confidence_of_amounts() -> None:
    found = mapped_einvoice(gross="1131.50", due_amount="1101.00")
    assert {name: field(found, name).confidence for name in ("net_total", "tax_total", "total", "iban")} == {
        "net_total": 0.5,
        "tax_total": 0.5,
        "total": 0.5,
        "iban": 1.0,
    }


def test_iban_with_wrong_check_digits_fails_validation() -> None:
    account = field(mapped_einvoice(iban="DE89370400440532013001"), "iban")
    assert [(each.code, each.ok) for each in account.validations if each.code == "iban"] == [("iban", False)]


def test_several_accounts_use_the_printed_one() -> None:
    doc = build_document_rows((page(PAGE),))
    invoice = parse_einvoice(read_xml(cii().encode()))
    packed = unpack_einvoice(invoice)
    assert einvoice_values(packed, extract_fields(doc, INVOICE))["iban"] == "DE89370400440532013000"


def test_schema_without_einvoice_fields_is_unchanged() -> None:
    doc = build_document_rows((page(PAGE),))
    read = extract_fields(doc, LAB_REPORT)
    found = map_einvoice(parse_einvoice(read_xml(cii().encode())), doc, LAB_REPORT, read)
    assert found.fields == read
    assert found.comparison.compared == frozenset()


def test_gross_amount_of_one_tax_rate_is_no_other_total() -> None:
    """Pages print it next to that rate's basis and tax; any other amount is still reported."""
    shares = (TaxShare("S", None, Decimal("290.00"), Decimal("55.10")),)
    invoice = replace(parse_einvoice(read_xml(cii().encode())), taxes=shares)
    for amount, fields in (("345,10", []), ("346,10", ["total"])):
        doc = build_document_rows((page(PAGE.replace("1.130,50 EUR", f"{amount} EUR\n1.130,50 EUR")),))
        found = map_einvoice(invoice, doc, INVOICE, extract_fields(doc, INVOICE))
        assert [each.field for each in found.comparison.differences] == fields


def test_three_decimals_of_xml_equal_those_of_the_page() -> None:
    found = _in_dinars("1234.75", PAGE.replace("1.130,50 EUR", "KWD 1,234.750"))
    assert (field(found, "total").value, field(found, "total").normalized) == ("KWD 1,234.750", "1234.75")
    assert "total" not in {difference.field for difference in found.comparison.differences}


def test_point_of_xml_is_a_decimal_mark_before_three_digits() -> None:
    assert field(_in_dinars("1.234", PAGE), "total").normalized == "1.234"


def _in_dinars(gross: str, text: str) -> MappedEInvoice:
    doc = build_document_rows((page(text),))
    invoice = parse_einvoice(read_xml(cii().encode()))
    invoice = replace(invoice, currency="KWD", totals=replace(invoice.totals, gross=Decimal(gross)))
    return map_einvoice(invoice, doc, INVOICE, extract_fields(doc, INVOICE))
