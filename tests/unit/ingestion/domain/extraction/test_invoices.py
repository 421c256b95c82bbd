"""Invoices in three languages: labels next to and above values, parties in columns, consistent sums."""

from ingestion.domain.extraction import FEATURE_NAMES
from ingestion.domain.schemas import INVOICE
from tests.support.text_pages import fields_of, normalized

GERMAN = """
Lindemann Bürotechnik GmbH · Bahnhofstraße 93 · 28195 Bremen
                                              Rechnungsnummer     RE2024-0815
Oberdorfer Spedition GmbH & Co. KG            Rechnungsdatum      05.03.2024
Matthias Falkenberg                           Fällig am           04.04.2024
Schillerplatz 56                              USt-IdNr.           DE136695976
79098 Freiburg im Breisgau

Rechnung

Pos.   Bezeichnung             Menge     Einzelpreis       Betrag
1      Drehstuhl                   2          236,50       473,00

                               Nettobetrag                 473,00
                               zzgl. 19 % USt. auf 473,00   89,87
                               Rechnungsbetrag EUR         562,87

IBAN DE89 3704 0044 0532 0130 00
"""


def test_german_invoice_fields_are_extracted() -> None:
    assert normalized(GERMAN, INVOICE) == {
        "supplier": "Lindemann Bürotechnik GmbH",
        "supplier_address": "Bahnhofstraße 93, 28195 Bremen",
        "customer": "Oberdorfer Spedition GmbH & Co. KG",
        "invoice_number": "RE2024-0815",
        "invoice_date": "2024-03-05",
        "due_date": "2024-04-04",
        "currency": "EUR",
        "net_total": "473.00",
        "tax_total": "89.87",
        "total": "562.87",
        "iban": "DE89370400440532013000",
        "vat_id": "DE136695976",
    }


def test_values_below_labels_are_extracted() -> None:
    found = normalized(
        """
Supplier                       Customer
Barlow Systems DAC             Kavanagh Publishing Ltd
27 Harbour Road                Helen Quigley
Galway H91 E2K7                117 Bridge Street
                               Galway H91 E2K7

Invoice #        Date               Please pay by     VAT No.
2024-41064       27 March 2024      11 May 2024       IE6433435F

                        Total net        5,339.68
                        VAT 23 %         1,228.13
                        Total due       €6,567.81
""",
        INVOICE,
    )
    assert found["supplier"] == "Barlow Systems DAC"
    assert found["supplier_address"] == "27 Harbour Road, Galway H91 E2K7"
    assert found["customer"] == "Kavanagh Publishing Ltd"
    assert found["invoice_number"] == "2024-41064"
    assert found["invoice_date"] == "2024-03-27"
    assert found["due_date"] == "2024-05-11"
    assert (found["net_total"], found["tax_total"], found["total"]) == ("5339.68", "1228.13", "6567.81")
    assert found["currency"] == "EUR"


def test_title_line_gives_number_and_date() -> None:
    found = normalized("Handelsrechnung (380) Nr. 471113 vom 13.06.2018\nWährung:   EUR\n", INVOICE)
    assert (found["invoice_number"], found["invoice_date"], found["currency"]) == ("471113", "2018-06-13", "EUR")


def test_title_naming_issuer_before_number_gives_number() -> None:
    found = normalized("Rechnung des Versicherers (575) Nr. 00.123-2018-1 vom 18.04.2018\nWährung:   EUR\n", INVOICE)
    assert (found["invoice_number"], found["invoice_date"]) == ("00.123-2018-1", "2018-04-18")


def test_credit_note_amounts_are_negative() -> None:
    found = normalized(
        "Avoir AV-2017-0005\nDate de facture    16/11/2017\nTotal HT        -218,48 €\nTotal taxes      -14,99 €\n"
        "Total TTC       -233,47 €\n",
        INVOICE,
    )
    assert (found["invoice_number"], found["invoice_date"]) == ("AV-2017-0005", "2017-11-16")
    assert (found["net_total"], found["tax_total"], found["total"]) == ("-218.48", "-14.99", "-233.47")


def test_impossible_date_is_kept_as_printed_without_normalized_value() -> None:
    due = fields_of(GERMAN.replace("04.04.2024", "31.04.2024"), INVOICE)["due_date"]
    assert (due.value, due.normalized) == ("31.04.2024", "")


def test_invalid_iban_is_kept_and_fails_validation() -> None:
    iban = fields_of(GERMAN.replace("0130 00", "0130 01"), INVOICE)["iban"]
    assert iban.normalized == "DE89370400440532013001"
    assert ("iban", False) in [(verdict.code, verdict.ok) for verdict in iban.validations]


def test_field_features_are_complete_and_in_range() -> None:
    for field in fields_of(GERMAN, INVOICE).values():
        assert tuple(field.features) == FEATURE_NAMES
        assert all(-1.0 <= value <= 1.0 for value in field.features.values())
        assert 0.0 <= field.confidence <= 1.0


def test_low_word_confidence_lowers_field_confidence() -> None:
    clear = fields_of(GERMAN, INVOICE, confidence=0.99)["invoice_number"]
    doubtful = fields_of(GERMAN, INVOICE, confidence=0.4)["invoice_number"]
    assert doubtful.confidence < clear.confidence


def test_subtotal_of_one_tax_rate_is_not_total() -> None:
    """The first night's price equals its net and tax, and is by chance the only consistent sum."""
    found = normalized(
        """
Rechnung Nr. 4711 vom 12.03.2024
1   Zimmer, 2 Nächte              85,00      170,00 B
2   Frühstück                      7,00       14,00 A

Gesamtsumme:                                 184,00
Zwischensumme (Netto)                    170,64 EUR
B: 158,88 EUR Netto zzgl. MwSt. 7 %       11,12 EUR
A: 11,76 EUR Netto zzgl. MwSt. 19 %        2,24 EUR
Endbetrag                                184,00 EUR
""",
        INVOICE,
    )
    assert found["total"] == "184.00"
