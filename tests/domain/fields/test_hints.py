"""A field that was not found: what on the pages suggests that there is one after all."""

import pytest

from ingestion.domain.schemas import IDENTITY_DOCUMENT, INVOICE
from ingestion.domain.schemas.fields import FieldKind, FieldSpec, SchemaSpec
from tests.domain.fields.drawing import fields_of

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


def suggested(text: str, name: str, schema: SchemaSpec = INVOICE) -> bool:
    """Say whether something suggests the field, which must not be found."""
    field = fields_of(text, schema)[name]
    assert field.value == ""
    return bool(field.features["suggested"])


@pytest.mark.parametrize("name", ["customer", "due_date", "net_total", "tax_total", "iban", "vat_id"])
def test_nothing_suggests_what_a_plain_invoice_lacks(name: str) -> None:
    """What other fields have taken, its number, its date, its address, is no hint."""
    assert not suggested(PLAIN, name)
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
def test_what_may_be_a_value_is_a_hint(name: str, line: str) -> None:
    """A label without a value; a number that its digits do not prove; a free date; a free address."""
    assert suggested(PLAIN + line, name)
    assert fields_of(PLAIN + line, INVOICE)[name].confidence == pytest.approx(0.5)


@pytest.mark.parametrize("name", ["net_total", "tax_total"])
def test_amounts_like_net_and_tax_are_a_hint(name: str) -> None:
    """Two of them make up the largest, one a usual share of the other."""
    parted = PLAIN.replace("Office chair           400.00", "Office chair   325.20\nEnvironmental charge   74.80")
    assert suggested(parted, name)


def test_a_tenants_pattern_is_looked_for() -> None:
    """Anywhere, label or none."""
    assert suggested("Please quote PO-12345 in your mail", "order", ORDER)
    assert not suggested("Please quote 12345 in your mail", "order", ORDER)


def test_fillers_suggest_a_zone() -> None:
    """Of a zone that could not be read."""
    assert suggested("PASSPORT\nP<UTOERIKSSON<<ANNA", "mrz", IDENTITY_DOCUMENT)
    assert not suggested("PASSPORT", "mrz", IDENTITY_DOCUMENT)


def test_a_field_that_was_found_is_suggested_by_its_value() -> None:
    """The feature is 0 for those alone that nothing speaks of."""
    assert fields_of(PLAIN, INVOICE)["total"].features["suggested"] == 1.0
