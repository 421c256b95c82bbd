"""Labels and number formats for rendering an e-invoice without a page, in the language of the seller's country."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ingestion.domain.einvoice.model import EInvoice

_GERMAN = frozenset({"DE", "AT", "CH", "LI"})
_FRENCH = frozenset({"FR", "BE", "LU", "MC"})


@dataclass(frozen=True, slots=True)
class InvoiceLocale:
    """Invoice conventions of one language: `labels` by the names that rendering.py uses."""

    labels: Mapping[str, str]
    format_amount: Callable[[Decimal], str]
    format_date: Callable[[date], str]


def locale_of(invoice: EInvoice) -> InvoiceLocale:
    """Choose by the seller's country; English if its language is not supported."""
    if invoice.seller.country in _GERMAN:
        return GERMAN
    return FRENCH if invoice.seller.country in _FRENCH else ENGLISH


def _format_amount(amount: Decimal, group: str, point: str) -> str:
    """Format an amount with two decimals, or with as many as it has if they are more."""
    exponent = amount.as_tuple().exponent
    digits = max(2, min(-exponent, 6)) if isinstance(exponent, int) else 2
    return f"{amount:,.{digits}f}".replace(",", "\0").replace(".", point).replace("\0", group)


def _german(amount: Decimal) -> str:
    return _format_amount(amount, ".", ",")


def _french(amount: Decimal) -> str:
    return _format_amount(amount, "\N{NO-BREAK SPACE}", ",")


def _english(amount: Decimal) -> str:
    return _format_amount(amount, ",", ".")


_LABELS = """
invoice    | Rechnung             | Facture               | Invoice
credit     | Gutschrift           | Avoir                 | Credit note
seller     | Verkäufer            | Vendeur               | Seller
buyer      | Rechnungsempfänger   | Client                | Bill to
number     | Rechnungsnummer      | Numéro de facture     | Invoice number
issued     | Rechnungsdatum       | Date de facture       | Invoice date
due        | Fällig am            | Date d'échéance       | Due date
delivered  | Lieferdatum          | Date de livraison     | Delivery date
currency   | Währung              | Devise                | Currency
vat_id     | USt-IdNr.            | N° TVA                | VAT ID
tax_number | Steuernummer         | Numéro fiscal         | Tax number
preceding  | Zu Rechnung          | Facture d'origine     | For invoice
position   | Pos.                 | N°                    | No.
name       | Bezeichnung          | Désignation           | Description
quantity   | Menge                | Quantité              | Quantity
price      | Einzelpreis          | Prix unitaire         | Unit price
rate       | USt.                 | TVA                   | VAT
net        | Betrag               | Montant HT            | Amount
lines      | Summe der Positionen | Total des lignes      | Sum of lines
allowance  | Abzug                | Remise                | Allowance
charge     | Zuschlag             | Frais                 | Charge
net_total  | Nettobetrag          | Total HT              | Net total
tax        | Umsatzsteuer         | TVA                   | VAT
tax_total  | Umsatzsteuer gesamt  | Total TVA             | Total VAT
gross      | Gesamtbetrag         | Total TTC             | Total
prepaid    | Bereits gezahlt      | Déjà payé             | Paid before
rounding   | Rundung              | Arrondi               | Rounding
payable    | Zahlbetrag           | Net à payer           | Amount due
iban       | IBAN                 | IBAN                  | IBAN
bic        | BIC                  | BIC                   | BIC
reference  | Verwendungszweck     | Référence de paiement | Payment reference
"""


def _labels(column: int, notice: str) -> dict[str, str]:
    rows = ([cell.strip() for cell in row.split("|")] for row in _LABELS.strip().splitlines())
    return {"notice": notice, **{cells[0]: cells[column] for cells in rows}}


GERMAN = InvoiceLocale(_labels(1, "Aus den Daten der E-Rechnung gezeichnet"), _german, lambda day: f"{day:%d.%m.%Y}")
FRENCH = InvoiceLocale(
    _labels(2, "Dessiné d'après les données de la facture électronique"), _french, lambda day: f"{day:%d/%m/%Y}"
)
ENGLISH = InvoiceLocale(_labels(3, "Drawn from the data of the e-invoice"), _english, lambda day: day.isoformat())
