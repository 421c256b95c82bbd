"""Validation results: check digits, calendars, formats, each with a stable code."""

import pytest

from ingestion.domain.normalize.validators import check_npi, check_vat, validate
from ingestion.domain.normalize.values import read_value
from ingestion.domain.schemas import DISCHARGE_LETTER, IDENTITY_DOCUMENT, INVOICE
from ingestion.domain.schemas.fields import FieldKind, FieldSpec


@pytest.mark.parametrize(
    ("value", "ok"), [("DE89370400440532013000", True), ("DE89370400440532013001", False), ("DE8", False)]
)
def test_validate_iban_checks_its_check_digits(value: str, ok: bool) -> None:
    verdicts = {verdict.code: verdict.ok for verdict in validate(INVOICE.spec("iban"), value)}
    assert verdicts["iban"] is ok


@pytest.mark.parametrize(
    ("value", "ok"),
    [
        ("DE136695976", True),
        ("DE136695977", False),
        ("GB980780684", True),
        ("GB980780685", False),
        ("CHE107787577IVA", True),
        ("CHE-107.787.577", True),
        ("CHE-107.787.578 MWST", False),
        ("NO 923 609 016 MVA", True),
        ("NO923609017MVA", False),
        ("923609016MVA", True),
        ("27AAPFU0939F1ZV", True),
        ("27AAPFU0939F1ZA", False),
        ("51824753556", True),
        ("GR094259216", True),
        ("XI980780684", True),
        ("TR4540536920", True),
    ],
)
def test_check_vat_follows_rules_of_country(value: str, *, ok: bool) -> None:
    verdict = check_vat(value)
    assert verdict is not None
    assert verdict.ok is ok


@pytest.mark.parametrize("value", ["XX1", "12-3456789", "US123456789", "UA1234567890", "51824753557", "B58378431"])
def test_check_vat_without_known_rule_is_not_judged(value: str) -> None:
    assert check_vat(value) is None
    assert "vat_id" not in {verdict.code for verdict in validate(INVOICE.spec("vat_id"), value)}


@pytest.mark.parametrize(("value", "ok"), [("1234567893", True), ("1234567890", False), ("3234567893", False)])
def test_check_npi_applies_luhn_with_prefix_80840(value: str, ok: bool) -> None:
    assert check_npi(value).ok is ok
    verdicts = {verdict.code: verdict.ok for verdict in validate(DISCHARGE_LETTER.spec("npi"), value)}
    assert verdicts["npi"] is ok


def test_validate_missing_required_field_fails_but_optional_passes() -> None:
    (verdict,) = validate(INVOICE.spec("total"), None)
    assert (verdict.code, verdict.ok) == ("missing", False)
    assert validate(INVOICE.spec("due_date"), "") == ()


def test_validate_mrz_names_failing_check_digit() -> None:
    zone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408127F1204159ZE184226B<<<<<10"
    (verdict,) = validate(IDENTITY_DOCUMENT.spec("mrz"), zone)
    assert not verdict.ok
    assert "date of birth" in verdict.message


def test_read_value_typed_value_is_normalized_like_extracted_one() -> None:
    assert read_value(INVOICE.spec("iban"), "DE89 3704 0044 0532 0130 00")[0] == "DE89370400440532013000"
    assert read_value(INVOICE.spec("total"), "1.284,50 €")[0] == "1284.50"
    value, (verdict,) = read_value(INVOICE.spec("invoice_date"), "tomorrow")
    assert (value, verdict.code, verdict.ok) == ("", "unreadable", False)


def test_validate_tenant_pattern_is_applied() -> None:
    spec = FieldSpec("order", "Order", FieldKind.IDENTIFIER, pattern=r"PO-\d{5}")
    assert [verdict.ok for verdict in validate(spec, "PO-12345")] == [True]
    assert [verdict.code for verdict in validate(spec, "PO-1")] == ["pattern"]
