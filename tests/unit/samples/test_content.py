"""The content of samples is consistent: sums, dates, printed formats."""

from datetime import date
from decimal import Decimal

import pytest

from samples.content.discharge import make_discharge_letter
from samples.content.invoice import COUNTRIES, contradicting_invoice, make_invoice, revised_invoice
from samples.content.lab import make_lab_report
from samples.content.printed import is_ambiguous, printed_date, printed_money, render_date_parts
from samples.content.receipt import COUNTRIES as SHOP_COUNTRIES
from samples.content.receipt import make_receipt
from samples.seeds import random_stream


@pytest.mark.parametrize("country", COUNTRIES)
def test_invoice_taxes_match_its_lines(country: str) -> None:
    for index in range(40):
        invoice = make_invoice(random_stream(21, country, index), country)
        assert sum((net for _, net, _ in invoice.taxes), Decimal()) == invoice.net_total
        for rate, net, tax in invoice.taxes:
            assert abs(tax - net * rate / 100) <= Decimal("0.005")
        for line in invoice.lines:
            assert abs(line.amount - line.quantity * line.price) <= Decimal("0.005")
        assert invoice.due > invoice.issued


def test_revised_invoice_is_later_but_contradicting_one_is_not() -> None:
    for index in range(30):
        rng = random_stream(22, index)
        invoice = make_invoice(rng)
        later, other = revised_invoice(invoice, rng), contradicting_invoice(invoice, rng)
        assert later.number == other.number == invoice.number
        assert later.issued > invoice.issued
        assert other.issued == invoice.issued
        assert later.net_total > invoice.net_total
        assert other.net_total != invoice.net_total


@pytest.mark.parametrize("country", SHOP_COUNTRIES)
def test_receipt_amounts_add_up(country: str) -> None:
    for index in range(40):
        receipt = make_receipt(random_stream(23, country, index), country)
        net = sum((net for _, net, _ in receipt.taxes), Decimal())
        tax = sum((tax for _, _, tax in receipt.taxes), Decimal())
        assert net + tax + receipt.rounding == receipt.total
        assert receipt.cash_given is None or receipt.cash_given >= receipt.total


def test_english_report_and_letter_dates_are_unambiguous() -> None:
    for index in range(200):
        report, letter = make_lab_report(random_stream(24, index)), make_discharge_letter(random_stream(25, index))
        for day in (report.born, report.collected, report.reported):
            assert report.language != "en" or not is_ambiguous(day, report.style)
        assert not any(is_ambiguous(day, letter.style) for day in (letter.born, letter.admitted, letter.discharged))


@pytest.mark.parametrize(
    ("style", "language", "text"),
    [
        ("{d}. {b} {y}", "de", "4. März 2024"),
        ("{d} {b} {y}", "fr", "4 mars 2024"),
        ("{m:02d}/{d:02d}/{y}", "en", "03/04/2024"),
        ("{d:02d}-{s}-{y}", "en", "04-Mar-2024"),
        ("{d:02d}.{m:02d}.{yy:02d}", "de", "04.03.24"),
    ],
)
def test_printed_date_follows_style(style: str, language: str, text: str) -> None:
    printed = printed_date(date(2024, 3, 4), style, language)
    assert (printed.text, printed.normalized) == (text, "2024-03-04")


def test_render_parts_can_print_impossible_date() -> None:
    assert render_date_parts(31, 2, 2024, "{b} {d}, {y}", "en") == "February 31, 2024"


@pytest.mark.parametrize(("country", "text"), [("GB", "1,284.50"), ("DE", "1.284,50"), ("FR", "1 284,50")])
def test_printed_money_follows_country(country: str, text: str) -> None:
    printed = printed_money(Decimal("1284.5"), country)
    assert (printed.text, printed.normalized) == (text, "1284.50")
