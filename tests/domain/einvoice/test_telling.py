"""The XML beside its page: fields take its values and their places; what the page says otherwise is told."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ingestion.adapters.formats.einvoice.xml import read_xml
from ingestion.domain.einvoice import parse_einvoice
from ingestion.domain.einvoice.mapping import SOURCE_XML, Told, tell, values_of
from ingestion.domain.einvoice.model import TaxShare
from ingestion.domain.einvoice.serialization import unpack_einvoice
from ingestion.domain.extraction import extract_fields
from ingestion.domain.page.elements import PageReading, Word, WordSource
from ingestion.domain.schemas import INVOICE, LAB_REPORT
from ingestion.domain.schemas.fields import ExtractedField
from refinery.core.types import BoundingBox
from tests.einvoices import PAGE, cii


def page(text: str) -> PageReading:
    words = []
    for line, content in enumerate(text.splitlines()):
        left = 0.1
        for part in content.split():
            box = BoundingBox(left, 0.05 + 0.03 * line, left + 0.01 * len(part), 0.07 + 0.03 * line)
            words.append(Word(part, box, 1.0, WordSource.NATIVE, line))
            left = box.x1 + 0.008
    return PageReading(1, 1654, 2339, WordSource.NATIVE, 1.0, tuple(words))


def told(text: str = PAGE, **changes: str) -> Told:
    pages = (page(text),)
    invoice = parse_einvoice(read_xml(cii(**changes).encode()))
    return tell(invoice, pages, INVOICE, extract_fields(pages, INVOICE))


def field(found: Told, name: str) -> ExtractedField:
    return next(each for each in found.fields if each.name == name)


def test_every_field_comes_from_the_xml_and_is_shown_where_it_is_printed() -> None:
    found = told()
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
    assert len(found.comparison.compared) == len(INVOICE.fields) - 1  # all but the address


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
def test_a_page_that_says_otherwise(old: str, new: str, name: str, printed: str) -> None:
    found = told(PAGE.replace(old, new))
    (difference,) = (each for each in found.comparison.differences if each.field == name)
    assert (difference.printed, difference.page) == (printed, 1)
    assert difference.bbox is not None
    stands = field(found, name)
    assert (stands.source, stands.normalized) == ("xml", difference.told)
    assert [other.value for other in stands.alternatives] == [difference.text]


def test_an_altered_total_is_told_though_the_right_one_stands_elsewhere() -> None:
    text = PAGE.replace("Gesamtbetrag: 1.130,50", "Gesamtbetrag: 1.310,50") + "\nRatenplan 1.130,50"
    assert [each.field for each in told(text).comparison.differences] == ["total"]


def test_a_total_replaced_by_another_amount_of_the_invoice() -> None:
    assert [each.field for each in told(PAGE.replace("1.130,50", "950,00")).comparison.differences] == ["total"]


def test_an_amount_due_beside_the_total_is_no_difference() -> None:
    text = PAGE + "\nZahlbetrag: 1.100,00 EUR"
    assert told(text).comparison.differences == ()


def test_a_second_account_on_the_page_is_no_difference() -> None:
    text = PAGE.replace("IBAN: ", "IBAN: DE02 1203 0000 0000 2020 51\nIBAN: ")
    assert told(text).comparison.differences == ()


def test_a_credit_note_may_be_printed_with_a_sign() -> None:
    text = PAGE.replace("950,00 EUR", "-950,00 EUR").replace("180,50", "-180,50").replace("1.130,50", "-1.130,50")
    assert told(text, type="381").comparison.differences == ()


def test_a_name_in_two_lines_is_found() -> None:
    found = told(PAGE.replace("Hafenpapier GmbH", "Hafenpapier\nGmbH"))
    supplier = field(found, "supplier")
    assert (supplier.value, supplier.normalized) == ("Hafenpapier GmbH", "Hafenpapier GmbH")
    assert supplier.bbox is not None


@pytest.mark.parametrize("money", ["EUR 1.130,50", "1.130,50 EUR", "1.130,50\nAlle Preise in EUR"])
def test_a_currency_is_its_mark_wherever_it_stands(money: str) -> None:
    """Never the amount beside it, nor the whole line."""
    currency = field(told(PAGE.replace(" EUR", "").replace("1.130,50", money)), "currency")
    assert (currency.value, currency.normalized) == ("EUR", "EUR")
    assert currency.bbox is not None
    assert currency.bbox.x1 - currency.bbox.x0 < 0.04


def test_what_the_page_does_not_print_keeps_the_xml_s_own_writing() -> None:
    found = told(PAGE.replace("Fällig am: 13.07.2025\n", ""))
    due = field(found, "due_date")
    assert (due.value, due.normalized, due.bbox, due.page) == ("2025-07-13", "2025-07-13", None, None)
    assert "due_date" not in found.comparison.compared


def test_what_the_xml_does_not_say_stays_as_it_was_read() -> None:
    found = told(iban="")
    account = field(found, "iban")
    assert account.normalized == "DE89370400440532013000"
    assert account.source != "xml"
    assert SOURCE_XML not in account.features


def test_a_broken_sum_takes_the_certainty_of_its_amounts() -> None:
    found = told(gross="1131.50", due_amount="1101.00")
    assert {name: field(found, name).confidence for name in ("net_total", "tax_total", "total", "iban")} == {
        "net_total": 0.5, "tax_total": 0.5, "total": 0.5, "iban": 1.0,
    }  # fmt: skip


def test_an_account_that_fails_its_check_digits_is_told_as_such() -> None:
    account = field(told(iban="DE89370400440532013001"), "iban")
    assert [(each.code, each.ok) for each in account.validations if each.code == "iban"] == [("iban", False)]


def test_of_several_accounts_the_printed_one_is_taken() -> None:
    pages = (page(PAGE),)
    invoice = parse_einvoice(read_xml(cii().encode()))
    packed = unpack_einvoice(invoice)
    assert values_of(packed, extract_fields(pages, INVOICE))["iban"] == "DE89370400440532013000"


def test_a_schema_without_these_fields_takes_nothing() -> None:
    pages = (page(PAGE),)
    read = extract_fields(pages, LAB_REPORT)
    found = tell(parse_einvoice(read_xml(cii().encode())), pages, LAB_REPORT, read)
    assert found.fields == read
    assert found.comparison.compared == frozenset()


def test_what_is_paid_at_one_rate_is_no_other_total() -> None:
    """Pages print it beside that rate's basis and tax; an amount that no rate makes is still told."""
    shares = (TaxShare("S", None, Decimal("290.00"), Decimal("55.10")),)
    invoice = replace(parse_einvoice(read_xml(cii().encode())), taxes=shares)
    for amount, fields in (("345,10", []), ("346,10", ["total"])):
        pages = (page(PAGE.replace("1.130,50 EUR", f"{amount} EUR\n1.130,50 EUR")),)
        found = tell(invoice, pages, INVOICE, extract_fields(pages, INVOICE))
        assert [each.field for each in found.comparison.differences] == fields
