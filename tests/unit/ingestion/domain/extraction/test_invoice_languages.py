"""Invoices in further languages: they are recognised as such, and their fields are found by their labels."""

import pytest

from ingestion.domain.extraction.classification import classify
from ingestion.domain.layout.text_rows import build_document_rows
from ingestion.domain.schemas import BUILT_IN_SCHEMAS, INVOICE
from tests.support.text_pages import normalized, page_from_text

FIELDS = (
    "supplier",
    "customer",
    "invoice_number",
    "invoice_date",
    "due_date",
    "net_total",
    "tax_total",
    "total",
    "vat_id",
)
INVOICES = {
    "Spanish": (
        """
Ines Calderon Diseño SL
Calle del Olmo 5
28012 Madrid
NIF: B58378431

FACTURA
Facturar a:                      Número de factura  26-014
Editorial Faro SL                Fecha de factura   14/05/2026
Avenida Sur 40                   Vencimiento        14/06/2026
41013 Sevilla

Concepto               Cantidad        Precio      Importe
Portadas                      2        500,00    1.000,00
Base imponible                                   1.000,00
IVA 21%                                            210,00
Retención IRPF 15%                                -150,00
Total a pagar                                1.060,00 EUR
""",
        (
            "Ines Calderon Diseño SL",
            "Editorial Faro SL",
            "26-014",
            "2026-05-14",
            "2026-06-14",
            "1000.00",
            "210.00",
            "1060.00",
            "B58378431",
        ),
    ),
    "Italian": (
        """
Officina Rossi S.r.l.
Via Roma 12
20121 Milano
P.IVA IT00743110157

FATTURA n. 12/2026 del 12/05/2026
Spett.le
Panificio Bianchi SNC
Corso Italia 5
10121 Torino

Descrizione            Quantità        Prezzo      Importo
Riparazione                   2        500,00    1.000,00
Imponibile                                       1.000,00
IVA 22%                                            220,00
Totale documento                             1.220,00 EUR
Scadenza 12/06/2026
""",
        (
            "Officina Rossi S.r.l.",
            "Panificio Bianchi SNC",
            "12/2026",
            "2026-05-12",
            "2026-06-12",
            "1000.00",
            "220.00",
            "1220.00",
            "IT00743110157",
        ),
    ),
    "Dutch": (
        """
Molenaar Machines BV
Havenstraat 3
3011 AB Rotterdam
BTW-nummer NL004495445B01

FACTUUR
Factuur aan                      Factuurnummer   2026-77
Bakkerij Jansen                  Factuurdatum    12-05-2026
Dorpsweg 9                       Vervaldatum     11-06-2026
1234 AB Utrecht

Omschrijving             Aantal         Prijs      Bedrag
Onderhoud                     2        500,00    1.000,00
Subtotaal                                        1.000,00
BTW 21%                                            210,00
Te betalen                                   1.210,00 EUR
""",
        (
            "Molenaar Machines BV",
            "Bakkerij Jansen",
            "2026-77",
            "2026-05-12",
            "2026-06-11",
            "1000.00",
            "210.00",
            "1210.00",
            "NL004495445B01",
        ),
    ),
    "Norwegian": (
        """
Fjord Teknikk AS
Havnegata 3
5003 Bergen
Org.nr NO 923 609 016 MVA

FAKTURA
Faktureres til                   Fakturanummer   4711
Nordlys AS                       Fakturadato     12.05.2026
Storgata 1                       Forfallsdato    26.05.2026
9008 Tromsø

Beskrivelse              Antall          Pris       Beløp
Service                       2        500,00    1.000,00
Netto beløp                                      1.000,00
MVA 25%                                            250,00
Å betale                                     1.250,00 NOK
""",
        (
            "Fjord Teknikk AS",
            "Nordlys AS",
            "4711",
            "2026-05-12",
            "2026-05-26",
            "1000.00",
            "250.00",
            "1250.00",
            "NO923609016MVA",
        ),
    ),
    "Portuguese": (
        """
Casa Nova Lda
Rua do Sol 5
1200-001 Lisboa
NIF: 501964843

FATURA
Faturado a                       Fatura n.º  FT 2026/7
Padaria Lua                      Data de emissão 12/05/2026
Rua do Mar 1                     Data de vencimento 11/06/2026

Descrição            Quantidade        Preço       Valor
Serviço                       2        500,00    1.000,00
Total ilíquido                                   1.000,00
IVA 23%                                            230,00
Total a pagar                                1.230,00 EUR
""",
        (
            "Casa Nova Lda",
            "Padaria Lua",
            "2026/7",
            "2026-05-12",
            "2026-06-11",
            "1000.00",
            "230.00",
            "1230.00",
            "501964843",
        ),
    ),
}


@pytest.mark.parametrize("language", INVOICES)
def test_invoice_of_language_is_classified_and_read(language: str) -> None:
    text, values = INVOICES[language]
    assert classify(build_document_rows([page_from_text(text)]), BUILT_IN_SCHEMAS).key == "invoice"
    found = normalized(text, INVOICE)
    assert tuple(found[name] for name in FIELDS) == values
