"""Texts of invoices in six languages with random discounts, charges, taxes and deductions that add up."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from tests.support.amount_texts import CENT, format_amount

HEAD = """
Larkfield Components Ltd
14 Tannery Lane
Norwich NR2 4DA

INVOICE
Bill to                         Invoice number   LC-3402
Quillon Bakeries plc            Invoice date     6 May 2026
2 Mill Street
Leeds LS1 4AP

"""
RATES = (5, 6, 7, 9, 10, 19, 20, 21, 22, 23)


@dataclass(frozen=True, slots=True)
class InvoiceLabels:
    """Labels of one language, each a choice separated by "|"; {r} is a tax rate."""

    heading: str
    net: str
    discount: str
    charge: str
    tax: str
    withholding: str
    paid: str
    total: str
    due: str
    comma: bool = True


LANGUAGES = {
    "English": InvoiceLabels(
        heading="Description            Quantity    Unit price      Amount",
        net="Subtotal|Net total|Total excl. VAT|Net amount|Goods total|Total before tax",
        discount="Discount 5%|Less: loyalty discount|Volume rebate|Promo code SUMMER|Early bird reduction|Coupon",
        charge="Shipping & handling|Freight charges|P&P|Fuel surcharge|Small order fee|WEEE|Environmental levy",
        tax="VAT {r}%|VAT @ {r}%|Plus VAT {r}%|{r}% VAT|Sales tax {r}%|GST {r}%",
        withholding="Withholding tax 15%|CIS deduction 20%|Less retention 5%|WHT 10%",
        paid="Less deposit paid|Deposit received|Amount paid|Advance payment|Down payment|Paid by card",
        total="Total|Total GBP|Grand total|Invoice total",
        due="Balance due|Amount due|Amount payable|Outstanding balance",
        comma=False,
    ),
    "German": InvoiceLabels(
        heading="Bezeichnung               Menge   Einzelpreis      Betrag",
        net="Nettobetrag|Zwischensumme|Summe netto|Warenwert|Positionssumme|Netto",
        discount="Rabatt 5 %|./. Nachlass|Treuerabatt|abzüglich Bonus|Gutschein|abzgl. Skonto 2%",
        charge="Versandkosten|Porto und Verpackung|Fracht|Mindermengenzuschlag|Mautgebühr|Pfand|Anfahrt",
        tax="MwSt {r} %|zzgl. {r} % MwSt.|Umsatzsteuer {r} %|{r} % USt|+ {r}% MwSt",
        withholding="Sicherheitseinbehalt 5 %|abzgl. Bauabzugsteuer 15 %",
        paid="abzgl. Anzahlung|Anzahlung vom 03.02.2026|bereits bezahlt|1. Abschlagsrechnung|Akontozahlung",
        total="Gesamtbetrag|Rechnungsbetrag|Bruttobetrag|Endbetrag",
        due="Zahlbetrag|Noch zu zahlen|Restbetrag|Offener Betrag",
    ),
    "French": InvoiceLabels(
        heading="Désignation            Quantité  Prix unitaire     Montant",
        net="Total HT|Sous-total|Montant HT|Total hors taxes",
        discount="Remise 5 %|Rabais|Ristourne|Escompte 2%|Réduction",
        charge="Frais de port|Emballage|Éco-participation|Participation aux frais d'envoi|Consigne|Livraison",
        tax="TVA {r} %|TVA ({r}%)|T.V.A. {r} %|TVA à {r} %",
        withholding="Retenue de garantie 5 %|Retenue à la source",
        paid="Acompte versé|Acompte du 12/03/2026|Déjà réglé|Arrhes|Règlement reçu",
        total="Total TTC|Montant TTC|Total général",
        due="Net à payer|Reste à payer|Solde à payer",
    ),
    "Italian": InvoiceLabels(
        heading="Descrizione            Quantità        Prezzo      Importo",
        net="Imponibile|Totale imponibile|Subtotale",
        discount="Sconto 5%|Abbuono|Sconto cliente",
        charge="Spese di spedizione|Imballaggio|Contributo CONAI|Cassa previdenza 4%|Imposta di bollo",
        tax="IVA {r}%|I.V.A. {r}%|Imposta IVA {r}%",
        withholding="Ritenuta d'acconto 20%|Rit. acconto",
        paid="Acconto versato|Anticipo|Già pagato",
        total="Totale fattura|Totale documento|Totale",
        due="Netto a pagare|Totale da pagare|Saldo a pagare",
    ),
    "Spanish": InvoiceLabels(
        heading="Descripción            Cantidad        Precio      Importe",
        net="Base imponible|Subtotal|Total neto|Importe neto",
        discount="Descuento 5%|Dto. 5%|Bonificación",
        charge="Gastos de envío|Portes|Recargo de equivalencia 5,2%|Tasa ecológica|Embalaje",
        tax="IVA {r}%|I.V.A. {r}%|Cuota IVA {r}%|IGIC {r}%",
        withholding="Retención IRPF 15%|IRPF -15%",
        paid="Anticipo|A cuenta|Pagado|Señal",
        total="Total factura|Total|Importe total",
        due="Total a pagar|Líquido a percibir|Importe a pagar",
    ),
    "Dutch": InvoiceLabels(
        heading="Omschrijving             Aantal         Prijs      Bedrag",
        net="Subtotaal|Totaal excl. btw|Nettobedrag",
        discount="Korting 5%|Klantkorting",
        charge="Verzendkosten|Brandstoftoeslag|Statiegeld|Milieubijdrage|Administratiekosten",
        tax="BTW {r}%|Btw {r} %|{r}% btw",
        withholding="Inhouding 5%",
        paid="Aanbetaling|Reeds betaald|Voorschot",
        total="Totaal incl. btw|Totaal|Factuurbedrag",
        due="Te betalen|Nog te betalen|Restant te betalen",
    ),
}


@dataclass(frozen=True, slots=True)
class InvoiceText:
    """Text of an invoice and its true amounts; `totals` are what a reader may call its total."""

    text: str
    net: Decimal
    tax: Decimal
    totals: tuple[Decimal, ...]


class InvoiceWriter:
    """Writes one invoice: each step adds a row below the goods and changes the running sum."""

    def __init__(self, language: str, seed: int) -> None:
        self.labels = LANGUAGES[language]
        self._random = Random(f"{language} {seed}")  # noqa: S311 - the same seed gives the same text
        self._minus = self._random.random() < 0.6
        self._rows: list[str] = []
        self.sum = Decimal(0)

    def _row(self, labels: str, amount: Decimal, rate: int = 0) -> None:
        label = self._random.choice(labels.split("|")).format(r=rate)
        self._rows.append(f"{label:<40}{format_amount(amount, comma=self.labels.comma):>14}")

    def _share(self, low: int, high: int) -> Decimal:
        return (self.sum * self._random.randint(low, high) / 100).quantize(CENT)

    def goods(self) -> None:
        """Write one to four lines of goods."""
        self._rows.append(self.labels.heading)
        for name in "ABCD"[: self._random.randint(1, 4)]:
            quantity, price = self._random.randint(1, 40), Decimal(self._random.randint(150, 20000)) / 100
            self.sum += quantity * price
            shown = [format_amount(each, comma=self.labels.comma) for each in (price, quantity * price)]
            self._rows.append(f"{'Widget ' + name:<22}{quantity:>9}{shown[0]:>14}{shown[1]:>12}")

    def deduct(self, labels: str, low: int, high: int) -> None:
        """Write a deduction of a share of the sum, with or without its sign."""
        amount = self._share(low, high)
        self.sum -= amount
        self._row(labels, -amount if self._minus else amount)

    def charge(self) -> None:
        """Write a charge."""
        amount = Decimal(self._random.randint(100, 5000)) / 100
        self.sum += amount
        self._row(self.labels.charge, amount)

    def taxes(self) -> Decimal:
        """Write the tax of one rate, or those of two, and return their sum."""
        rates = self._random.sample(RATES, self._random.choice((1, 1, 2)))
        first = self._share(20, 80) if len(rates) > 1 else self.sum
        bases = (first, self.sum - first)
        label = self._random.choice(self.labels.tax.split("|"))
        taxes = [(rate, (base * rate / 100).quantize(CENT)) for rate, base in zip(rates, bases, strict=False)]
        for rate, tax in taxes:
            self._row(label, tax, rate)
        self.sum += sum((tax for _, tax in taxes), Decimal(0))
        return sum((tax for _, tax in taxes), Decimal(0))

    def total(self, labels: str) -> Decimal:
        """Write the sum."""
        self._row(labels, self.sum)
        return self.sum

    def chance(self, share: float) -> bool:
        """Return true in this share of all cases."""
        return self._random.random() < share

    @property
    def text(self) -> str:
        """Text of the whole invoice."""
        return HEAD + "\n".join(self._rows) + "\n"


def write_invoice(language: str, seed: int) -> InvoiceText:
    """Write an invoice whose sums are right."""
    writer = InvoiceWriter(language, seed)
    writer.goods()
    net = writer.total(writer.labels.net)
    if writer.chance(0.5):
        writer.deduct(writer.labels.discount, 1, 10)
    for share in (0.7, 0.3):
        if writer.chance(share):
            writer.charge()
    tax = writer.taxes()
    if writer.chance(0.2):
        writer.deduct(writer.labels.withholding, 5, 15)
    totals = [writer.total(writer.labels.total)] if writer.chance(0.6) else []
    if not totals or writer.chance(0.4):
        writer.deduct(writer.labels.paid, 10, 60)
        totals.append(writer.total(writer.labels.due))
    return InvoiceText(writer.text, net, tax, tuple(totals))
