"""Printed amounts: separators, currencies, signs, and text that only looks like an amount."""

from decimal import Decimal

import pytest

from ingestion.domain.normalize.money import find_amounts, find_currency, format_like, read_amount


@pytest.mark.parametrize(
    ("printed", "value", "currency"),
    [
        ("1,284.50", "1284.50", None),
        ("1.284,50 EUR", "1284.50", "EUR"),
        ("1 284,50 €", "1284.50", "EUR"),
        ("1\u202f284,50 €", "1284.50", "EUR"),
        ("CHF 1'284.50", "1284.50", "CHF"),
        ("RM9.00", "9.00", "MYR"),
        ("$5.50", "5.50", "USD"),
        ("9. 00", "9.00", None),
        (".02", "0.02", None),
        ("-RM 0.02", "-0.02", "MYR"),
        ("50.00-", "-50.00", None),
        ("(9.00)", "-9.00", None),
        ("23.60S", "23.60", None),
        ("USD 1,234,567.89", "1234567.89", "USD"),
    ],
)
def test_read_amount_accepts_printed_forms(printed: str, value: str, currency: str | None) -> None:
    found = read_amount(printed)
    assert found is not None
    assert (found.normalized, found.currency, found.has_decimals) == (value, currency, True)


def test_find_amounts_includes_both_brackets() -> None:
    text = "darin (35,13 EUR) Steuer"
    (found,) = (match for match in find_amounts(text) if match.has_decimals)
    assert text[found.start : found.stop] == "(35,13 EUR)"


@pytest.mark.parametrize("printed", ["12.06.2018", "10:22", "6%", "19,0 %"])
def test_find_amounts_dates_times_percentages_are_not_exact(printed: str) -> None:
    assert [match.normalized for match in find_amounts(printed) if match.has_decimals] == []


def test_read_amount_without_cents_is_not_exact() -> None:
    found = read_amount("RM1,234")
    assert found is not None
    assert (found.normalized, found.has_decimals) == ("1234.00", False)


def test_find_currency_names_currency_of_text() -> None:
    assert find_currency("All amounts in EUR") == "EUR"
    assert find_currency("FORM 9") is None


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("17 508,02", "17 499,02"),
        ("EUR 1.234,50", "17.499,02"),
        ("1'234.50", "17'499.02"),
        ("RM 9.00", "17499.02"),
        ("9, 90", "17499,02"),
        ("paid in full", "17499.02"),
    ],
)
def test_write_like_uses_format_of_printed_amount(printed: str, written: str) -> None:
    """It uses the separators of the page, and the result is read as the same amount."""
    assert format_like(Decimal("17499.02"), printed) == written
    assert [match.value for match in find_amounts(written)] == [Decimal("17499.02")]
