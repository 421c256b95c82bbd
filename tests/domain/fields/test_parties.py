"""Parties in the layouts of letters and forms: windows, columns with headings, values of two lines."""

from ingestion.domain.schemas import INVOICE
from tests.domain.fields.drawing import normalized


def test_a_blank_line_above_the_town_ends_no_address() -> None:
    """As letters in windows have been written for long."""
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


def test_headings_of_columns_are_nobody_s_name() -> None:
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


def test_a_sentence_addresses_nobody() -> None:
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


def test_a_name_in_two_lines_beside_its_label() -> None:
    """The label stands beside either of them."""
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


def test_a_letterhead_of_two_lines_ends_in_its_legal_form() -> None:
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
    assert (found["supplier"], found["customer"]) == (
        "BVM Brückner Versicherungsverein Leipzig a.G.",
        "Renate Weidner",
    )


def test_who_is_greeted_is_whom_it_goes_to() -> None:
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


def test_nobody_lives_at_another_s_address() -> None:
    """The sender's own stands in no block that can be read: better none than the wrong one."""
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
