"""Amounts in print: separators, currencies, signs, and what only looks like one."""

from decimal import Decimal

import pytest

from ingestion.domain.normalize.money import find_amounts, find_currency, read_amount, write_like


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
def test_reads_amounts_as_countries_print_them(printed: str, value: str, currency: str | None) -> None:
    found = read_amount(printed)
    assert found is not None
    assert (found.normalized, found.currency, found.exact) == (value, currency, True)


def test_both_brackets_of_an_amount_belong_to_it() -> None:
    text = "darin (35,13 EUR) Steuer"
    (found,) = (match for match in find_amounts(text) if match.exact)
    assert text[found.start : found.stop] == "(35,13 EUR)"


@pytest.mark.parametrize("printed", ["12.06.2018", "10:22", "6%", "19,0 %"])
def test_dates_times_and_percentages_are_no_exact_amounts(printed: str) -> None:
    assert [match.normalized for match in find_amounts(printed) if match.exact] == []


def test_an_amount_without_cents_says_so() -> None:
    found = read_amount("RM1,234")
    assert found is not None
    assert (found.normalized, found.exact) == ("1234.00", False)


def test_names_the_currency_of_a_text() -> None:
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
def test_an_amount_is_written_as_another_one_is_printed(printed: str, written: str) -> None:
    """Marks of the page, and the same amount when it is read again."""
    assert write_like(Decimal("17499.02"), printed) == written
    assert [match.value for match in find_amounts(written)] == [Decimal("17499.02")]
