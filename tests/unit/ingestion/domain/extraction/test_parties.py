"""Parties in the layouts of letters and forms: address windows, columns with headings, two-line values."""

from ingestion.domain.schemas import INVOICE
from tests.support.text_pages import normalized


def test_address_continues_over_blank_line_above_town() -> None:
    """Older letters for window envelopes have such a blank line."""
    found = normalized(
        """
   Weidner Druck GmbH · Am Hang 8 · 70182 Stuttgart
   Renate Brückner                                       Telefon 0711 1234567

   Lindenallee 14

   04109 Leipzig



Rechnung Nr. 2024-118 vom 05.03.2024
Rechnungsbetrag                 119,00 EUR
""",
        INVOICE,
    )
    assert (found["supplier"], found["customer"]) == ("Weidner Druck GmbH", "Renate Brückner")


def test_column_headings_are_not_party_names() -> None:
    found = normalized(
        """
Lieferant                Käufer                   RECHNUNGS-KORREKTUR
GLN 4300001000003        GLN 4300002000002
Weidner Druck GmbH       Brückner Verlag KG       Beleg-Nr    : 4711
Am Hang 8                Lindenallee 14           Beleg-Datum : 05.03.2024
70182 Stuttgart          04109 Leipzig
""",
        INVOICE,
    )
    assert (found["supplier"], found["customer"]) == ("Weidner Druck GmbH", "Brückner Verlag KG")


def test_sentence_is_not_a_customer() -> None:
    found = normalized(
        """
Weidner Print Ltd
27 Harbour Road
Galway H91 E2K7

Invoice no. 4711    Invoice date 5 March 2024

Invoice to pay by wire transfer to the account below
Estonian tax rules apply
Total due           EUR 119.00
""",
        INVOICE,
    )
    assert found["customer"] == ""


def test_two_line_name_beside_label_is_complete() -> None:
    """The label can be next to either line."""
    found = normalized(
        """
Rechnung Nr. 4711 vom 05.03.2024

Verkäufer
                         Weidner Druck und
Name:                    Verlag Aktiengesellschaft
Anschrift:               Am Hang 8

Käufer
Name:                    Brückner Fachbuch
                         Handelsgesellschaft mbH
Anschrift:               Lindenallee 14
""",
        INVOICE,
    )
    assert found["supplier"] == "Weidner Druck und Verlag Aktiengesellschaft"
    assert found["customer"] == "Brückner Fachbuch Handelsgesellschaft mbH"


def test_two_line_letterhead_ends_with_legal_form() -> None:
    found = normalized(
        """
BVM Brückner
Versicherungsverein Leipzig a.G.

Renate Weidner
Lindenallee 14
04109 Leipzig



Beitragsrechnung Nr. 4711 vom 05.03.2024
""",
        INVOICE,
    )
    assert (found["supplier"], found["customer"]) == ("BVM Brückner Versicherungsverein Leipzig a.G.", "Renate Weidner")


def test_greeted_person_is_the_customer() -> None:
    found = normalized(
        """
Frau
Renate Weidner
Lindenallee 14
04109 Leipzig


Brückner Beratung
Am Hang 8
70182 Stuttgart


Rechnung Nr. 4711 vom 05.03.2024
""",
        INVOICE,
    )
    assert (found["supplier"], found["customer"]) == ("Brückner Beratung", "Renate Weidner")


def test_unreadable_sender_does_not_take_customer_address() -> None:
    """The sender's address is unreadable: an empty field is better than a wrong one."""
    found = normalized(
        """
Ms
Renate Weidner
Lindenallee 14
04109 Leipzig

                                             Brückner Beratung AG
                                                Postfach, Leipzig

Bill no. 4711
Date: 05.03.2024
""",
        INVOICE,
    )
    assert (found["customer"], found["supplier_address"]) == ("Renate Weidner", "")


LETTERHEAD = """
Larkfield Components Ltd, 14 Tannery Lane, Norwich NR2 4DA

"""
BILL = """
INVOICE
Invoice number: LC-3702
Invoice date: 23 May 2026
Bill to: Quillon Bakeries plc
Subtotal: 70.00
Total GBP: 84.00
"""


def test_billed_party_beside_label_is_never_the_supplier() -> None:
    found = normalized(LETTERHEAD + BILL, INVOICE)
    assert (found["supplier"], found["customer"]) == ("Larkfield Components Ltd", "Quillon Bakeries plc")
    assert (normalized(BILL, INVOICE)["supplier"], normalized(BILL, INVOICE)["customer"]) == (
        "",
        "Quillon Bakeries plc",
    )


def test_supplier_at_the_foot_is_found_where_title_and_customer_are_at_the_top() -> None:
    found = normalized(
        """
RECHNUNG
Rechnung an                     Rechnungsnummer  2026-0091
Hofladen Seebrück e.K.          Rechnungsdatum   12.05.2026
Dorfplatz 3
83358 Seeon

Gesamtbetrag                     119,00 EUR



Birkenau Feinmechanik GmbH · Lindenstraße 12 · 60594 Frankfurt am Main · USt-IdNr. DE136695976
""",
        INVOICE,
    )
    assert (found["supplier"], found["customer"]) == ("Birkenau Feinmechanik GmbH", "Hofladen Seebrück e.K.")


def test_supplier_beside_block_of_customer_is_not_taken_for_it() -> None:
    found = normalized(
        """
Bill to:                                   Larkfield Components Ltd
Quillon Bakeries plc                       14 Tannery Lane
2 Mill Street                              Norwich NR2 4DA
Leeds LS1 4AP
INVOICE LC-3402
Total GBP     84.00
""",
        INVOICE,
    )
    assert (found["supplier"], found["customer"]) == ("Larkfield Components Ltd", "Quillon Bakeries plc")


def test_billed_party_precedes_delivery_address() -> None:
    found = normalized(
        """
Larkfield Components Ltd
14 Tannery Lane, Norwich NR2 4DA

Ship to                         Bill to
Quillon Warehouse Ltd           Quillon Bakeries plc
7 Dock Road                     2 Mill Street
Hull HU1 2AB                    Leeds LS1 4AP

INVOICE                                        LC-3402
Total GBP     84.00
""",
        INVOICE,
    )
    assert (found["supplier"], found["customer"]) == ("Larkfield Components Ltd", "Quillon Bakeries plc")


def test_title_above_name_is_no_part_of_it() -> None:
    found = normalized(
        """
FACTURE
Atelier Rosemonde SARL
8 rue des Tanneurs
69005 Lyon

Facturé à :
Librairie du Canal
21 quai Jules
31000 Toulouse
Total TTC   345,50 EUR
""",
        INVOICE,
    )
    assert (found["supplier"], found["customer"]) == ("Atelier Rosemonde SARL", "Librairie du Canal")


def test_address_below_name_beside_label_is_not_the_suppliers() -> None:
    found = normalized(
        """
SALES INVOICE

Larkfield Components Ltd
Invoice To: Quillon Bakeries plc
            2 Mill Street
            Leeds LS1 4AP
Deliver To: Quillon Depot
            7 Dock Road
            Hull HU1 2AB
Total GBP     84.00
""",
        INVOICE,
    )
    assert (found["supplier"], found["customer"]) == ("Larkfield Components Ltd", "Quillon Bakeries plc")
    assert found["supplier_address"] == ""


def test_billing_address_precedes_delivery_address_in_columns() -> None:
    found = normalized(
        """
RECHNUNG

Lieferadresse                   Rechnungsadresse
Hofladen Lager GmbH             Hofladen Seebrück e.K.
Am Hafen 1                      Dorfplatz 3
83358 Seeon                     83358 Seeon

Birkenau Feinmechanik GmbH, Lindenstraße 12, 60594 Frankfurt am Main
Rechnungsnummer 2026-1      Rechnungsdatum 12.05.2026
Gesamtbetrag  119,00 EUR
""",
        INVOICE,
    )
    assert (found["supplier"], found["customer"]) == ("Birkenau Feinmechanik GmbH", "Hofladen Seebrück e.K.")
