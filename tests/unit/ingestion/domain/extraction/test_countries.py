"""Invoices of many countries: how they print amounts, dates and currencies, and what shows which is meant."""

import pytest

from ingestion.domain.extraction import extract_fields
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.schemas import INVOICE
from ingestion.domain.schemas.fields import ExtractedField
from tests.support.text_pages import fields_of, native_page, normalized

IRELAND = "Larkfield Components Ltd\n4 Tannery Lane\nCork"
NOWHERE = "Alpha\n4 Road"


def invoice(
    amounts: tuple[str, str, str] = ("110.00", "100.00", "10.00"),
    *,
    sender: str = IRELAND,
    date: str = "12 May 2026",
    due: str = "",
) -> str:
    """Return the text of an invoice with this total, net and tax as printed."""
    total, net, tax = amounts
    dates = f"Invoice date: {date}" + (f"\nDue date: {due}" if due else "")
    return f"""
{sender}

INVOICE

Invoice number: LC-3401
{dates}

Bill to
Beta
5 Lane

Description            Quantity      Unit price        Amount
Chairs                 1             {net}             {net}
Subtotal                                               {net}
VAT 10%                                                {tax}
Total                                                  {total}
"""


@pytest.mark.parametrize(
    ("amounts", "values"),
    [
        (("1 250 000 Ft", "984 252 Ft", "265 748 Ft"), ("1250000.00", "984252.00", "265748.00")),
        (("12 500 Kč", "10 331 Kč", "2 169 Kč"), ("12500.00", "10331.00", "2169.00")),
        (("1 500 €", "1 250 €", "250 €"), ("1500.00", "1250.00", "250.00")),
        (("Rp 1.110.000", "Rp 1.000.000", "Rp 110.000"), ("1110000.00", "1000000.00", "110000.00")),
        (("1.100.000 ₫", "1.000.000 ₫", "100.000 ₫"), ("1100000.00", "1000000.00", "100000.00")),
        (("$ 1.190.000", "$ 1.000.000", "$ 190.000"), ("1190000.00", "1000000.00", "190000.00")),
        (("₩1,100,000", "₩1,000,000", "₩100,000"), ("1100000.00", "1000000.00", "100000.00")),
        (("¥990", "¥900", "¥90"), ("990.00", "900.00", "90.00")),
        (("₹ 1,23,456.00", "₹ 1,04,623.73", "₹ 18,832.27"), ("123456.00", "104623.73", "18832.27")),
        (("KWD 103.719", "KWD 94.290", "KWD 9.429"), ("103.719", "94.290", "9.429")),
        (("1 234,750 DT", "1 037,605 DT", "197,145 DT"), ("1234.750", "1037.605", "197.145")),
        (("CHF 12'480.69", "11'545.50", "935.19"), ("12480.69", "11545.50", "935.19")),
        (("CHF 12'480.—", "11'545.—", "935.—"), ("12480.00", "11545.00", "935.00")),
        (("1.190,- €", "1.000,- €", "190,- €"), ("1190.00", "1000.00", "190.00")),
        (("1 250:-", "1 000:-", "250:-"), ("1250.00", "1000.00", "250.00")),
        (("108.43 CR", "94.29 CR", "14.14 CR"), ("-108.43", "-94.29", "-14.14")),
        (("(108.43)", "(94.29)", "(14.14)"), ("-108.43", "-94.29", "-14.14")),
        (("108,43- €", "94,29- €", "14,14- €"), ("-108.43", "-94.29", "-14.14")),
    ],
)
def test_amounts_are_read_as_their_country_prints_them(
    amounts: tuple[str, str, str], values: tuple[str, str, str]
) -> None:
    found = fields_of(invoice(amounts), INVOICE)
    assert (found["total"].normalized, found["net_total"].normalized, found["tax_total"].normalized) == values
    assert found["total"].value == amounts[0]


def test_amounts_without_currency_beside_them_follow_the_document() -> None:
    """The code is printed once, and thousands are only separated by blanks."""
    text = invoice(("1 250 000", "984 252", "265 748")).replace("Total  ", "Total HUF")
    found = normalized(text, INVOICE)
    assert (found["total"], found["net_total"], found["currency"]) == ("1250000.00", "984252.00", "HUF")


@pytest.mark.parametrize(
    ("sender", "amounts", "currency"),
    [
        ("Hill Tools LLC\n900 Lavaca St\nAUSTIN, TX 78701", ("$110.00", "$100.00", "$10.00"), "USD"),
        ("Boomerang Tools Pty Ltd\n5 Kent St\nSydney NSW 2000", ("$110.00", "$100.00", "$10.00"), "AUD"),
        ("Maple Tools Inc\n5 King St W\nToronto, ON M5H 1A1", ("$113.00", "$100.00", "$13.00"), "CAD"),
        ("Tui Water Ltd\n9 Reservoir Road\nRotorua 3010\nNew Zealand", ("$115.00", "$100.00", "$15.00"), "NZD"),
        ("Lion Parts Pte Ltd\n5 Shenton Way\nSingapore 068808", ("$109.00", "$100.00", "$9.00"), "SGD"),
        ("Tornillos SA de CV\nAv. Hidalgo 4\nMexico\nRFC TOR010101AB1", ("$116.00", "$100.00", "$16.00"), "MXN"),
        (f"{NOWHERE}\nAll prices in CAD", ("$113.00", "$100.00", "$13.00"), "CAD"),
        ("Papper AB\nHamngatan 4\n111 47 Stockholm", ("125,00 kr", "100,00 kr", "25,00 kr"), "SEK"),
        ("Fjord Papir AS\nStorgata 4\n0155 Oslo", ("kr 125,00", "kr 100,00", "kr 25,00"), "NOK"),
        ("Havn ApS\nStorgade 4\n8000 Aarhus", ("125,00 kr.", "100,00 kr.", "25,00 kr."), "DKK"),
        ("Seiki KK\n2-4 Honmachi\nOsaka, Japan", ("¥110,000", "¥100,000", "¥10,000"), "JPY"),
        ("Pearl River Co\n8 Tianhe Road\nGuangzhou, China", ("¥113.00", "¥100.00", "¥13.00"), "CNY"),
        ("Indus Textiles\n5 Mall Road\nLahore", ("Rs. 123.00", "Rs. 100.00", "Rs. 23.00"), "PKR"),
        ("Loom Works Pvt Ltd\n5 Fort Road\nPune", ("Rs. 118.00", "Rs. 100.00", "Rs. 18.00"), "INR"),
        ("Mill Ltd\n5 Mill Street\nLeeds LS1 4AP", ("£120.00", "£100.00", "£20.00"), "GBP"),
        ("Nile Trading\n5 Tahrir Square\nCairo, Egypt", ("£114.00", "£100.00", "£14.00"), "EGP"),
    ],
)
def test_shared_sign_is_the_currency_of_the_country(sender: str, amounts: tuple[str, str, str], currency: str) -> None:
    assert normalized(invoice(amounts, sender=sender), INVOICE)["currency"] == currency


@pytest.mark.parametrize("sign", ["$", "£", "¥", "kr ", "Rs "])
def test_shared_sign_without_evidence_has_no_code_and_offers_several(sign: str) -> None:
    amounts = (f"{sign}110.00", f"{sign}100.00", f"{sign}10.00")
    text = invoice(amounts, sender=NOWHERE).replace("VAT", "Tax")
    found = fields_of(text, INVOICE)["currency"]
    assert (found.value, found.normalized) == (sign.strip(), "")
    assert len(found.alternatives) > 1
    assert found.confidence < fields_of(invoice(), INVOICE)["total"].confidence


@pytest.mark.parametrize(
    ("sender", "date", "due", "iso"),
    [
        ("BLUE HERON INC\n4810 INDUSTRIAL PKWY\nSPRINGFIELD, IL 62704", "03/04/2026", "04/03/2026", "2026-03-04"),
        ("Hill LLC\n900 Lavaca St\nAustin TX 78701", "03/04/2026", "", "2026-03-04"),
        (NOWHERE, "03/04/2026", "04/03/2026", "2026-03-04"),
        (IRELAND, "03/04/2026", "", "2026-04-03"),
        ("Hill LLC\n900 Lavaca St\nAustin TX 78701", "04/03/2026", "03/04/2026", "2026-03-04"),
        (IRELAND, "12 maj 2026", "", "2026-05-12"),
        (IRELAND, "12. května 2026", "", "2026-05-12"),
        (IRELAND, "15/03/2569", "14/04/2569", "2026-03-15"),
        (IRELAND, "22/09/1447 H", "22/10/1447 H", "2026-03-11"),
        (IRELAND, "令和8年3月15日", "", "2026-03-15"),
        (IRELAND, "۱۴۰۴/۱۲/۲۴", "", "2026-03-15"),
    ],
)
def test_invoice_date_is_read_as_its_country_prints_it(sender: str, date: str, due: str, iso: str) -> None:
    text = invoice(("$110.00", "$100.00", "$10.00"), sender=sender, date=date, due=due)
    found = fields_of(text, INVOICE)["invoice_date"]
    assert (found.value, found.normalized) == (date, iso)


def test_invoice_date_of_a_year_without_calendar_is_not_read() -> None:
    assert normalized(invoice(date="22/09/1447"), INVOICE)["invoice_date"] == ""


def _native(text: str) -> dict[str, ExtractedField]:
    return {field.name: field for field in extract_fields(build_document_rows([native_page(text)]), INVOICE)}


def test_postcodes_and_company_forms_are_no_currency() -> None:
    text = invoice(sender="Old Brewery Estates Sdn Bhd\n1 Kiln Yard\nYork YO1 9TL").replace("Sdn Bhd", "SDN BHD")
    assert _native(text)["currency"].value == ""
    assert _native(text)["total"].normalized == "110.00"
