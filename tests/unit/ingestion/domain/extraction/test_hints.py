"""Hints that a field that was not found exists on the pages."""

import pytest

from ingestion.domain.schemas import IDENTITY_DOCUMENT, INVOICE
from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec
from tests.support.text_pages import fields_of

PLAIN = """
Barlow Systems DAC
27 Harbour Road
Galway H91 E2K7

INVOICE
Invoice number: 2024-41064
Invoice date: 27 March 2024

Description            Amount
Office chair           400.00

Total due              400.00
"""
ORDER = SchemaSpec("order", "Order", (FieldSpec("order", "Order", FieldKind.IDENTIFIER, pattern=r"PO-\d{5}"),))


def has_hint(text: str, name: str, schema: SchemaSpec = INVOICE) -> bool:
    """Return whether the pages hint at the field, which must not be found."""
    field = fields_of(text, schema)[name]
    assert field.value == ""
    return bool(field.features["suggested"])


@pytest.mark.parametrize("name", ["customer", "due_date", "net_total", "tax_total", "iban", "vat_id"])
def test_hints_plain_invoice_suggests_no_missing_field(name: str) -> None:
    """Text used by other fields, such as number, date or address, is no hint."""
    assert not has_hint(PLAIN, name)
    assert fields_of(PLAIN, INVOICE)[name].confidence == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("iban", "IBAN: see overleaf"),
        ("iban", "DE89 3704 0044 0532 0130 01"),
        ("iban", "DE89   3704   0044   0532   0130   01"),
        ("due_date", "Thank you for your visit on 12 May 2024"),
        ("customer", "Our shop moved to Limerick V94 T9XC"),
    ],
)
def test_hints_possible_value_lowers_confidence_of_absence(name: str, line: str) -> None:
    """A label without a value; a number with a wrong check digit; an unused date; an unused address."""
    assert has_hint(PLAIN + line, name)
    assert fields_of(PLAIN + line, INVOICE)[name].confidence == pytest.approx(0.5)


@pytest.mark.parametrize("name", ["net_total", "tax_total"])
def test_hints_amounts_that_look_like_net_and_tax_suggest_them(name: str) -> None:
    """Two amounts sum to the largest, one a common tax share of the other."""
    split = PLAIN.replace("Office chair           400.00", "Office chair   325.20\nEnvironmental charge   74.80")
    assert has_hint(split, name)


def test_hints_tenant_pattern_is_found_anywhere() -> None:
    """Anywhere, with or without a label."""
    assert has_hint("Please quote PO-12345 in your mail", "order", ORDER)
    assert not has_hint("Please quote 12345 in your mail", "order", ORDER)


def test_hints_filler_characters_suggest_mrz() -> None:
    """They come from an unreadable machine-readable zone."""
    assert has_hint("PASSPORT\nP<UTOERIKSSON<<ANNA", "mrz", IDENTITY_DOCUMENT)
    assert not has_hint("PASSPORT", "mrz", IDENTITY_DOCUMENT)


def test_hints_found_field_is_suggested_by_its_value() -> None:
    """The feature is 0 only for fields without any hint."""
    assert fields_of(PLAIN, INVOICE)["total"].features["suggested"] == 1.0
