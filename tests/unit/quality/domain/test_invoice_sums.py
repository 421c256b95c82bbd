"""Sums of invoices with discounts, freight, deductions and several taxes, from the page to the issue."""

from decimal import Decimal

import pytest

from quality.domain.outcomes import Severity
from tests.support.invoice_checks import amounts_of, facts_of_texts, sum_issues
from tests.support.invoice_texts import HEAD

GOODS = """Description            Quantity    Unit price      Amount
Gear blanks                  50         10.00      500.00
"""
WAREN = """Bezeichnung               Menge   Einzelpreis      Betrag
Zahnräder                    50         10,00      500,00
"""
MARCHANDISES = """Désignation            Quantité  Prix unitaire     Montant
Engrenages                   50         10,00      500,00
"""
MERCE = """Descrizione            Quantità        Prezzo      Importo
Ingranaggi                   50         10,00      500,00
"""
BIENES = """Descripción            Cantidad        Precio      Importe
Engranajes                   50         10,00      500,00
"""
GOEDEREN = """Omschrijving             Aantal         Prijs      Bedrag
Tandwielen                   50         10,00      500,00
"""


def _rows(*rows: tuple[str, str]) -> str:
    return "".join(f"{label:<40}{amount:>14}\n" for label, amount in rows)


VALID = {
    "discount and shipping": (
        GOODS,
        [
            ("Subtotal", "500.00"),
            ("Discount 10%", "-50.00"),
            ("Shipping", "20.00"),
            ("VAT 20%", "94.00"),
            ("Total GBP", "564.00"),
        ],
        ("500.00", "94.00", "564.00"),
    ),
    "discount printed without a sign": (
        GOODS,
        [("Subtotal", "500.00"), ("Less trade discount 10%", "50.00"), ("VAT 20%", "90.00"), ("Total GBP", "540.00")],
        ("500.00", "90.00", "540.00"),
    ),
    "freight and packaging in the lines": (
        GOODS,
        [
            ("Freight", "20.00"),
            ("Packaging", "5.00"),
            ("Subtotal", "525.00"),
            ("VAT 20%", "105.00"),
            ("Total", "630.00"),
        ],
        ("525.00", "105.00", "630.00"),
    ),
    "deposit paid": (
        GOODS,
        [("Subtotal", "500.00"), ("VAT 20%", "100.00"), ("Less deposit paid", "-400.00"), ("Balance due", "200.00")],
        ("500.00", "100.00", "200.00"),
    ),
    "withholding": (
        GOODS,
        [("Net amount", "500.00"), ("VAT 21%", "105.00"), ("Withholding tax 15%", "-75.00"), ("Amount due", "530.00")],
        ("500.00", "105.00", "530.00"),
    ),
    "service charge, tip and rounding": (
        GOODS,
        [
            ("Subtotal", "500.00"),
            ("Service charge 12.5%", "62.50"),
            ("VAT 20%", "112.50"),
            ("Tip", "10.02"),
            ("Rounding", "-0.02"),
            ("Total", "685.00"),
        ],
        ("500.00", "112.50", "685.00"),
    ),
    "two taxes beside each other": (
        GOODS,
        [("Subtotal", "500.00"), ("CGST 9%", "45.00"), ("SGST 9%", "45.00"), ("Total", "590.00")],
        ("500.00", "90.00", "590.00"),
    ),
    "a deduction whose label is unknown": (
        GOODS,
        [("Subtotal", "500.00"), ("VAT 20%", "100.00"), ("Zorblax 7", "-35.00"), ("Total", "565.00")],
        ("500.00", "100.00", "565.00"),
    ),
    "retention": (
        GOODS,
        [("Subtotal", "500.00"), ("VAT 20%", "100.00"), ("Less retention 5%", "25.00"), ("Amount due", "575.00")],
        ("500.00", "100.00", "575.00"),
    ),
    "reverse charge": (
        GOODS,
        [("Subtotal", "500.00"), ("VAT 0% (reverse charge)", "0.00"), ("Total EUR", "500.00")],
        ("500.00", "0.00", "500.00"),
    ),
    "German, two rates": (
        WAREN,
        [
            ("Zwischensumme netto", "500,00 EUR"),
            ("zzgl. 7 % USt", "14,00 EUR"),
            ("zzgl. 19 % USt", "57,00 EUR"),
            ("Gesamtbetrag", "571,00 EUR"),
        ],
        ("500.00", "71.00", "571.00"),
    ),
    "German, three rates": (
        WAREN,
        [
            ("Nettobetrag", "500,00"),
            ("USt 10 % auf 100,00", "10,00"),
            ("USt 13 % auf 200,00", "26,00"),
            ("USt 20 % auf 200,00", "40,00"),
            ("Gesamtbetrag", "576,00"),
        ],
        ("500.00", "76.00", "576.00"),
    ),
    "German, rebate, freight and instalment": (
        WAREN,
        [
            ("Zwischensumme", "500,00"),
            ("./. Rabatt 10 %", "50,00"),
            ("Versandkosten", "20,00"),
            ("MwSt 19 %", "89,30"),
            ("abzgl. Anzahlung vom 12.03.2026", "100,00"),
            ("Zahlbetrag", "459,30"),
        ],
        ("500.00", "89.30", "459.30"),
    ),
    "German, cash discount as a condition": (
        WAREN,
        [
            ("Nettobetrag", "500,00"),
            ("Umsatzsteuer 19 %", "95,00"),
            ("Rechnungsbetrag", "595,00"),
            ("Skonto 2 %", "11,90"),
            ("Zahlbetrag bei Skonto", "583,10"),
        ],
        ("500.00", "95.00", "595.00"),
    ),
    "French, two rates and carriage": (
        MARCHANDISES,
        [
            ("Total HT", "500,00"),
            ("Frais de port", "10,00"),
            ("TVA 5,5 %", "5,50"),
            ("TVA 20 %", "82,00"),
            ("Total TTC", "597,50 EUR"),
        ],
        ("500.00", "87.50", "597.50"),
    ),
    "French, rebate and instalment": (
        MARCHANDISES,
        [
            ("Sous-total", "500,00"),
            ("Remise 10 %", "-50,00"),
            ("TVA 20 %", "90,00"),
            ("Acompte versé", "-140,00"),
            ("Net à payer", "400,00 EUR"),
        ],
        ("500.00", "90.00", "400.00"),
    ),
    "French, eco tax": (
        MARCHANDISES,
        [("Total HT", "500,00"), ("Éco-participation", "2,50"), ("TVA 20 %", "100,50"), ("Total TTC", "603,00 EUR")],
        ("500.00", "100.50", "603.00"),
    ),
    "Italian, withholding and stamp": (
        MERCE,
        [
            ("Imponibile", "500,00"),
            ("Cassa previdenza 4%", "20,00"),
            ("IVA 22%", "114,40"),
            ("Marca da bollo", "2,00"),
            ("Ritenuta d'acconto 20%", "-100,00"),
            ("Netto a pagare", "536,40 EUR"),
        ],
        ("500.00", "114.40", "536.40"),
    ),
    "Spanish, IRPF": (
        BIENES,
        [
            ("Base imponible", "500,00"),
            ("IVA 21%", "105,00"),
            ("Retención IRPF 15%", "-75,00"),
            ("Total a pagar", "530,00 EUR"),
        ],
        ("500.00", "105.00", "530.00"),
    ),
    "Spanish, equivalence surcharge and discount": (
        BIENES,
        [
            ("Base imponible", "500,00"),
            ("IVA 21%", "105,00"),
            ("Recargo de equivalencia 5,2%", "26,00"),
            ("Total factura", "631,00"),
        ],
        ("500.00", "105.00", "631.00"),
    ),
    "Dutch, discount and freight": (
        GOEDEREN,
        [
            ("Subtotaal", "500,00"),
            ("Korting 10%", "-50,00"),
            ("Verzendkosten", "20,00"),
            ("BTW 21%", "98,70"),
            ("Te betalen", "568,70 EUR"),
        ],
        ("500.00", "98.70", "568.70"),
    ),
    "Swiss, rounded to five centimes": (
        WAREN,
        [("Zwischentotal", "500,00"), ("MWST 8,1 %", "40,50"), ("Rundungsdifferenz", "0,05"), ("Total CHF", "540,55")],
        ("500.00", "40.50", "540.55"),
    ),
    "sum of the goods under an unknown label": (
        GOODS,
        [
            ("Goods", "500.00"),
            ("Discount 10%", "-50.00"),
            ("Net total", "450.00"),
            ("VAT 20%", "90.00"),
            ("Total", "540.00"),
        ],
        ("450.00", "90.00", "540.00"),
    ),
    "paid in full": (
        GOODS,
        [
            ("Subtotal", "500.00"),
            ("VAT 20%", "100.00"),
            ("Total", "600.00"),
            ("Paid", "-600.00"),
            ("Balance due", "0.00"),
        ],
        ("500.00", "100.00", "600.00"),
    ),
    "prices that include the tax": (
        GOODS,
        [("Total GBP", "500.00"), ("incl. VAT 20%", "83.33"), ("Net amount", "416.67")],
        ("416.67", "83.33", "500.00"),
    ),
    "Dutch, statutory deposit of bottles": (
        GOEDEREN,
        [("Subtotaal", "500,00"), ("BTW 9%", "45,00"), ("Statiegeld", "12,00"), ("Totaal", "557,00 EUR")],
        ("500.00", "45.00", "557.00"),
    ),
}


@pytest.mark.parametrize("name", VALID)
def test_sums_of_valid_invoice_raise_no_issue(name: str) -> None:
    goods, rows, amounts = VALID[name]
    facts = facts_of_texts(HEAD + goods + _rows(*rows))
    assert amounts_of(facts) == amounts
    assert facts.lines
    assert sum_issues(facts) == []


def test_wrong_total_with_printed_rate_has_proven_fix() -> None:
    rows = [("Subtotal", "500.00"), ("VAT 20%", "100.00"), ("Total GBP", "660.00")]
    (issue,) = sum_issues(facts_of_texts(HEAD + GOODS + _rows(*rows)))
    assert (issue.code, issue.severity, issue.field, issue.fix) == (
        "totals_add_up",
        Severity.CRITICAL,
        "total",
        "600.00",
    )


def test_wrong_tax_with_printed_rate_has_proven_fix() -> None:
    rows = [("Subtotal", "500.00"), ("VAT 20%", "109.00"), ("Total GBP", "600.00")]
    (issue,) = sum_issues(facts_of_texts(HEAD + GOODS + _rows(*rows)))
    assert (issue.severity, issue.field, issue.fix) == (Severity.CRITICAL, "tax_total", "100.00")


def test_wrong_subtotal_with_rate_and_lines_has_proven_fix() -> None:
    rows = [("Subtotal", "560.00"), ("VAT 20%", "100.00"), ("Total GBP", "600.00")]
    (issue,) = sum_issues(facts_of_texts(HEAD + GOODS + _rows(*rows)))
    assert (issue.severity, issue.field, issue.fix) == (Severity.CRITICAL, "net_total", "500.00")


@pytest.mark.parametrize(
    "rows",
    [
        [("Subtotal", "500.00"), ("Discount 10%", "-50.00"), ("VAT 20%", "90.00"), ("Total GBP", "590.00")],
        [("Subtotal", "500.00"), ("Duties", "61.30"), ("VAT", "61.30"), ("Total GBP", "700.00")],
        [("Subtotal", "500.00"), ("VAT 20%", "100.00"), ("Amount due", "260.00"), ("We kept your 340.00 of March", "")],
    ],
    ids=["discount forgotten", "no rate", "an amount of the text explains it"],
)
def test_wrong_sum_without_proof_offers_no_fix(rows: list[tuple[str, str]]) -> None:
    issues = sum_issues(facts_of_texts(HEAD + GOODS + _rows(*rows)))
    assert [(issue.severity, issue.fix) for issue in issues if issue.code == "totals_add_up"] == [
        (Severity.MAJOR, None)
    ]


def test_lines_against_consistent_sums_offer_no_fix() -> None:
    rows = [("Subtotal", "450.00"), ("VAT 20%", "90.00"), ("Total GBP", "540.00")]
    (issue,) = sum_issues(facts_of_texts(HEAD + GOODS + _rows(*rows)))
    assert (issue.code, issue.severity, issue.fix) == ("lines_add_up", Severity.MAJOR, None)


PAGES = {
    "German": (WAREN, ("Zwischensumme", "500,00 EUR"), ("Übertrag", "500,00"), ("Nettobetrag", "560,00")),
    "page subtotal": (GOODS, ("Subtotal of page 1", "500.00"), ("Brought forward", "500.00"), ("Net total", "560.00")),
    "plain total": (GOODS, ("Total", "500.00"), ("Carried forward", "500.00"), ("Net total", "560.00")),
    "French": (MARCHANDISES, ("À reporter", "500,00"), ("Report", "500,00"), ("Total HT", "560,00")),
    "Italian": (MERCE, ("A riportare", "500,00"), ("Riporto", "500,00"), ("Imponibile", "560,00")),
    "Spanish": (BIENES, ("Suma y sigue", "500,00"), ("Suma anterior", "500,00"), ("Base imponible", "560,00")),
}


@pytest.mark.parametrize("repeated", [True, False], ids=["heading repeated", "heading once"])
@pytest.mark.parametrize("name", PAGES)
def test_lines_continue_behind_carried_subtotal(name: str, *, repeated: bool) -> None:
    goods, foot, head, net = PAGES[name]
    heading = goods.splitlines()[0] + "\n" if repeated else ""
    comma = "," in net[1]
    line = f"{'Spindles':<22}{'2':>9}{'30,00' if comma else '30.00':>14}{'60,00' if comma else '60.00':>12}\n"
    tax = ("TVA 20 %" if name == "French" else "IVA 20%" if name in ("Italian", "Spanish") else "VAT 20%", "112,00")
    total = ("Total", "672,00")
    amounts = [(label, text if comma else text.replace(",", ".")) for label, text in (tax, total)]
    facts = facts_of_texts(HEAD + goods + _rows(foot), heading + _rows(head) + line + _rows(net, *amounts))
    assert [str(found.amount) for found in facts.lines or ()] == ["500.00", "60.00"]
    assert amounts_of(facts) == ("560.00", "112.00", "672.00")
    assert sum_issues(facts) == []


def test_lines_below_section_subtotal_count() -> None:
    section = _rows(("Subtotal parts", "500.00")) + f"{'Work':<22}{'2':>9}{'30.00':>14}{'60.00':>12}\n"
    rest = _rows(("Net total", "560.00"), ("VAT 20%", "112.00"), ("Total", "672.00"))
    facts = facts_of_texts(HEAD + GOODS + section + rest)
    assert [str(found.amount) for found in facts.lines or ()] == ["500.00", "60.00"]
    assert sum_issues(facts) == []


def test_discount_between_lines_is_no_line() -> None:
    goods = GOODS + _rows(("Loyalty discount", "-20.00")) + f"{'Work':<22}{'2':>9}{'30.00':>14}{'60.00':>12}\n"
    facts = facts_of_texts(HEAD + goods + _rows(("Net total", "540.00"), ("VAT 20%", "108.00"), ("Total", "648.00")))
    assert [str(found.amount) for found in facts.lines or ()] == ["500.00", "60.00"]
    assert sum_issues(facts) == []


def test_table_of_rates_gives_summed_tax_with_all_rows_in_its_box() -> None:
    rows = _rows(("Nettobetrag", "500,00"), ("MwSt 7 %", "14,00"), ("MwSt 19 %", "57,00"), ("Gesamtbetrag", "571,00"))
    table = """
Satz               Netto         MwSt       Brutto
7 %               200,00        14,00       214,00
19 %              300,00        57,00       357,00
"""
    facts = facts_of_texts(HEAD + WAREN + rows + table)
    tax = facts.get("tax_total")
    net, total = facts.get("net_total"), facts.get("total")
    assert tax
    assert net
    assert total
    assert tax.bbox
    assert net.bbox
    assert total.bbox
    assert (tax.value, tax.normalized) == ("71,00", "71.00")
    assert net.bbox.y1 < tax.bbox.y0 < tax.bbox.y1 < total.bbox.y0
    assert tax.bbox.height > 2 * total.bbox.height
    assert [(item.rate, item.amount) for item in facts.taxes] == [(Decimal(7), Decimal(14)), (Decimal(19), Decimal(57))]
    assert sum_issues(facts) == []


TABLES = {
    "code, rate, base, tax and gross": (
        MARCHANDISES
        + """
Code   Taux       Base HT     Montant TVA      TTC
A      20,00%      300,00           60,00    360,00
B       5,00%      200,00           10,00    210,00
"""
        + _rows(("Total HT", "500,00"), ("Total TTC", "570,00 EUR")),
        ("500.00", "70.00", "570.00"),
    ),
    "rates without a percent sign": (
        MARCHANDISES
        + """
Taux TVA         Base HT     Montant TVA
20,00             300,00           60,00
5,00              200,00           10,00
"""
        + _rows(("Total HT", "500,00"), ("Total TTC", "570,00 EUR")),
        ("500.00", "70.00", "570.00"),
    ),
    "three rates, the gross first": (
        WAREN
        + _rows(("Summe netto", "500,00"), ("Gesamtbetrag", "576,00"))
        + """
MwSt %     Brutto      Netto     Steuer
10 %       110,00     100,00      10,00
13 %       226,00     200,00      26,00
20 %       240,00     200,00      40,00
""",
        ("500.00", "76.00", "576.00"),
    ),
    "net and tax of each rate in one row": (
        WAREN
        + """
Netto 7%: 200,00   USt 7%: 14,00
Netto 19%: 300,00  USt 19%: 57,00
Gesamt:           571,00
""",
        ("500.00", "71.00", "571.00"),
    ),
    "net and tax of each rate in rows": (
        WAREN
        + _rows(("Netto 7 %", "200,00"), ("Netto 19 %", "300,00"), ("USt 7 %", "14,00"), ("USt 19 %", "57,00"))
        + _rows(("Gesamtbetrag", "571,00")),
        ("500.00", "71.00", "571.00"),
    ),
    "base and tax behind the label of the base": (
        WAREN
        + """
Rechnungssumme netto                         500,00
Steuerbasisbetrag USt. 7%      200,00         14,00
Steuerbasisbetrag USt. 19%     300,00         57,00
Rechnungssumme brutto                        571,00
""",
        ("500.00", "71.00", "571.00"),
    ),
    "goods of each rate under an unknown label": (
        GOODS
        + _rows(("Goods at 20%", "300.00"), ("Goods at 5%", "200.00"), ("VAT at 20%", "60.00"), ("VAT at 5%", "10.00"))
        + _rows(("Invoice total", "570.00")),
        ("", "70.00", "570.00"),
    ),
    "a summary across the page": (
        GOODS
        + """
Net amount     Shipping      VAT 20%      Total
500.00         20.00         104.00       624.00
""",
        ("500.00", "104.00", "624.00"),
    ),
    "several sums in one row": (
        GOODS + "\nNet 500.00     VAT 20%  100.00     Total GBP  600.00\n",
        ("500.00", "100.00", "600.00"),
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_sums_in_tables_raise_no_issue(name: str) -> None:
    text, amounts = TABLES[name]
    facts = facts_of_texts(HEAD + text)
    assert amounts_of(facts) == amounts
    assert [str(line.amount) for line in facts.lines or ()] == ["500.00"]
    assert sum_issues(facts) == []
