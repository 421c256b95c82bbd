"""A till receipt as data: prices including tax (excluding it in the United States), and the payment."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from samples.content.printed import Facts, draw_date_style, plain_value, printed_date, printed_money, round_to_cents
from samples.numbers.vat import make_vat_id, printed_vat_id
from samples.seeds import random_digits
from samples.words.people import given_name, sex
from samples.words.places import LANGUAGES, Address, make_address, make_phone
from samples.words.shops import ShopItem, draw_shop

COUNTRIES = ("GB", "DE", "FR", "US", "MY")
_RATES = {"GB": ("20", "0"), "DE": ("19", "7"), "FR": ("20", "5.5"), "US": ("8.25", "8.25"), "MY": ("6", "6")}
_EARLIEST = date(2023, 1, 3)
_FIVE_CENTS = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class ReceiptItem:
    """Line of the receipt; `price` is per unit, `rate` the tax in percent."""

    name: str
    quantity: int
    price: Decimal
    rate: Decimal

    @property
    def amount(self) -> Decimal:
        """Return quantity times price."""
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class Receipt:
    """Complete receipt; `given` is the cash received, None if paid by card."""

    country: str
    language: str
    company: str
    address: Address
    phone: str
    tax_id: str
    day: date
    time: str
    style: str
    number: str
    till: str
    cashier: str
    items: tuple[ReceiptItem, ...]
    cash_given: Decimal | None
    card: str
    thanks: tuple[str, ...]

    @property
    def subtotal(self) -> Decimal:
        """Return the sum of the items at their marked prices."""
        return sum((item.amount for item in self.items), Decimal())

    @property
    def taxes(self) -> tuple[tuple[Decimal, Decimal, Decimal], ...]:
        """Return rate, net and tax of each rate."""
        rates = sorted({item.rate for item in self.items}, reverse=True)
        return tuple(self._tax(rate) for rate in rates)

    def _tax(self, rate: Decimal) -> tuple[Decimal, Decimal, Decimal]:
        gross = sum((item.amount for item in self.items if item.rate == rate), Decimal())
        if self.country == "US":
            return rate, gross, round_to_cents(gross * rate / 100)
        net = round_to_cents(gross / (1 + rate / 100))
        return rate, net, gross - net

    @property
    def rounding(self) -> Decimal:
        """Return the amount added by Malaysian cash rounding to five sen."""
        if self.country != "MY":
            return Decimal()
        return (self.subtotal / _FIVE_CENTS).quantize(Decimal(1)) * _FIVE_CENTS - self.subtotal

    @property
    def total(self) -> Decimal:
        """Return the amount to pay."""
        on_top = sum((tax for _, _, tax in self.taxes), Decimal()) if self.country == "US" else Decimal()
        return self.subtotal + on_top + self.rounding


def _item(rng: Random, ware: ShopItem, country: str) -> ReceiptItem:
    price = Decimal(str(round(rng.uniform(ware.low, ware.high), 1))) + rng.choice(
        (Decimal("-0.01"), Decimal("0.05"), Decimal(0))
    )
    full, reduced = _RATES[country]
    quantity = rng.choices((1, 2, 3, 4), (70, 20, 7, 3))[0]
    return ReceiptItem(ware.name, quantity, round_to_cents(price), Decimal(reduced if ware.reduced_tax else full))


def _tax_id(rng: Random, country: str) -> str:
    if country == "US":
        return ""
    if country == "MY":
        return f"GST ID: 00{random_digits(rng, 10)}"
    label = {"GB": "VAT No", "DE": "USt-IdNr.", "FR": "TVA"}[country]
    return f"{label} {printed_vat_id(make_vat_id(rng, country))}"


def _cash(rng: Random, total: Decimal) -> Decimal | None:
    if rng.random() < 0.45:
        return None
    for note in (5, 10, 20, 50, 100, 200):
        if total <= note:
            return Decimal(note)
    return (total // 50 + 1) * 50


def make_receipt(rng: Random, country: str | None = None) -> Receipt:
    """Generate a receipt; the country is random by default."""
    country = country or rng.choice(COUNTRIES)
    company, shop = draw_shop(rng, country)
    day = _EARLIEST + timedelta(days=rng.randrange(900))
    language = LANGUAGES[country]
    wares = rng.sample(shop.wares, rng.randint(3, min(9, len(shop.wares))))
    receipt = Receipt(
        country=country,
        language=language,
        company=company,
        address=make_address(rng, country),
        phone=make_phone(rng, country),
        tax_id=_tax_id(rng, country),
        day=day,
        time=f"{rng.randint(8, 21):02d}:{rng.randint(0, 59):02d}",
        style=draw_date_style(rng, country, (day,)),
        number=f"{rng.randint(1, 9999):06d}",
        till=f"{rng.randint(1, 9):02d}",
        cashier=given_name(rng, language, sex(rng)),
        items=tuple(_item(rng, ware, country) for ware in wares),
        cash_given=None,
        card=f"{rng.choice(('VISA', 'MASTERCARD', 'MAESTRO'))} ************{rng.randint(1000, 9999)}",
        thanks=shop.thanks,
    )
    return replace(receipt, cash_given=_cash(rng, receipt.total))


def receipt_facts(receipt: Receipt) -> Facts:
    """Return the schema's fields as this receipt prints them."""
    return {
        "company": plain_value(receipt.company),
        "address": plain_value(receipt.address.joined),
        "date": printed_date(receipt.day, receipt.style, receipt.language),
        "total": printed_money(receipt.total, receipt.country),
    }
