"""The words and the manner in which an e-invoice without a page is drawn: those of its seller's country."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ingestion.domain.einvoice.model import EInvoice

_GERMAN = frozenset({"DE", "AT", "CH", "LI"})
_FRENCH = frozenset({"FR", "BE", "LU", "MC"})


@dataclass(frozen=True, slots=True)
class Manner:
    """How one language writes an invoice: `words` by the names that drawing.py uses."""

    words: Mapping[str, str]
    amount: Callable[[Decimal], str]
    day: Callable[[date], str]


def manner_of(invoice: EInvoice) -> Manner:
    """Choose by the seller's country; English where it is none of those spoken here."""
    if invoice.seller.country in _GERMAN:
        return GERMAN
    return FRENCH if invoice.seller.country in _FRENCH else ENGLISH


def _written(amount: Decimal, group: str, point: str) -> str:
    """Write an amount with two decimals, or with as many as it has when they are more."""
    exponent = amount.as_tuple().exponent
    digits = max(2, min(-exponent, 6)) if isinstance(exponent, int) else 2
    return f"{amount:,.{digits}f}".replace(",", "\0").replace(".", point).replace("\0", group)


def _german(amount: Decimal) -> str:
    return _written(amount, ".", ",")


def _french(amount: Decimal) -> str:
    return _written(amount, "\N{NO-BREAK SPACE}", ",")


def _english(amount: Decimal) -> str:
    return _written(amount, ",", ".")


GERMAN = Manner(
    {
        "invoice": "Rechnung",
        "credit": "Gutschrift",
        "notice": "Aus den Daten der E-Rechnung gezeichnet",
        "seller": "Verkäufer",
        "buyer": "Rechnungsempfänger",
        "number": "Rechnungsnummer",
        "issued": "Rechnungsdatum",
        "due": "Fällig am",
        "delivered": "Lieferdatum",
        "currency": "Währung",
        "vat_id": "USt-IdNr.",
        "tax_number": "Steuernummer",
        "preceding": "Zu Rechnung",
        "position": "Pos.",
        "name": "Bezeichnung",
        "quantity": "Menge",
        "price": "Einzelpreis",
        "rate": "USt.",
        "net": "Betrag",
        "lines": "Summe der Positionen",
        "allowance": "Abzug",
        "charge": "Zuschlag",
        "net_total": "Nettobetrag",
        "tax": "Umsatzsteuer",
        "tax_total": "Umsatzsteuer gesamt",
        "gross": "Gesamtbetrag",
        "prepaid": "Bereits gezahlt",
        "rounding": "Rundung",
        "payable": "Zahlbetrag",
        "iban": "IBAN",
        "bic": "BIC",
        "reference": "Verwendungszweck",
    },
    _german,
    lambda day: f"{day:%d.%m.%Y}",
)
FRENCH = Manner(
    {
        "invoice": "Facture",
        "credit": "Avoir",
        "notice": "Dessiné d'après les données de la facture électronique",
        "seller": "Vendeur",
        "buyer": "Client",
        "number": "Numéro de facture",
        "issued": "Date de facture",
        "due": "Date d'échéance",
        "delivered": "Date de livraison",
        "currency": "Devise",
        "vat_id": "N° TVA",
        "tax_number": "Numéro fiscal",
        "preceding": "Facture d'origine",
        "position": "N°",
        "name": "Désignation",
        "quantity": "Quantité",
        "price": "Prix unitaire",
        "rate": "TVA",
        "net": "Montant HT",
        "lines": "Total des lignes",
        "allowance": "Remise",
        "charge": "Frais",
        "net_total": "Total HT",
        "tax": "TVA",
        "tax_total": "Total TVA",
        "gross": "Total TTC",
        "prepaid": "Déjà payé",
        "rounding": "Arrondi",
        "payable": "Net à payer",
        "iban": "IBAN",
        "bic": "BIC",
        "reference": "Référence de paiement",
    },
    _french,
    lambda day: f"{day:%d/%m/%Y}",
)
ENGLISH = Manner(
    {
        "invoice": "Invoice",
        "credit": "Credit note",
        "notice": "Drawn from the data of the e-invoice",
        "seller": "Seller",
        "buyer": "Bill to",
        "number": "Invoice number",
        "issued": "Invoice date",
        "due": "Due date",
        "delivered": "Delivery date",
        "currency": "Currency",
        "vat_id": "VAT ID",
        "tax_number": "Tax number",
        "preceding": "For invoice",
        "position": "No.",
        "name": "Description",
        "quantity": "Quantity",
        "price": "Unit price",
        "rate": "VAT",
        "net": "Amount",
        "lines": "Sum of lines",
        "allowance": "Allowance",
        "charge": "Charge",
        "net_total": "Net total",
        "tax": "VAT",
        "tax_total": "Total VAT",
        "gross": "Total",
        "prepaid": "Paid before",
        "rounding": "Rounding",
        "payable": "Amount due",
        "iban": "IBAN",
        "bic": "BIC",
        "reference": "Payment reference",
    },
    _english,
    lambda day: day.isoformat(),
)
