"""Printed amounts: separators, currencies, signs, and text that only looks like an amount."""

from decimal import Decimal

import pytest

from ingestion.domain.normalize.currencies import (
    currencies_of,
    currency_mark,
    currency_of,
    minor_digits,
    named_currencies,
)
from ingestion.domain.normalize.money import find_amounts, format_like, read_amount
from ingestion.domain.normalize.number_style import number_style_of
from ingestion.domain.schemas.kinds import NumberStyle


@pytest.mark.parametrize(
    ("printed", "value", "currency"),
    [
        ("1,284.50", "1284.50", None),
        ("1.284,50 EUR", "1284.50", "EUR"),
        ("1 284,50 €", "1284.50", "EUR"),
        ("1\u202f284,50 €", "1284.50", "EUR"),
        ("CHF 1'284.50", "1284.50", "CHF"),
        ("RM9.00", "9.00", "MYR"),
        ("US$5.50", "5.50", "USD"),
        ("$5.50", "5.50", None),
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


@pytest.mark.parametrize(
    ("printed", "value", "currency"),
    [
        ("1 500 €", "1500.00", "EUR"),
        ("1\u00a0500\u00a0€", "1500.00", "EUR"),
        ("1\u2009250\u2009000 Ft", "1250000.00", "HUF"),
        ("12 500 Kč", "12500.00", "CZK"),
        ("Rp 1.250.000", "1250000.00", "IDR"),
        ("Rp 250.000", "250000.00", "IDR"),
        ("¥12,500", "12500.00", None),
        ("JPY 1.234", "1234.00", "JPY"),
        ("₫ 1.250.000", "1250000.00", "VND"),
        ("₹ 1,04,623", "104623.00", "INR"),
        ("₹ 1,23,45,678.90", "12345678.90", "INR"),
        ("1'234", "1234.00", None),
        ("12,5", "12.50", None),
        ("1.234,5 EUR", "1234.50", "EUR"),
        ("1 234.5", "1234.50", None),
        ("0,500", "0.500", None),
        ("KWD 1,234.750", "1234.750", "KWD"),
        ("BHD 1.234", "1.234", "BHD"),
        ("R.O. 12.345", "12.345", "OMR"),
        ("Gs. 1.250", "1250.00", "PYG"),
        ("TND 1,234", "1.234", "TND"),
        ("EUR 1.234", "1234.00", "EUR"),
        ("1.234,- €", "1234.00", "EUR"),
        ("Fr. 50.—", "50.00", "CHF"),
        ("1 250:- SEK", "1250.00", "SEK"),
        ("₹ 1,23,456/-", "123456.00", "INR"),
        ("94.29 CR", "-94.29", None),
        ("$108.43 Cr", "-108.43", None),
        ("94.29 DR", "94.29", None),
        ("CR 1,234.56", "-1234.56", None),
        ("Rs. 5,00,000.00 only", "500000.00", None),
        ("5 EUR per month", "5.00", "EUR"),
        (".5", "0.50", None),
        ("108,43- EUR", "-108.43", "EUR"),
        ("EUR (1.234,50)", "-1234.50", "EUR"),
        ("(USD 108.43)", "-108.43", "USD"),
        ("−5,00 €", "-5.00", "EUR"),  # noqa: RUF001 - as printed
        ("12,50 Euros", "12.50", "EUR"),
        ("1 500 Danish kroner", "1500.00", "DKK"),
        ("US dollars 12.50", "12.50", "USD"),
        ("$12.50 CAD", "12.50", "CAD"),
        ("١٬٢٣٤٫٥٠ SAR", "1234.50", "SAR"),  # noqa: RUF001 - as printed
        ("１，２３４円", "1234.00", "JPY"),  # noqa: RUF001 - as printed
    ],
)
def test_read_amount_accepts_typed_forms(printed: str, value: str, currency: str | None) -> None:
    """Thousands by blanks, points or lakhs, no decimals, three decimals, credits, currencies in words."""
    found = read_amount(printed)
    assert found is not None
    assert (found.normalized, found.currency) == (value, currency)


@pytest.mark.parametrize(
    "typed",
    [
        "12 34",
        "1,23,45",
        "1.2.3",
        "12 500 250 00",
        "1,5 Mio. €",
        "2 lakh",
        "see overleaf",
        "10:22",
        "19 %",
        "12-34",
        "99 cents",
        "5p",
        "€5m",
        "5k",
    ],
)
def test_read_amount_of_doubtful_text_is_none(typed: str) -> None:
    assert read_amount(typed) is None


@pytest.mark.parametrize(
    ("style", "typed", "value"),
    [
        (NumberStyle(","), "1.234", "1234.00"),
        (NumberStyle("."), "1,234", "1234.00"),
        (NumberStyle("."), "1.234", "1.234"),
        (NumberStyle(".", "KWD", 3), "1.234", "1.234"),
        (NumberStyle(".", "KWD", 3), "1,234", "1234.000"),
        (NumberStyle(".", "KWD", 3), "1234.75", "1234.750"),
        (NumberStyle(".", "JPY", 0), "1.234", "1234.00"),
        (NumberStyle(), "1.234", "1234.00"),
    ],
)
def test_read_amount_with_one_separator_follows_the_document(style: NumberStyle, typed: str, value: str) -> None:
    found = read_amount(typed, style)
    assert found is not None
    assert found.normalized == value


@pytest.mark.parametrize(
    ("rows", "style"),
    [
        (("Subtotal 1.000,00", "Total 1.234,50 EUR"), NumberStyle(",", "EUR", 2)),
        (("Subtotal 1,000.00", "Total 1,234.50"), NumberStyle(".", None, 2)),
        (("Rp 250.000", "Total Rp 1.250.000"), NumberStyle(",", "IDR", 2, is_whole=True)),
        (("Server\t10 331 Kč", "Total\t12 500 Kč"), NumberStyle(",", "CZK", 2, is_whole=True)),
        (("1,234.750", "Total KWD 1,234.750"), NumberStyle(".", "KWD", 3)),
        (("Total 12,500 JPY",), NumberStyle(".", "JPY", 0, is_whole=True)),
        (("Date 18.04.2026", "at 10:30"), NumberStyle()),
        (("5.00", "5,00"), NumberStyle()),
        (("LINDT DT125 9.00",), NumberStyle(".")),
        (("AEON CO. (M) BHD (126926-H)", "Total 42.50"), NumberStyle(".")),
        (("KWD", "Total KWD 1.234"), NumberStyle(".", "KWD", 3, is_whole=True)),
        (("2.00 pieces", "KWD 1.500", "Total KWD 3.000"), NumberStyle(".", "KWD", 3)),
        (("Total KWD 1.50", "Paid 1.50"), NumberStyle(".", "KWD", 2)),
        (("GARDENIA BAKERIES SDN BHD 54.15",), NumberStyle(".")),
    ],
)
def test_number_style_follows_the_numbers_of_a_document(rows: tuple[str, ...], style: NumberStyle) -> None:
    assert number_style_of(rows) == style


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Server\t1\t10 331 Kč\t10 331 Kč", ["1", "10 331 Kč", "10 331 Kč"]),
        ("Total\t12 500", ["12 500"]),
        ("150 00 Praha 5", ["150", "00", "5"]),
        ("3 250 ml Cola 7.50", ["3", "250", "7.50"]),
        ("5.00\tRM 6.00", ["5.00", "RM 6.00"]),
        ("100,00\tEUR", ["100,00\tEUR"]),
        ("GST 15%\t14.14 CR", ["14.14 CR"]),
        ("Total\t€1 250 000,00", ["€1 250 000,00"]),
        ("Total\t1 250 000,00 Ft\t5 000 000", ["1 250 000,00 Ft", "5 000 000"]),
        ("GALAXY\t100.00 K", ["100.00"]),
        ("LINDT DT125 9.00", ["125", "9.00"]),
        ("Grand Total\tRs. 1,23,456/-", ["Rs. 1,23,456/-"]),
        ("Total 110.00 US dollars", ["110.00 US dollars"]),
        ("Cotton\t8\t13,077.97\t1,04,623.73", ["8", "13,077.97", "1,04,623.73"]),
    ],
)
def test_find_amounts_takes_a_printed_amount_as_one(text: str, found: list[str]) -> None:
    assert [text[match.start : match.stop] for match in find_amounts(text)] == found


@pytest.mark.parametrize(
    ("text", "style", "ambiguous"),
    [
        ("Total 1.234", NumberStyle(), True),
        ("Total 1.234 €", NumberStyle(), True),
        ("Total 1.234 €", NumberStyle(","), False),
        ("Total IDR 1.234", NumberStyle(), False),
        ("Total 1.234.000", NumberStyle(), False),
        ("Total 12.34", NumberStyle(), False),
    ],
)
def test_amount_that_may_be_a_thousand_is_ambiguous(text: str, style: NumberStyle, ambiguous: bool) -> None:
    (found,) = find_amounts(text, style)
    assert found.is_ambiguous == ambiguous


def test_find_amounts_skips_measures_with_three_decimals() -> None:
    text = "1.234 kg at 2.00"
    assert [text[match.start : match.stop] for match in find_amounts(text, NumberStyle("."))] == ["2.00"]


@pytest.mark.parametrize(("code", "digits"), [("KWD", 3), ("TND", 3), ("JPY", 0), ("CLP", 0), ("EUR", 2), ("XXX", 2)])
def test_minor_digits_are_those_of_iso_4217(code: str, digits: int) -> None:
    assert minor_digits(code) == digits


@pytest.mark.parametrize(
    ("mark", "codes"),
    [
        ("$", ("USD", "CAD")),
        ("kr", ("SEK", "NOK")),
        ("¥", ("JPY", "CNY")),
        ("£", ("GBP", "EGP")),
        ("Rs", ("INR", "PKR")),
        ("rupees", ("INR", "PKR")),
    ],
)
def test_currency_of_shared_sign_is_unknown(mark: str, codes: tuple[str, ...]) -> None:
    assert set(codes) <= set(named_currencies(mark))
    assert currency_of(mark) is None


@pytest.mark.parametrize("address", ["York YO1 9TL", "Romford RM1 2AB", "Durham DH1 3LE", "Dorchester DT1 1AA"])
def test_british_postcode_is_no_currency(address: str) -> None:
    assert currency_mark(address) is None
    assert [match.mark for match in find_amounts(address)] == []


def test_currencies_of_other_text_are_none() -> None:
    assert [currencies_of(text) for text in ("", "No", "ALL", "TOP")] == [(), (), (), ()]


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


def test_currency_mark_is_position_of_currency_in_text() -> None:
    assert currency_mark("All amounts in EUR") == (15, 18)
    assert currency_mark("FORM 9") is None


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("17 508,02", "17 499,02"),
        ("EUR 1.234,50", "17.499,02"),
        ("1'234.50", "17'499.02"),
        ("RM 9.00", "17499.02"),
        ("9, 90", "17499,02"),
        ("paid in full", "17499.02"),
        ("1,04,623.73", "17,499.02"),
    ],
)
def test_write_like_uses_format_of_printed_amount(printed: str, written: str) -> None:
    """It uses the separators of the page, and the result is read as the same amount."""
    assert format_like(Decimal("17499.02"), printed) == written
    assert [match.value for match in find_amounts(written)] == [Decimal("17499.02")]


@pytest.mark.parametrize(
    ("value", "printed", "written"),
    [
        ("1234567", "₹ 1,04,623.73", "12,34,567.00"),
        ("12500", "10 331 Kč", "12 500"),
        ("1250000", "Rp 250.000", "1.250.000"),
        ("1234.75", "KWD 1,000.500", "1,234.750"),
        ("-1234.5", "1.000,00", "-1.234,50"),
        ("10.5", "10 331 Kč", "10.50"),
    ],
)
def test_format_like_keeps_decimals_and_groups_of_printed_amount(value: str, printed: str, written: str) -> None:
    assert format_like(Decimal(value), printed) == written
