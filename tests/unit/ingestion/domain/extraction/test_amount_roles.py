"""Labels of amounts: the part that each plays in a total, in several languages."""

import pytest

from ingestion.domain.extraction.amount_roles import AmountRole, read_amount_label
from ingestion.domain.normalize import fold

LABELS = {
    AmountRole.SUM: (
        "Subtotal|Total GBP|Zwischensumme netto|Nettobetrag|Balance due|Net à payer|Total TTC|Imponibile|"
        "Totale documento|Base imponible|Te betalen|Total after discount|Total incl. VAT|Total charges|"
        "Summe netto|Noch zu zahlen"
    ),
    AmountRole.CARRIED: (
        "Carried forward|Subtotal of page 1|Übertrag|À reporter|Report|A riportare|Riporto|Suma y sigue|Seitensumme"
    ),
    AmountRole.TAX: (
        "VAT 20%|zzgl. 19 % USt. auf 473,00|TVA 5,5 %|IVA 22%|BTW 21%|MwSt 8.1%|CGST 9%|Sales Tax (8.25%)|Steuerbetrag|"
        "Gesamtumsatzsteuer|Total TVA|Summe USt|MVA 25%|Add: CGST @ 9%"
    ),
    AmountRole.DISCOUNT: (
        "Discount 10%|Less trade discount|./. Rabatt 10 %|abzgl. Gutschein|Remise 5 %|Sconto|Dto. 5%|Korting|"
        "Total discount|Rabattbetrag|Preisnachlass"
    ),
    AmountRole.CHARGE: (
        "Shipping|Fuel surcharge|Service charge 12.5%|Versandkosten|Verpackung|Frais de port|Éco-participation|"
        "Spese di spedizione|Imposta di bollo|Cassa previdenza 4%|Recargo de equivalencia 5,2%|Verzendkosten|"
        "Statiegeld|Tip|Mindermengenzuschlag|Add: Freight|Courier charges"
    ),
    AmountRole.WITHHOLDING: (
        "Withholding tax 15%|Retención IRPF 15%|Ritenuta d'acconto 20%|Less retention 5%|Sicherheitseinbehalt|TDS 10%|"
        "Retenue de garantie 5 %"
    ),
    AmountRole.PREPAID: (
        "Less deposit paid|Amount paid|abzgl. Anzahlung vom 12.03.2026|Bereits gezahlt|Acompte versé|Anticipo|"
        "Aanbetaling|Acconto|Záloha"
    ),
    AmountRole.DEPOSIT: "Deposit|Kaution",
    AmountRole.ROUNDING: "Rounding|Rundungsdifferenz|Arrondi|Øresavrunding|Afronding",
    AmountRole.TERMS: "Skonto 2 %|Early payment discount|You saved|Escompte 2 %",
    AmountRole.BALANCE: "Previous balance|Saldo anterior",
}
NO_LABELS = (
    "Gear blanks|Tax advisory services|Net curtain|Credit card|Steuernummer 12/345|USt-IdNr. DE136695976|Teil 24|IBAN|"
    "Datum|Grand piano tuning"
)


@pytest.mark.parametrize(
    ("label", "role"), [(label, role) for role, labels in LABELS.items() for label in labels.split("|")]
)
def test_read_amount_label_known_words_give_role(label: str, role: AmountRole) -> None:
    found = read_amount_label(fold(label))
    assert found is not None
    assert found.role is role


@pytest.mark.parametrize("label", NO_LABELS.split("|"))
def test_read_amount_label_of_goods_gives_none(label: str) -> None:
    assert read_amount_label(fold(label)) is None


@pytest.mark.parametrize(
    ("label", "included", "less", "total"),
    [
        ("incl. VAT 20%", True, False, False),
        ("dont TVA 20 %", True, False, False),
        ("VAT included", True, False, False),
        ("Enthält 16,34 % Versicherungssteuer =", True, False, False),
        ("TVA 21 % (base 608,49)", False, False, False),
        ("VAT 20%", False, False, False),
        ("Less deposit", False, True, False),
        ("./. Rabatt", False, True, False),
        ("Total VAT", False, False, True),
        ("Umsatzsteuer gesamt", False, False, True),
        ("VAT total", False, False, True),
        ("Steuerbetrag 7 %", False, False, False),
    ],
)
def test_read_amount_label_says_how_amount_counts(label: str, *, included: bool, less: bool, total: bool) -> None:
    found = read_amount_label(fold(label))
    assert found is not None
    assert (found.included, found.less, found.total) == (included, less, total)
